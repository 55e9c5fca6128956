import { Environment } from '@marcbachmann/cel-js';
import { isFields } from '../../kube/fields.ts';
import type { Schema } from './crds.ts';
import { apiError, type Finding, type Path } from './findings.ts';

const environment = new Environment().registerVariable('self', 'dyn');
// The API server's regular expressions (RE2) know \p{L} without being asked; JavaScript's need the flag.
environment.registerFunction('string.matchesUnicode(string): bool', (text: string, pattern: string) =>
  new RegExp(pattern, 'u').test(text),
);

const parsed = new Map<string, ReturnType<Environment['parse']>>();

const holds = (rule: string, self: unknown): boolean => {
  const expression = parsed.get(rule) ?? environment.parse(rule.replaceAll('.matches(', '.matchesUnicode('));
  parsed.set(rule, expression);
  return expression({ self }) === true;
};

/** A rule about a change compares with what was there before: nothing, for a file. */
const isAboutChange = (rule: string): boolean => rule.includes('oldSelf');

const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${JSON.stringify(value)} ` : '';

/** The CEL rules of a schema that do not hold, with their own messages. */
export const brokenRules = (schema: Schema, value: unknown, path: Path = []): readonly Finding[] => {
  if (value === undefined || value === null) return [];
  const own = (schema['x-kubernetes-validations'] ?? []).flatMap(({ rule, message }) =>
    isAboutChange(rule) || holds(rule, value) ? [] : [apiError(path, `${shown(value)}${message}`)],
  );
  const { properties = {}, items } = schema;
  const inner = isFields(value)
    ? Object.entries(properties).flatMap(([name, child]) => brokenRules(child, value[name], [...path, name]))
    : [];
  const listed =
    items && Array.isArray(value) ? value.flatMap((item, index) => brokenRules(items, item, [...path, index])) : [];
  return [...own, ...inner, ...listed];
};
