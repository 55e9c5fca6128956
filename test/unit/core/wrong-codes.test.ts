import { describe, expect, test } from 'vitest';
import type { Browser } from '../../../src/api/failures.ts';
import { secondFactor, type Verdict } from '../../../src/core/second-factor.ts';
import { at, enrolled, hours, now, record, unscanned, type Short } from './given.ts';

const secondMs = 1000;
const dayMs = 24 * 3_600_000;
const thirtyDaysMs = 30 * dayMs;

interface Wrong {
  readonly row: number;
  readonly unknown?: readonly number[];
  readonly known?: readonly number[];
}

const failures = ({ row, unknown = [], known = [] }: Wrong): Short => {
  const seconds = (instants: readonly number[]) => instants.map((instant) => Math.floor(instant / secondMs));
  return { failures: JSON.stringify({ row, unknown: seconds(unknown), known: seconds(known) }) };
};

/** So many wrong codes a second apart, the last at `last`. */
const times = (count: number, last = now): number[] =>
  Array.from({ length: count }, (_, index) => last - (count - 1 - index) * secondMs);

const meets = (
  wrong: Wrong,
  more: Short = {},
  instant = now,
  browser: Browser = 'unknown',
  secret = enrolled,
): Verdict => secondFactor(record({ ...secret, ...failures(wrong), ...more }), instant, browser);

const code: Verdict = { kind: 'code' };
const lockedUntil = (until: number): Verdict => ({ kind: 'deny', reason: 'Locked', until });

describe('9 and 10 carry notBefore: the last one + min(30 s · 2^(n−5), 1 h), from n = 5', () => {
  test.each([
    [4, undefined],
    [5, 30],
    [6, 60],
    [7, 120],
    [8, 240],
    [9, 480],
    [10, 960],
    [11, 1920],
    [12, 3600],
    [13, 3600],
    [24, 3600],
  ])('%d wrong codes: %s seconds', (count, seconds) => {
    const notBefore = seconds === undefined ? {} : { notBefore: now + seconds * secondMs };
    const wrong = { row: count, unknown: times(count) };
    expect(meets(wrong)).toEqual({ kind: 'code', ...notBefore });
    expect(meets(wrong, {}, now, 'unknown', unscanned)).toEqual({
      kind: 'enroll',
      enrollmentCode: { kind: 'none' },
      ...notBefore,
    });
  });

  test('to its last millisecond, and no longer', () => {
    const wrong = { row: 5, unknown: times(5) };
    expect(meets(wrong, {}, now + 30 * secondMs - 1)).toEqual({ kind: 'code', notBefore: now + 30 * secondMs });
    expect(meets(wrong, {}, now + 30 * secondMs)).toEqual(code);
  });

  test('n is the smaller of row and this kind’s failures', () => {
    expect(meets({ row: 4, unknown: times(20) })).toEqual(code);
    expect(meets({ row: 99, unknown: times(6) })).toEqual({ kind: 'code', notBefore: now + 60 * secondMs });
    expect(meets({ row: 9, known: times(9) })).toEqual(code);
    expect(meets({ row: 9, known: times(9) }, {}, now, 'known')).toEqual({
      kind: 'code',
      notBefore: now + 480 * secondMs,
    });
  });

  test('only failures after unlocked-at count', () => {
    const wrong = { row: 9, unknown: times(9) };
    expect(meets(wrong, { 'unlocked-at': hours(0) })).toEqual(code);
    const [fourBefore] = times(5);
    const unlockedAt = new Date(fourBefore! - secondMs).toISOString().replace('.000', '');
    expect(meets(wrong, { 'unlocked-at': unlockedAt })).toEqual({ kind: 'code', notBefore: now + 30 * secondMs });
  });
});

describe('8. 25 failures of this kind in the last 30 days: deny Locked, until the oldest of them is 30 days old', () => {
  const wrong = { row: 25, unknown: times(25) };
  const [oldest] = wrong.unknown;

  test('25 lock', () => {
    expect(meets(wrong)).toEqual(lockedUntil(oldest! + thirtyDaysMs));
  });
  test('24 do not', () => {
    expect(meets({ row: 24, unknown: times(24, now - dayMs) })).toEqual(code);
  });
  test('whatever the row: right codes between them do not help a guesser', () => {
    expect(meets({ ...wrong, row: 0 })).toEqual(lockedUntil(oldest! + thirtyDaysMs));
  });
  test('to the last millisecond of the 30 days, and no longer', () => {
    expect(meets(wrong, {}, oldest! + thirtyDaysMs - 1)).toEqual(lockedUntil(oldest! + thirtyDaysMs));
    expect(meets(wrong, {}, oldest! + thirtyDaysMs)).toEqual(code);
  });
  test('each kind of browser has its own', () => {
    expect(meets(wrong, {}, now, 'known')).toEqual(code);
    expect(meets({ row: 25, known: times(25) }, {}, now, 'known')).toEqual(lockedUntil(oldest! + thirtyDaysMs));
    expect(meets({ row: 25, known: times(25) })).toEqual(code);
  });
  test('before enrolment too', () => {
    expect(meets(wrong, {}, now, 'unknown', unscanned)).toEqual(lockedUntil(oldest! + thirtyDaysMs));
  });
  test('an expired enrolment window is named after it', () => {
    expect(meets(wrong, { 'enroll-until': hours(-1) }, now, 'unknown', unscanned)).toMatchObject({ reason: 'Locked' });
  });
  test('wrong codes up to unlocked-at do not count, that instant included', () => {
    expect(meets(wrong, { 'unlocked-at': hours(0) })).toEqual(code);
    const justOldest = new Date(oldest!).toISOString().replace('.000', '');
    expect(meets(wrong, { 'unlocked-at': justOldest })).toMatchObject({ kind: 'code' });
    const before = new Date(oldest! - secondMs).toISOString().replace('.000', '');
    expect(meets(wrong, { 'unlocked-at': before })).toMatchObject({ reason: 'Locked' });
  });
  test('unlocked-at is ignored while later than now', () => {
    expect(meets(wrong, { 'unlocked-at': hours(1) })).toMatchObject({ reason: 'Locked' });
    expect(meets(wrong, { 'unlocked-at': hours(1) }, at(hours(1)))).toEqual(code);
  });
  test('wrong codes of a clock that was ahead count: closed, not open', () => {
    expect(meets({ row: 0, unknown: times(25, now + dayMs) })).toMatchObject({ reason: 'Locked' });
  });
});

describe('8. row ≥ 100: deny Locked, without until; only a reset lifts it', () => {
  test('100 in a row', () => {
    expect(meets({ row: 100 })).toEqual({ kind: 'deny', reason: 'Locked' });
    expect(meets({ row: 4000 })).toEqual({ kind: 'deny', reason: 'Locked' });
  });
  test('99 do not', () => {
    expect(meets({ row: 99 })).toEqual(code);
  });
  test('a known browser neither', () => {
    expect(meets({ row: 100 }, {}, now, 'known')).toEqual({ kind: 'deny', reason: 'Locked' });
  });
  test('no unlock lifts it, and no time', () => {
    expect(meets({ row: 100 }, { 'unlocked-at': hours(0) })).toEqual({ kind: 'deny', reason: 'Locked' });
    expect(meets({ row: 100, unknown: times(25) }, {}, now + 40 * dayMs)).toEqual({ kind: 'deny', reason: 'Locked' });
  });
});
