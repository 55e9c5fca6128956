import { describe, expect, test } from 'vitest';
import { clipWindows, contains, formatWindows, joinWindows, parseWindows } from '../../../src/api/windows.ts';

const [nine, ten, eleven, noon] = ['09', '10', '11', '12'].map((hour) => `2026-11-25T${hour}:00:00Z`) as [
  string,
  string,
  string,
  string,
];
/** Windows of whole hours, for arithmetic that is easy to read. */
const between = (...pairs: [number, number][]) => pairs.map(([from, until]) => ({ from, until }));

describe('suspended: ISO 8601 intervals from/until, a space between two', () => {
  test.each([`${nine}/${ten}`, `${nine}/${ten} ${eleven}/${noon}`, `${nine}/${noon} ${ten}/${eleven}`])(
    'accepts %s',
    (text) => {
      expect(formatWindows(parseWindows(text)!)).toBe(text);
    },
  );

  test.each([
    '',
    ' ',
    nine,
    `${nine}/`,
    `/${ten}`,
    `${nine}/${nine}`,
    `${ten}/${nine}`,
    `${nine}/${ten}/${eleven}`,
    `${nine}/${ten}  ${eleven}/${noon}`,
    `${nine}/${ten} `,
    `${nine}/${ten},${eleven}/${noon}`,
    `${nine}/PT1H`,
    '2026-11-25T09:00:00+00:00/2026-11-25T10:00:00Z',
    '2026-02-30T09:00:00Z/2026-11-25T10:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseWindows(text)).toBeUndefined();
  });

  test('no window is no annotation', () => {
    expect(formatWindows([])).toBeUndefined();
  });
});

test('a window is half open', () => {
  const [window] = between([9, 10]);
  expect([8, 9, 9.999, 10].map((instant) => contains(window!, instant))).toEqual([false, true, true, false]);
});

describe('overlapping or touching ones joined', () => {
  test.each([
    ['touching', between([9, 10], [10, 11]), between([9, 11])],
    ['overlapping', between([9, 11], [10, 12]), between([9, 12])],
    ['one inside another', between([9, 12], [10, 11]), between([9, 12])],
    ['in any order', between([11, 12], [9, 10]), between([9, 10], [11, 12])],
    ['apart', between([9, 10], [11, 12]), between([9, 10], [11, 12])],
    ['the same twice', between([9, 10], [9, 10]), between([9, 10])],
  ])('%s', (_, windows, joined) => {
    expect(joinWindows(windows)).toEqual(joined);
  });
});

test('clipping keeps what lies in both', () => {
  const windows = between([1, 3], [5, 7], [9, 10]);
  expect(clipWindows(windows, { from: 2, until: 6 })).toEqual(between([2, 3], [5, 6]));
  expect(clipWindows(windows, { from: 3, until: 5 })).toEqual([]);
});
