import { describe, expect, test } from 'vitest';
import { formatFailures, parseFailures } from '../../../src/api/failures.ts';

const many = (count: number) => Array.from({ length: count }, (_, index) => 1_800_000_000 + index);

describe('failures: JSON with exactly row, unknown and known', () => {
  test.each([
    { row: 0, unknown: [], known: [] },
    { row: 7, unknown: [1, 1, 2], known: [5] },
    { row: 100, unknown: many(25), known: many(25) },
    { row: 1, unknown: [253_402_300_799], known: [] },
  ])('%j reads and writes back', (failures) => {
    expect(parseFailures(formatFailures(failures))).toEqual(failures);
  });

  test('the order of the names is free', () => {
    expect(parseFailures('{"known":[],"row":1,"unknown":[3]}')).toEqual({ row: 1, unknown: [3], known: [] });
  });

  test.each([
    '',
    'null',
    '[]',
    '[0,[],[]]',
    '7',
    '{',
    '{"row":0,"unknown":[]}',
    '{"row":0,"unknown":[],"known":[],"more":1}',
    '{"row":-1,"unknown":[],"known":[]}',
    '{"row":1.5,"unknown":[],"known":[]}',
    '{"row":"1","unknown":[],"known":[]}',
    '{"row":1e300,"unknown":[],"known":[]}',
    '{"row":0,"unknown":{},"known":[]}',
    '{"row":0,"unknown":[2,1],"known":[]}',
    '{"row":0,"unknown":[1.5],"known":[]}',
    '{"row":0,"unknown":[-1],"known":[]}',
    '{"row":0,"unknown":["1"],"known":[]}',
    '{"row":0,"unknown":[null],"known":[]}',
    '{"row":0,"unknown":[253402300800],"known":[]}',
    `{"row":0,"unknown":${JSON.stringify(many(26))},"known":[]}`,
  ])('refuses %s', (text) => {
    expect(parseFailures(text)).toBeUndefined();
  });
});
