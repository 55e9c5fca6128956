import { codeHash, enrolled, hours, now, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const steady = { secret: enrolled, status: remembered };
const suspension = (from: number, length: number) => ({ suspension: { requestedAt: hours(from), hours: length } });
const wrong = JSON.stringify({ row: 0, unknown: Array.from({ length: 25 }, (_, i) => now / 1000 - 90 + i), known: [] });

sentences('requeueAt: the earliest future instant at which the answer changes', [
  { ...steady, says: 'none, where it never does by itself', wants: { requeueAt: undefined } },
  { ...steady, says: 'a suspension’s start', asks: suspension(2, 1), wants: { requeueAt: hours(2) } },
  { ...steady, says: 'of the platform too', platform: suspension(2, 1), wants: { requeueAt: hours(2) } },
  { ...steady, says: 'a window’s end', asks: suspension(-1, 3), wants: { requeueAt: hours(2) } },
  {
    ...steady,
    says: 'a window’s end, of a refused one too',
    asks: suspension(-1, 30),
    wants: { ready: 'False SuspensionTooLong', requeueAt: hours(29) },
  },
  { ...steady, says: 'of the platform’s refused one', platform: suspension(-1, 30), wants: { requeueAt: hours(29) } },
  { ...steady, says: 'a reset’s instant', asks: { reset: { requestedAt: hours(3) } }, wants: { requeueAt: hours(3) } },
  {
    ...steady,
    says: 'of the platform’s',
    platform: { reset: { requestedAt: hours(3) } },
    wants: { requeueAt: hours(3) },
  },
  { ...steady, says: 'an unlock’s', asks: { unlock: { requestedAt: hours(4) } }, wants: { requeueAt: hours(4) } },
  {
    says: 'an unlocked-at that is later than now',
    secret: { ...enrolled, 'unlocked-at': hours(4) },
    wants: { requeueAt: hours(4) },
  },
  {
    says: 'an enrolment’s end',
    platform: { enrollment: { windowHours: 1000 } },
    secret: unscanned,
    wants: { requeueAt: '2026-12-13T02:00:00Z' },
  },
  {
    says: 'a code’s end',
    asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(5) } },
    secret: unscanned,
    wants: { requeueAt: hours(5) },
  },
  {
    says: 'not a code’s of who is enrolled',
    asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(5) } },
    ...steady,
    wants: { requeueAt: undefined },
  },
  { says: 'a lock’s end', secret: { ...enrolled, failures: wrong }, wants: { requeueAt: '2026-12-25T11:58:30Z' } },
  {
    says: 'the earliest of several',
    asks: { ...suspension(4, 1), reset: { requestedAt: hours(3) }, unlock: { requestedAt: hours(2) } },
    ...steady,
    wants: { requeueAt: hours(2) },
  },
  {
    says: 'an end in the Secret, without a platform',
    platform: 'missing',
    asks: suspension(-1, 3),
    secret: { ...enrolled, suspended: `${hours(-1)}/${hours(1)}` },
    wants: { requeueAt: hours(1) },
  },
  {
    says: 'a start, without a platform: from then on a window needs no shrinking that could not be written',
    platform: 'missing',
    asks: suspension(1, 2),
    secret: { ...enrolled, suspended: `${hours(-1)}/${hours(3)}` },
    refusedWrite: { status: 403, field: 'x', retryAt: Date.parse(hours(2)) },
    wants: { act: 'keep', phase: 'Suspended', requeueAt: hours(1) },
  },
  {
    says: 'while it is off',
    platform: { state: 'Disabled' },
    asks: { reset: { requestedAt: hours(3) } },
    ...steady,
    wants: { requeueAt: hours(3) },
  },
  {
    says: 'of one that can’t be trusted, a window’s end: from then on nothing is to be withdrawn',
    secret: { ...enrolled, failures: '?', suspended: `${hours(-1)}/${hours(1)}` },
    refusedWrite: { status: 403, field: 'x', retryAt: Date.parse(hours(2)) },
    wants: { ready: 'False WriteFailed', requeueAt: hours(1) },
  },
  {
    says: 'a record that can’t be trusted has none of its own',
    secret: { ...enrolled, failures: '?', 'unlocked-at': hours(4) },
    wants: { requeueAt: undefined },
  },
]);
