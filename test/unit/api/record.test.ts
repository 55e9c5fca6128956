import { describe, expect, test } from 'vitest';
import { parseFailures } from '../../../src/api/failures.ts';
import { group } from '../../../src/api/names.ts';
import { parseStep, readRecord, secondFactorValues } from '../../../src/api/record.ts';
import { codeHash, enrolled, enrolledAt, mintedAt, record, unscanned, type Short } from '../core/given.ts';

const refusedFor = (short: Short): string | undefined => {
  const read = readRecord(record(short));
  return 'annotation' in read ? read.annotation.replace(`${group}/`, '') : undefined;
};

describe('a record reads whole', () => {
  test('with every annotation', () => {
    const failures = '{"row":1,"unknown":[1763900000],"known":[]}';
    expect(
      readRecord(
        record({
          ...enrolled,
          suspended: '2026-11-25T11:00:00Z/2026-11-25T13:00:00Z',
          'erased-at': 'whatever',
          'enroll-until': '2026-12-01T00:00:00Z',
          'unlocked-at': '2026-11-03T00:00:00Z',
          'enrollment-code': `${codeHash} 2026-12-02T00:00:00Z`,
          failures,
        }),
      ),
    ).toEqual({
      secondFactor: 'required',
      suspended: [{ from: Date.parse('2026-11-25T11:00:00Z'), until: Date.parse('2026-11-25T13:00:00Z') }],
      mintedAt: Date.parse(mintedAt),
      erased: true,
      enrolledAt: Date.parse(enrolledAt),
      enrollUntil: Date.parse('2026-12-01T00:00:00Z'),
      unlockedAt: Date.parse('2026-11-03T00:00:00Z'),
      lastStep: 59_000_000,
      failures: parseFailures(failures),
      enrollmentCode: { kind: 'issued', hash: codeHash, expiresAt: Date.parse('2026-12-02T00:00:00Z') },
    });
  });

  test('with none', () => {
    expect(readRecord(record({}))).toMatchObject({
      secondFactor: undefined,
      suspended: [],
      mintedAt: undefined,
      erased: false,
      failures: { row: 0, unknown: [], known: [] },
      enrollmentCode: { kind: 'none' },
    });
  });

  test('a second factor that the contract does not know is none', () => {
    const says = (value: string) => readRecord(record({ 'second-factor': value }));
    for (const value of secondFactorValues) expect(says(value)).toMatchObject({ secondFactor: value });
    for (const value of ['', 'Off', 'off ', 'nonsense']) expect(says(value)).toMatchObject({ secondFactor: undefined });
  });

  test('`required` is: no code issued yet', () => {
    expect(readRecord(record({ 'enrollment-code': 'required' }))).toMatchObject({
      enrollmentCode: { kind: 'notIssued' },
    });
  });
});

describe('one that does not parse is named', () => {
  test.each<[string, string]>([
    ['suspended', 'tomorrow'],
    ['suspended', ''],
    ['minted-at', '2026-11-01T10:00:00Z'],
    ['minted-at', ''],
    ['enroll-until', '2026-12-01T00:00:00.000Z'],
    ['unlocked-at', '2026-02-30T00:00:00Z'],
    ['failures', '{}'],
    ['enrollment-code', 'none'],
    ['enrollment-code', codeHash],
    ['enrollment-code', `${codeHash} soon`],
    ['enrollment-code', `${codeHash}  2026-12-02T00:00:00Z`],
    ['enrollment-code', `${codeHash} 2026-12-02T00:00:00Z more`],
    ['enrollment-code', `sha256:00:00 2026-12-02T00:00:00Z`],
  ])('%s: %j', (key, value) => {
    expect(refusedFor({ ...unscanned, [key]: value })).toBe(key);
  });

  test.each<[string, string]>([
    ['enrolled-at', 'yesterday'],
    ['last-step', '007'],
  ])('%s: %j', (key, value) => {
    expect(refusedFor({ ...enrolled, [key]: value })).toBe(key);
  });
});

describe('what contradicts is named', () => {
  test('only one of enrolled-at and last-step is there', () => {
    expect(refusedFor({ ...unscanned, 'enrolled-at': enrolledAt })).toBe('last-step');
    expect(refusedFor({ ...unscanned, 'last-step': '1' })).toBe('enrolled-at');
  });

  test('data-invalid equals minted-at; of another seed it says nothing', () => {
    expect(refusedFor({ ...enrolled, 'data-invalid': mintedAt })).toBe('data-invalid');
    expect(refusedFor({ ...enrolled, 'data-invalid': '2026-10-01T00:00:00.000Z' })).toBeUndefined();
  });

  test.each(['first-shown-at', 'attempt', 'erase-after', 'account', 'of-somebody-else'])(
    'what %s contains never refuses a login',
    (key) => {
      expect(refusedFor({ ...enrolled, [key]: '\u0000 no sense' })).toBeUndefined();
    },
  );
});

test.each([
  ['0', 0],
  ['9', 9],
  ['59000000', 59_000_000],
  ['999999999999', 999_999_999_999],
  ['1000000000000', undefined],
  ['00', undefined],
  ['01', undefined],
  ['-1', undefined],
  ['1.0', undefined],
  ['1e3', undefined],
  [' 1', undefined],
  ['', undefined],
])('last-step %j reads as %s: 0 or up to 12 digits without a leading zero', (text, step) => {
  expect(parseStep(text)).toBe(step);
});
