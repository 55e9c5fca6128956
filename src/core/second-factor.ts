import { failureMemoryMs, failuresKept, type Browser } from '../api/failures.ts';
import { hourMs, secondMs, type Instant } from '../api/instants.ts';
import {
  isOrphaned,
  isOurs,
  readRecord,
  type EnrollmentCode,
  type ReadRecord,
  type SecretRecord,
} from '../api/record.ts';
import { contains } from '../api/windows.ts';

/** Why a login is refused. */
type DenyReason = 'NoSecret' | 'Orphaned' | 'SecretInvalid' | 'Refused' | 'SeedLost' | 'Locked' | 'EnrollmentExpired';

/** What a login meets: nothing, the QR, the question for a code, or a refusal. */
export type Verdict =
  | { readonly kind: 'none'; readonly reason: 'Off' }
  | { readonly kind: 'none'; readonly reason: 'Suspended'; readonly until: Instant }
  /** Shows the QR, after the enrolment code where one is asked for; no code is judged before `notBefore`. */
  | { readonly kind: 'enroll'; readonly enrollmentCode: EnrollmentCode; readonly notBefore?: Instant }
  | { readonly kind: 'code'; readonly notBefore?: Instant }
  /** `until`: when it ends by itself. `annotation`: what could not be trusted. */
  | { readonly kind: 'deny'; readonly reason: DenyReason; readonly until?: Instant; readonly annotation?: string };

/** 100 wrong codes in a row: bind anew (NIST SP 800-63B, section on rate limiting). */
export const rowLimit = 100;
/** From the fifth wrong code in a row the next one has to wait, twice as long each time. */
const firstDelayed = 5;
const firstDelayMs = 30 * secondMs;
const longestDelayMs = hourMs;

const deny = (reason: DenyReason, more: { until?: Instant; annotation?: string } = {}): Verdict => ({
  kind: 'deny',
  reason,
  ...more,
});

/** Instants of the wrong codes from this kind of browser that no unlock has forgiven, oldest first. */
const counted = ({ failures, unlockedAt }: ReadRecord, now: Instant, browser: Browser): readonly Instant[] => {
  const forgivenUpTo = unlockedAt !== undefined && unlockedAt <= now ? unlockedAt : -Infinity;
  return failures[browser].map((seconds) => seconds * secondMs).filter((instant) => instant > forgivenUpTo);
};

const locked = (record: ReadRecord, now: Instant, wrong: readonly Instant[]): Verdict | undefined => {
  if (record.failures.row >= rowLimit) return deny('Locked');
  const remembered = wrong.filter((instant) => instant + failureMemoryMs > now);
  const [oldest] = remembered;
  if (oldest === undefined || remembered.length < failuresKept) return undefined;
  return deny('Locked', { until: oldest + failureMemoryMs });
};

const waiting = (record: ReadRecord, now: Instant, wrong: readonly Instant[]): { notBefore?: Instant } => {
  const inRow = Math.min(record.failures.row, wrong.length);
  const last = wrong.at(-1);
  if (last === undefined || inRow < firstDelayed) return {};
  const notBefore = last + Math.min(firstDelayMs * 2 ** (inRow - firstDelayed), longestDelayMs);
  return now < notBefore ? { notBefore } : {};
};

/** Whether the QR of a seed that nobody scanned may still be shown, and the code then asked for. */
export type Enrollment = { readonly kind: 'expired' } | { readonly kind: 'open'; readonly code: EnrollmentCode };

/** What has ended counts as ended: the time to enrol, and a code, which is then as good as not issued. */
export const enrollmentAt = ({ enrollUntil, enrollmentCode }: ReadRecord, now: Instant): Enrollment => {
  if (enrollUntil !== undefined && now >= enrollUntil) return { kind: 'expired' };
  const isLapsed = enrollmentCode.kind === 'issued' && now >= enrollmentCode.expiresAt;
  return { kind: 'open', code: isLapsed ? { kind: 'notIssued' } : enrollmentCode };
};

const whenRequired = (record: ReadRecord, now: Instant, browser: Browser): Verdict => {
  const window = record.suspended.find((each) => contains(each, now));
  if (window) return { kind: 'none', reason: 'Suspended', until: window.until };
  if (record.mintedAt === undefined) return deny('SeedLost');
  const wrong = counted(record, now, browser);
  const lock = locked(record, now, wrong);
  if (lock) return lock;
  if (record.enrolledAt !== undefined) return { kind: 'code', ...waiting(record, now, wrong) };
  const enrollment = enrollmentAt(record, now);
  if (enrollment.kind === 'expired') return deny('EnrollmentExpired');
  return { kind: 'enroll', enrollmentCode: enrollment.code, ...waiting(record, now, wrong) };
};

/**
 * What a login must do at an instant, from the account's Secret alone: the one rule that the login service, the command
 * line and `status.phase` share. It fails closed: what is absent, foreign or unreadable is refused.
 * An instant at which something ends counts as ended: a window, the time to enrol, a code, a lock.
 *
 * @param record type and annotations of the Secret under the account's name; undefined if there is none
 * @param browser whether the login service knows the browser; each kind has its own count of wrong codes
 */
export const secondFactor = (record: SecretRecord | undefined, now: Instant, browser: Browser = 'unknown'): Verdict => {
  if (!record || !isOurs(record)) return deny('NoSecret');
  if (isOrphaned(record)) return deny('Orphaned');
  const read = readRecord(record);
  if ('annotation' in read) return deny('SecretInvalid', { annotation: read.annotation });
  if (read.secondFactor === 'off') return { kind: 'none', reason: 'Off' };
  return read.secondFactor === 'required' ? whenRequired(read, now, browser) : deny('Refused');
};
