import { describe, expect, test } from 'vitest';
import { decide } from '../../../src/core/decide.ts';
import type { Facts } from '../../../src/core/facts.ts';
import { applied } from './applied.ts';
import { account, enrolled, erased, factsOf, hours, now, unscanned, type Given } from './given.ts';

/** What is told when facts, long settled, become others: reasons and notes. */
const told = (before: Given, after: Given, instant = now): readonly (readonly [string, string])[] => {
  const settledAt = now - 7_200_000;
  const settled = factsOf(before);
  const { status } = applied(settled, decide(settled, settledAt)).account;
  const changed: Facts = factsOf({ ...after, status });
  const decision = decide(changed, instant);
  expect(decide(applied(changed, decision), instant).events).toEqual([]);
  return decision.events.map(({ reason, note }) => [reason, note] as const);
};
const reasons = (before: Given, after: Given, instant = now) => told(before, after, instant).map(([reason]) => reason);

const bert = account(undefined, { name: 'bert', uid: 'uid-of-bert', createdAt: '2026-10-01T00:00:00Z' });
const shown = { ...unscanned, 'first-shown-at': hours(-1) };
const anHour = { suspension: { requestedAt: hours(-0.5), hours: 1 } };
const window = { suspended: `${hours(-0.5)}/${hours(0.5)}` };
const wrong = (count: number) =>
  JSON.stringify({ row: count, unknown: Array.from({ length: count }, () => now / 1000), known: [] });

describe('Events on each transition, with the status change that shows it', () => {
  test.each<{
    readonly says: string;
    readonly before: Given;
    readonly after: Given;
    readonly at?: number;
    readonly wants: string[];
  }>([
    { says: 'nothing changed', before: { secret: enrolled }, after: { secret: enrolled }, wants: [] },
    { says: 'Enrolled', before: { secret: unscanned }, after: { secret: enrolled }, wants: ['Enrolled'] },
    {
      says: 'QRFirstShown',
      before: { secret: unscanned },
      after: { secret: { ...unscanned, 'first-shown-at': hours(-1) } },
      wants: ['QRFirstShown'],
    },
    {
      says: 'not once it is enrolled',
      before: { secret: unscanned },
      after: { secret: { ...enrolled, 'first-shown-at': hours(-1) } },
      wants: ['Enrolled'],
    },
    {
      says: 'not where it is no instant',
      before: { secret: unscanned },
      after: { secret: { ...unscanned, 'first-shown-at': 'secret' } },
      wants: [],
    },
    {
      says: 'Locked',
      before: { secret: enrolled },
      after: { secret: { ...enrolled, failures: wrong(25) } },
      wants: ['Locked'],
    },
    {
      says: 'Suspended',
      before: { secret: enrolled },
      after: { secret: enrolled, asks: anHour },
      wants: ['Suspended'],
    },
    {
      says: 'Suspended, when one that was waiting starts',
      before: { secret: enrolled, asks: anHour },
      after: { secret: { ...enrolled, ...window }, asks: anHour },
      wants: ['Suspended'],
    },
    {
      says: 'Suspended again, when its end moves',
      before: { secret: enrolled, asks: { suspension: { requestedAt: hours(-3), hours: 4 } } },
      after: { secret: enrolled, asks: { suspension: { requestedAt: hours(-3), hours: 5 } } },
      wants: ['Suspended'],
    },
    {
      says: 'SuspensionEnded',
      before: { secret: enrolled, asks: { suspension: { requestedAt: hours(-3), hours: 3 } } },
      after: { secret: enrolled, asks: { suspension: { requestedAt: hours(-3), hours: 3 } } },
      wants: ['SuspensionEnded'],
    },
    {
      says: 'Reset',
      before: { secret: enrolled },
      after: { secret: enrolled, asks: { reset: { requestedAt: hours(-1) } } },
      wants: ['Reset'],
    },
    {
      says: 'Removed',
      before: { secret: enrolled },
      after: { secret: enrolled, asks: { state: 'Removed' } },
      wants: ['Removed'],
    },
    {
      says: 'not where the platform is off',
      before: { secret: enrolled },
      after: { secret: enrolled, platform: { state: 'Disabled' } },
      wants: [],
    },
    {
      says: 'Removed, where it was off before',
      before: { secret: enrolled, platform: { state: 'Disabled' } },
      after: { secret: enrolled, asks: { state: 'Removed' } },
      wants: ['Removed'],
    },
    {
      says: 'enabled again is no Reset',
      before: { secret: erased, asks: { state: 'Removed' } },
      after: { secret: erased, asks: { state: 'Enabled' } },
      wants: [],
    },
    {
      says: 'TakenBack',
      before: { secret: enrolled },
      after: { secret: { ...enrolled, 'orphaned-at': hours(-1) } },
      wants: ['TakenBack'],
    },
    {
      says: 'TakenBack, and nothing of what is in it, where the older account of the address goes',
      before: { secret: { ...shown, account: 'bert' }, rivals: [bert] },
      after: { secret: { ...shown, account: 'bert' } },
      wants: ['Reconciled', 'TakenBack'],
    },
    {
      says: 'nor that it was enrolled, or reset meanwhile',
      before: {
        secret: { ...enrolled, account: 'bert' },
        rivals: [bert],
        status: { seedMintedAt: '2026-10-01T00:00:00.000Z' },
      },
      after: { secret: { ...enrolled, account: 'bert', 'orphaned-at': hours(-1) } },
      wants: ['Reconciled', 'TakenBack'],
    },
    {
      says: 'not where the older account had no Secret',
      before: { rivals: [bert] },
      after: {},
      wants: ['Reconciled'],
    },
    {
      says: 'not where the name of the holder is put back',
      before: { secret: enrolled },
      after: { secret: { ...enrolled, account: 'bert' } },
      wants: [],
    },
    {
      says: 'Ready’s own, when something is wrong',
      before: { secret: enrolled },
      after: { secret: { ...enrolled, failures: '?' } },
      wants: ['SecretInvalid'],
    },
    {
      says: 'and when it is right again',
      before: { secret: { ...enrolled, failures: '?' } },
      after: { secret: enrolled },
      wants: ['Reconciled'],
    },
    { says: 'a seed lost', before: { secret: enrolled }, after: {}, wants: ['SeedLost'] },
    {
      says: 'and found',
      before: { status: { seedMintedAt: '2026-11-01T10:00:00.000Z' } },
      after: { secret: enrolled },
      wants: ['Enrolled', 'Reconciled'],
    },
    {
      says: 'a platform gone',
      before: { secret: enrolled },
      after: { secret: enrolled, platform: 'missing' },
      wants: ['PlatformNotFound'],
    },
    {
      says: 'a known QRFirstShown is not told again while the Secret can’t be trusted',
      before: { secret: { ...unscanned, 'first-shown-at': hours(-1) } },
      after: { secret: { ...unscanned, 'first-shown-at': hours(-1), failures: '?' } },
      wants: ['SecretInvalid'],
    },
    {
      says: 'a request that waits, once',
      before: { secret: enrolled, asks: { reset: { requestedAt: hours(1) } } },
      after: { secret: enrolled, asks: { reset: { requestedAt: hours(1) } } },
      wants: [],
    },
    {
      says: 'another that waits',
      before: { secret: enrolled, asks: { reset: { requestedAt: hours(1) } } },
      after: { secret: enrolled, asks: { reset: { requestedAt: hours(2) } } },
      wants: ['RequestWaiting'],
    },
  ])('$says', ({ before, after, wants }) => {
    expect(reasons(before, after)).toEqual(wants);
  });

  test('what a first status shows of the seed is no change (a restored or taken-over Secret)', () => {
    const decision = decide(factsOf({ secret: { ...enrolled, 'first-shown-at': hours(-1) } }), now);
    expect(decision.events).toEqual([]);
  });

  test('notes name instants, and what to do after a lock', () => {
    expect(told({ secret: unscanned }, { secret: { ...unscanned, 'first-shown-at': hours(-1) } })).toEqual([
      ['QRFirstShown', `QR code first shown ${hours(-1)}`],
    ]);
    expect(told({ secret: enrolled }, { secret: enrolled, asks: anHour })).toEqual([
      ['Suspended', `no code is asked for until ${hours(0.5)}`],
    ]);
    const [[, note] = []] = told({ secret: enrolled }, { secret: { ...enrolled, failures: wrong(25) } });
    expect(note).toContain('change the password, then ask for an unlock');
  });

  describe('say why, in the words of whoever asked', () => {
    const suspended = `no code is asked for until ${hours(0.5)}`;
    const reason = 'phone lost,\n  new one\u202e ordered\u0000';
    const words = 'phone lost, new one ordered';
    const said = { suspension: { ...anHour.suspension, reason } };
    const resetAnHourAgo = { requestedAt: hours(-1) };

    test.each<{
      readonly says: string;
      readonly after: Given;
      readonly wants: readonly (readonly [string, unknown])[];
    }>([
      {
        says: 'a suspension, in one line',
        after: { asks: said },
        wants: [['Suspended', `${suspended}; reason: ${words}`]],
      },
      {
        says: 'that of the platform',
        after: { platform: said },
        wants: [['Suspended', `${suspended}; reason: ${words}`]],
      },
      {
        says: 'not that of one that is refused',
        after: {
          asks: { suspension: { requestedAt: hours(-1), hours: 100, reason: 'refused' } },
          platform: anHour,
        },
        wants: [
          ['Suspended', suspended],
          ['SuspensionTooLong', expect.anything()],
        ],
      },
      {
        says: 'nor an empty one',
        after: { asks: { suspension: { ...anHour.suspension, reason: ' \n' } } },
        wants: [['Suspended', suspended]],
      },
      {
        says: 'a reset',
        after: { asks: { reset: { ...resetAnHourAgo, reason } } },
        wants: [['Reset', expect.stringMatching(`shows a new QR code; reason: ${words}$`)]],
      },
      {
        says: 'a reset of the whole platform, though the account asked for one, of an older seed',
        after: {
          asks: { reset: { requestedAt: '2026-10-01T00:00:00Z', reason: 'of another seed' } },
          platform: { reset: { ...resetAnHourAgo, reason: 'breach' } },
        },
        wants: [['Reset', expect.stringMatching(/; reason: breach$/)]],
      },
      {
        says: 'no more of it than the schema allows',
        after: { asks: { reset: { ...resetAnHourAgo, reason: '\u{1f511}'.repeat(300) } } },
        wants: [['Reset', expect.stringMatching(/; reason: (\u{1f511}){256}$/u)]],
      },
    ])('$says', ({ after, wants }) => {
      expect(told({ secret: enrolled }, { secret: enrolled, ...after })).toEqual(wants);
    });
  });

  describe('of a suspension that ends before its time: why', () => {
    const running = { secret: { ...enrolled, suspended: `${hours(-3)}/${hours(5)}` } };
    const asks = { suspension: { requestedAt: hours(-3), hours: 8 } };
    const early = `the suspension until ${hours(5)} has ended early`;
    const withdrawn = `${early}: it is no longer asked for, or the platform no longer allows it; phase is Enforced`;

    test.each<{ readonly says: string; readonly after: Given; readonly wants: string }>([
      {
        says: 'the platform allows less now',
        after: { ...running, asks, platform: { maxSuspensionHours: 4 } },
        wants:
          `${early}: spec.twoFactor.suspension.hours is 8; the platform allows at most 4 ` +
          '(spec.twoFactor.maxSuspensionHours), so the whole suspension is refused; phase is Enforced',
      },
      { says: 'it was taken back', after: running, wants: withdrawn },
      { says: 'taken back with its platform gone', after: { ...running, platform: 'missing' }, wants: withdrawn },
      {
        says: 'the platform was switched off',
        after: { ...running, asks, platform: { state: 'Disabled' } },
        wants: `${early}: second factor is off; phase is Off`,
      },
      {
        says: 'the Secret is gone',
        after: { asks },
        wants: `${early}: the login is refused, see Ready; phase is Blocked`,
      },
    ])('$says', ({ after, wants }) => {
      const notes = told({ ...running, asks }, after);
      expect(notes.filter(([reason]) => reason === 'SuspensionEnded')).toEqual([['SuspensionEnded', wants]]);
    });

    test('in time', () => {
      const notes = told({ ...running, asks }, { ...running, asks }, now + 5 * 3_600_000);
      expect(notes).toEqual([['SuspensionEnded', 'the suspension is over; phase is Enforced']]);
    });
  });
});
