import { accountKind, apiVersion, group, platformKind } from '../../api/names.ts';
import { isFields } from '../../kube/fields.ts';
import { nearest } from '../frame/nearest.ts';
import type { Schema } from './crds.ts';
import { unknownFields, withoutNulls } from './fields.ts';
import { apiError, type Finding } from './findings.ts';
import { metadataFindings } from './metadata.ts';
import { brokenRules } from './rules.ts';
import { schemaFindings } from './schema.ts';

const kinds = [accountKind, platformKind];

const listed = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** Whether somebody meant one of our objects, though it may be written wrongly. */
export const isOurs = (object: unknown): boolean => {
  if (!isFields(object)) return false;
  const { apiVersion: version, kind } = object;
  if (typeof version === 'string' && version.startsWith(`${group}/`)) return true;
  return typeof kind === 'string' && kinds.includes(kind) && (typeof version !== 'string' || !version.includes('/'));
};

const identityFindings = ({ apiVersion: version, kind }: Readonly<Record<string, unknown>>): readonly Finding[] => {
  if (version !== apiVersion) {
    return [apiError(['apiVersion'], `apiVersion is ${listed(version)}, and must be ${apiVersion}`)];
  }
  if (typeof kind === 'string' && kinds.includes(kind)) return [];
  const near = nearest(String(kind), kinds, 1);
  return [
    apiError(
      ['kind'],
      `kind is ${listed(kind)}: ${near.length > 0 ? `is ${near.join()} meant?` : `there are ${kinds.join(' and ')}`}`,
    ),
  ];
};

/** What the API server says of one object (fieldValidation=Strict, a create): nothing if it takes it. */
export const checkObject = (schemas: ReadonlyMap<string, Schema>, object: unknown): readonly Finding[] => {
  if (!isFields(object)) return [apiError([], 'a document must be a map')];
  const identity = identityFindings(object);
  const schema = schemas.get(String(object['kind']));
  if (identity.length > 0 || !schema) return identity;
  const said = withoutNulls(schema, object);
  const shape = [
    ...unknownFields(schema, object),
    ...metadataFindings(object['metadata']),
    ...schemaFindings(schema, said),
  ];
  // as the API server does: rules are asked only of what has the right shape
  return shape.length > 0 ? shape : brokenRules(schema, said);
};
