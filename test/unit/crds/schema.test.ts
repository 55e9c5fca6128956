import { describe, expect, test } from 'vitest';
import { type Crd, type Field, fieldsOf, readCrds, rootSchema } from '../../../dev/generate/crd.ts';

const crds = await readCrds(new URL('../../../', import.meta.url));
const columnsOf = (crd: Crd): readonly string[] =>
  crd.spec.versions[0].additionalPrinterColumns.map(
    ({ name, type, priority }) => `${name} ${type}${priority === undefined ? '' : ' wide'}`,
  );
const paths = (fields: readonly Field[]): readonly string[] => fields.map(({ path }) => path);
const below = (fields: readonly Field[], part: string): readonly Field[] =>
  fields.filter(({ path }) => path.startsWith(part));

describe.each(crds.map((crd) => ({ kind: crd.spec.names.kind, crd })))('the schema of $kind', ({ crd }) => {
  const fields = fieldsOf(rootSchema(crd));

  test('describes every field but metadata, where the API server allows no description', () => {
    expect(paths(fields.filter(({ schema }) => (schema.description ?? '').trim() === ''))).toEqual(['metadata']);
  });

  test('sets no defaults but the status that says: nothing was done yet', () => {
    const defaults = fields.filter(({ schema }) => schema.default !== undefined);
    expect(defaults.map(({ path, schema }) => [path, schema.default])).toEqual([
      ['status', { observedGeneration: -1 }],
    ]);
  });

  test('keeps each request, the status and its conditions in one hand', () => {
    const requests = ['suspension', 'reset', 'unlock', 'enrollmentCode', 'platformRef'];
    const whole = fields.filter(
      ({ path, schema }) =>
        path === 'status' || (schema.type === 'object' && requests.includes(path.split('.').at(-1) ?? '')),
    );
    expect(whole.length).toBeGreaterThan(2);
    expect(paths(whole.filter(({ schema }) => schema['x-kubernetes-map-type'] !== 'atomic'))).toEqual([]);
    const lists = fields.filter(({ schema }) => schema.type === 'array');
    expect(paths(lists)).toEqual(['status.conditions']);
    expect(paths(lists.filter(({ schema }) => schema['x-kubernetes-list-type'] !== 'atomic'))).toEqual([]);
  });

  test('bounds every number and text of the spec, so that rules stay cheap', () => {
    const scalars = below(fields, 'spec.').filter(({ schema }) => schema.enum === undefined);
    const unbounded = scalars.filter(({ schema: { type, maximum, maxLength } }) =>
      type === 'string' ? maxLength === undefined : type === 'integer' && maximum === undefined,
    );
    expect(paths(unbounded)).toEqual([]);
  });

  test('explains every rule in a sentence, never in a pattern', () => {
    const messages = fields
      .flatMap(({ schema }) => schema['x-kubernetes-validations'] ?? [])
      .map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.filter((message) => !/^(must be|can't be changed)/.test(message) || message.includes('^'))).toEqual(
      [],
    );
    expect(fields.filter(({ schema }) => 'pattern' in schema)).toEqual([]);
  });

  test('checks instants itself: format date-time lets offsets of 99 hours through', () => {
    expect(paths(below(fields, 'spec.').filter(({ schema }) => schema.format !== undefined))).toEqual([]);
  });
});

test('both kinds check an instant with the same rule', () => {
  const rules = crds.flatMap((crd) =>
    fieldsOf(rootSchema(crd))
      .filter(({ path }) => /(requestedAt|expiresAt)$/.test(path))
      .map(({ schema }) => JSON.stringify(schema['x-kubernetes-validations'])),
  );
  expect(rules).toHaveLength(6);
  expect(new Set(rules).size).toBe(1);
});

test('the columns are those of the design', () => {
  expect(crds.map(columnsOf)).toEqual([
    [
      ...['State string', 'Default string', 'Total integer', 'Enforced integer', 'Enrolling integer'],
      ...['Suspended integer', 'Blocked integer', 'Ready string', 'Age date'],
    ],
    [
      ...['Address string', 'Platform string', 'Second-Factor string', 'Suspended-Until string', 'Ready string'],
      ...['Age date', 'Enrolled string wide', 'Secret string wide', 'Reason string wide'],
    ],
  ]);
});
