import { describe, expect, test } from 'vitest';
import {
  formatMilliseconds,
  formatSeconds,
  lastInstant,
  parseMilliseconds,
  parseSeconds,
  parseSpecInstant,
} from '../../../src/api/instants.ts';

describe('an instant in a spec: RFC 3339, whole seconds, Z or an offset, years 2000–2199 as written', () => {
  test.each([
    ['2026-12-01T08:00:00Z', '2026-12-01T08:00:00Z'],
    ['2026-12-01T09:00:00+01:00', '2026-12-01T08:00:00Z'],
    ['2026-11-30T20:30:00-11:30', '2026-12-01T08:00:00Z'],
    ['2026-12-01T00:00:00-00:00', '2026-12-01T00:00:00Z'],
    ['2026-12-01T23:59:59+23:59', '2026-12-01T00:00:59Z'],
    ['2000-01-01T00:00:00+23:00', '1999-12-31T01:00:00Z'],
    ['2199-12-31T23:59:59-23:59', '2200-01-01T23:58:59Z'],
    ['2028-02-29T12:00:00Z', '2028-02-29T12:00:00Z'],
    ['2000-02-29T12:00:00Z', '2000-02-29T12:00:00Z'],
  ])('%s is the instant %s', (text, same) => {
    expect(parseSpecInstant(text)).toBe(parseSeconds(same));
    expect(parseSeconds(same)).toBeDefined();
  });

  test.each([
    '2026-02-30T08:00:00Z', // Date.parse reads 2 March
    '2026-02-29T08:00:00Z',
    '2100-02-29T08:00:00Z',
    '2026-04-31T08:00:00Z',
    '2026-13-01T08:00:00Z',
    '2026-00-01T08:00:00Z',
    '2026-12-00T08:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T08:60:00Z',
    '2026-12-01T08:00:60Z',
    '1999-12-31T23:59:59Z',
    '2200-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '12026-12-01T08:00:00Z',
    '2026-12-01T08:00:00,5Z',
    '2026-12-01T08:00:00.000Z',
    '2026-12-01T08:00:00-99:99',
    '2026-12-01T08:00:00+24:00',
    '2026-12-01T08:00:00+01:60',
    '2026-12-01T08:00:00+0100',
    '2026-12-01T08:00:00+1:00',
    '2026-12-01T08:00Z',
    '2026-12-01T08:00:00',
    '2026-12-01t08:00:00z',
    '2026-12-01 08:00:00Z',
    ' 2026-12-01T08:00:00Z',
    '2026-12-01T08:00:00Z\n',
    '2026-12-01',
    '20261201T080000Z',
    '1764576000',
    '٢٠٢٦-12-01T08:00:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseSpecInstant(text)).toBeUndefined();
  });
});

describe('instants in the Secret are RFC 3339 UTC in whole seconds', () => {
  test.each(['1970-01-01T00:00:00Z', '2026-11-25T12:00:00Z', '9999-12-31T23:59:59Z', '0000-01-01T00:00:00Z'])(
    '%s reads and writes back',
    (text) => {
      expect(formatSeconds(parseSeconds(text)!)).toBe(text);
    },
  );

  test.each([
    '2026-02-30T00:00:00Z',
    '2026-11-25T12:00:00.000Z',
    '2026-11-25T12:00:00+00:00',
    '+010000-01-01T00:00:00Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseSeconds(text)).toBeUndefined();
  });

  test('rounds down', () => {
    expect(formatSeconds(Date.parse('2026-11-25T12:00:00.999Z'))).toBe('2026-11-25T12:00:00Z');
    expect(formatSeconds(Date.parse('1969-12-31T23:59:59.001Z'))).toBe('1969-12-31T23:59:59Z');
  });
});

describe('minted-at has milliseconds', () => {
  test('reads and writes back', () => {
    const text = '2026-11-25T12:00:00.007Z';
    expect(formatMilliseconds(parseMilliseconds(text)!)).toBe(text);
  });

  test.each([
    '2026-11-25T12:00:00Z',
    '2026-11-25T12:00:00.07Z',
    '2026-11-25T12:00:00.0000Z',
    '2026-02-30T12:00:00.000Z',
    '',
  ])('refuses %j', (text) => {
    expect(parseMilliseconds(text)).toBeUndefined();
  });
});

test('what is later than RFC 3339 can say is written as its last instant, so that it can be read again', () => {
  expect(formatMilliseconds(lastInstant + 1)).toBe('9999-12-31T23:59:59.999Z');
  expect(parseSeconds(formatSeconds(lastInstant * 2))).toBe(lastInstant - 999);
});
