import { stringify } from 'yaml';

/** YAML in which what 1.1 would take for an instant or a truth value is in quotes: many tools still read that. */
export const yamlOf = (value: unknown): string =>
  stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });

/** A value as JSON or as YAML. */
export const documentOf = (value: unknown, form: 'json' | 'yaml'): string =>
  form === 'json' ? JSON.stringify(value, null, 2) : yamlOf(value).trimEnd();
