import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { nearest } from '../frame/nearest.ts';
import type { Schema } from './crds.ts';
import { apiError, type Finding, type Path } from './findings.ts';

const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });

/** Without what JSON Schema does not know, and without status: the API server drops what a file says there. */
const forAjv = (schema: Schema): object => {
  const { properties, items, ...rest } = schema;
  const known = Object.entries(rest).filter(
    ([keyword]) => !keyword.startsWith('x-kubernetes') && keyword !== 'default',
  );
  const inner = Object.entries(properties ?? {}).filter(([name]) => name !== 'status' && name !== 'metadata');
  return {
    ...Object.fromEntries(known),
    ...(properties && { properties: Object.fromEntries(inner.map(([name, child]) => [name, forAjv(child)])) }),
    ...(items && { items: forAjv(items) }),
  };
};

const validators = new WeakMap<Schema, ValidateFunction>();

const validatorOf = (schema: Schema): ValidateFunction => {
  const validator = validators.get(schema) ?? ajv.compile(forAjv(schema));
  validators.set(schema, validator);
  return validator;
};

const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((inner, part) => (inner as Readonly<Record<string | number, unknown>> | null)?.[part], value);

const typeOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a map' : typeof value;

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
};

const wrongType = (wanted: string, value: unknown): string => {
  const said = `must be ${typeNames[wanted] ?? wanted}, and is ${typeOf(value)}`;
  if (wanted !== 'string' || typeof value === 'object') return said;
  return `${said}: write it in quotes`;
};

const enumMessage = (allowed: readonly unknown[], value: unknown): string => {
  const names = allowed.map(String);
  const near = typeof value === 'string' ? nearest(value, names, 1) : [];
  // YAML 1.1 reads off, no and false alike
  const hint =
    near.length > 0 ? `; is ${near.join()} meant?` : typeof value === 'boolean' ? '; write it in quotes' : '';
  return `${JSON.stringify(value)} is not allowed here: ${names.join(', ')}${hint}`;
};

const messageOf = ({ keyword, params, message = '' }: ErrorObject, value: unknown): string => {
  const limit = (params as { readonly limit?: number }).limit ?? 0;
  switch (keyword) {
    case 'type':
      return wrongType((params as { readonly type: string }).type, value);
    case 'enum':
      return enumMessage((params as { readonly allowedValues: readonly unknown[] }).allowedValues, value);
    case 'required':
      return `the field ${(params as { readonly missingProperty: string }).missingProperty} is missing`;
    case 'minimum':
      return `is ${String(value)}, and must be at least ${limit}`;
    case 'maximum':
      return `is ${String(value)}, and must be at most ${limit}`;
    case 'minLength':
      return `must be at least ${limit} characters long`;
    case 'maxLength':
      return `must be at most ${limit} characters long`;
    default:
      return message;
  }
};

/** What does not fit the schema: types, required fields, values, lengths. */
export const schemaFindings = (schema: Schema, object: unknown): readonly Finding[] => {
  const validate = validatorOf(schema);
  if (validate(object)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = pathOf(error.instancePath);
    return apiError(path, messageOf(error, valueAt(object, path)), error.keyword === 'required');
  });
};
