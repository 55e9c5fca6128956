import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../../src/core/conditions.ts';
import { decide } from '../../../src/core/decide.ts';
import { applied } from './applied.ts';
import { codeHash, enrolled, factsOf, hours, now, unscanned, type Given } from './given.ts';
import { sentences } from './rows.ts';

const wrong = (row: number, count: number) =>
  JSON.stringify({ row, unknown: Array.from({ length: count }, (_, i) => now / 1000 - 90 + i), known: [] });
const ready = 'True Reconciled';

sentences('phase and conditions: what a login meets', [
  {
    says: 'Off',
    platform: { state: 'Disabled' },
    secret: enrolled,
    wants: { phase: 'Off', ready, enforced: 'False PlatformDisabled' },
  },
  {
    says: 'Suspended: asks for none, until status.suspendedUntil',
    asks: { suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: enrolled,
    wants: {
      phase: 'Suspended',
      ready,
      enforced: 'False Suspended',
      enrolled: 'True FirstCodeAccepted',
      suspendedUntil: hours(1),
    },
  },
  {
    says: 'Enrolling: shows the QR; waiting for a scan is Ready',
    secret: unscanned,
    wants: { phase: 'Enrolling', ready, enforced: 'True EnrollmentRequired', enrolled: 'False NotEnrolled' },
  },
  {
    says: 'Enforced: asks for the code',
    secret: enrolled,
    wants: {
      phase: 'Enforced',
      ready,
      enforced: 'True CodeRequired',
      enrolled: 'True FirstCodeAccepted',
      suspendedUntil: undefined,
      lockedUntil: undefined,
    },
  },
  {
    says: 'Locked: is refused until status.lockedUntil or an unlock; locked is Ready',
    secret: { ...enrolled, failures: wrong(25, 25) },
    wants: {
      phase: 'Locked',
      ready,
      enforced: 'True Locked',
      enrolled: 'True FirstCodeAccepted',
      lockedUntil: '2026-12-25T11:58:30Z',
      requeueAt: '2026-12-25T11:58:30Z',
    },
  },
  {
    says: 'Locked without lockedUntil: until a reset',
    secret: { ...enrolled, failures: wrong(100, 0) },
    wants: { phase: 'Locked', ready, enforced: 'True Locked', lockedUntil: undefined, requeueAt: undefined },
  },
  {
    says: 'Locked is of unknown browsers: what a known one meets is its own affair',
    secret: {
      ...enrolled,
      failures: JSON.stringify({ row: 0, unknown: [], known: Array.from({ length: 25 }, () => now / 1000) }),
    },
    wants: { phase: 'Enforced' },
  },
  {
    says: 'delayed is not locked',
    secret: { ...enrolled, failures: wrong(24, 24) },
    wants: { phase: 'Enforced' },
  },
  {
    says: 'an unlock lifts it; seed and enrolment stay',
    asks: { unlock: { requestedAt: hours(0) } },
    secret: { ...enrolled, failures: wrong(25, 25) },
    wants: { act: 'annotate', phase: 'Enforced', enrolled: 'True FirstCodeAccepted' },
    onlyChanges: { 'unlocked-at': hours(0) },
  },
  {
    says: '100 in a row do lock after an unlock: that needs a reset',
    asks: { unlock: { requestedAt: hours(0) } },
    secret: { ...enrolled, failures: wrong(100, 25) },
    wants: { phase: 'Locked', lockedUntil: undefined },
  },
  {
    says: 'Blocked: an expired enrolment window is Ready',
    platform: { enrollment: { windowHours: 1 } },
    secret: unscanned,
    wants: { phase: 'Blocked', ready, enforced: 'True EnrollmentExpired', enrolled: 'False EnrollmentExpired' },
  },
]);

const tooLong = { suspension: { requestedAt: hours(0), hours: 99 } };
const conditionsOf = (given: Given, instant = now) => decide(factsOf(given), instant).status;

describe('generation and time', () => {
  test('observedGeneration is on the status and on each condition', () => {
    const status = conditionsOf({ asks: tooLong, secret: enrolled, account: { generation: 7 } });
    expect(status.observedGeneration).toBe(7);
    expect(status.conditions?.map(({ type, observedGeneration }) => [type, observedGeneration])).toEqual(
      ['Ready', 'Enforced', 'Enrolled', 'Stalled'].map((type) => [type, 7]),
    );
  });

  test.each<[string, string, Given]>([
    ['shows the QR code and asks for its first code', 'no enrolment code is asked for', {}],
    [
      'asks for the enrolment code, then shows the QR code and asks for its first code',
      'one is issued',
      { asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(1) } } },
    ],
    [
      'shows no QR code before an enrolment code is issued',
      'none is issued, or it has expired',
      { platform: { enrollment: { mode: 'Code' } } },
    ],
  ])('Enforced: the login %s, where %s', (message, _, given) => {
    const { status } = decide(factsOf({ secret: unscanned, ...given }), now);
    expect(conditionOf(status, 'Enforced')).toMatchObject({
      reason: 'EnrollmentRequired',
      message: `the login ${message}`,
    });
  });

  test('lastTransitionTime moves only with a condition’s status', () => {
    const facts = factsOf({ secret: unscanned });
    const first = applied(facts, decide(facts, now));
    const scanned = { ...first, secret: factsOf({ secret: enrolled }).secret };
    const later = decide(scanned, now + 5000).status;
    expect(conditionOf(later, 'Enforced')).toMatchObject({ reason: 'CodeRequired', lastTransitionTime: hours(0) });
    expect(conditionOf(later, 'Ready')).toMatchObject({ lastTransitionTime: hours(0) });
    expect(conditionOf(later, 'Enrolled')).toMatchObject({
      status: 'True',
      lastTransitionTime: '2026-11-25T12:00:05Z',
    });
  });

  test('a lastTransitionTime that is no instant is not repeated', () => {
    const status = conditionsOf({ secret: enrolled });
    const conditions = status.conditions!.map((condition) => ({ ...condition, lastTransitionTime: '' }));
    const again = conditionsOf({ secret: enrolled, status: { ...status, conditions } }, now + 5000);
    expect(conditionOf(again, 'Ready')?.lastTransitionTime).toBe('2026-11-25T12:00:05Z');
  });

  test('a message is no longer than the schema allows, and well formed', () => {
    const name = `${'x'.repeat(4030)}${'\u{1F600}'.repeat(300)}`;
    const status = conditionsOf({ rivals: [{ ...factsOf({}).account, name, createdAt: '' }] });
    const message = conditionOf(status, 'Ready')!.message;
    expect(message.length).toBeLessThanOrEqual(4096);
    expect(message.isWellFormed()).toBe(true);
  });
});

sentences('Enrolled’s reasons', [
  {
    says: 'NotEnrolled: says when the QR was first shown',
    secret: { ...unscanned, 'first-shown-at': hours(-1) },
    wants: { enrolled: 'False NotEnrolled' },
  },
  {
    says: 'EnrollmentCodeRequired (no valid one is issued)',
    platform: { enrollment: { mode: 'Code' } },
    secret: unscanned,
    wants: { enrolled: 'False EnrollmentCodeRequired' },
  },
  {
    says: 'NotEnrolled with a valid one',
    asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(1) } },
    secret: unscanned,
    wants: { enrolled: 'False NotEnrolled' },
  },
  {
    says: 'EnrollmentExpired before EnrollmentCodeRequired',
    platform: { enrollment: { mode: 'Code', windowHours: 1 } },
    secret: unscanned,
    wants: { enrolled: 'False EnrollmentExpired' },
  },
  {
    says: 'also while nobody is asked',
    platform: { state: 'Disabled', enrollment: { mode: 'Code' } },
    secret: unscanned,
    wants: { phase: 'Off', enrolled: 'False EnrollmentCodeRequired' },
  },
  {
    says: 'EnrollmentExpired at its instant',
    platform: { enrollment: { windowHours: 1 } },
    secret: { ...unscanned, 'minted-at': '2026-11-25T11:00:00.000Z' },
    wants: { enrolled: 'False EnrollmentExpired', phase: 'Blocked' },
  },
]);
