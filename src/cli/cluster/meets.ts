import type { MailAccountStatus } from '../../api/generated/mail-account.ts';
import { hourMs, parseSeconds, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { OffReason } from '../../core/findings.ts';
import type { Tone } from '../frame/terminal.ts';
import { isBehind, isSoon, type Account } from './objects.ts';

/** What a login meets, as the account's status says it. */
export interface Meets {
  /** `another account`: that has the address, and decides. */
  readonly login: 'code' | 'QR code' | 'no code' | 'refused' | 'another account' | 'unknown';
  readonly tone: Tone;
  /** When it ends by itself, RFC 3339. */
  readonly until?: string | undefined;
  readonly why: string;
  /** What stands before the QR code, if anything does: a code that somebody has, or one that nobody can have. */
  readonly enrollmentCode?: 'issued' | 'notIssued' | undefined;
}

const offReasons: Readonly<Record<OffReason, string>> = {
  Removed: 'removed on request',
  PlatformDisabled: 'the platform is switched off',
  DisabledByDefault: "off by the platform's default",
};

const isOffReason = (reason: string): reason is OffReason => Object.hasOwn(offReasons, reason);

/** What the status says is of an earlier spec; where it says nothing yet, it is of none. */
export const isOutdated = (account: Account): boolean => account.status?.phase !== undefined && isBehind(account);

export const outdated = 'a change is not yet taken up';

export const hasEnded = (until: string | undefined, now: Instant): boolean =>
  until !== undefined && (parseSeconds(until) ?? Infinity) <= now;

const whyOff = ({ status = {} }: Account): string => {
  const { reason = '', message = 'off' } = conditionOf(status, 'Enforced') ?? {};
  return isOffReason(reason) ? offReasons[reason] : message;
};

/** Who asked for the suspension that is open. */
type SuspendedBy =
  | { readonly who: 'account'; readonly reason: string | undefined }
  | { readonly who: 'platform' }
  /** The spec is not the one that the status speaks of. */
  | { readonly who: 'unknown' };

export const suspendedBy = (account: Account, now: Instant): SuspendedBy => {
  if (isBehind(account)) return { who: 'unknown' };
  const { suspension } = account.spec.twoFactor ?? {};
  const from = parseSpecInstant(suspension?.requestedAt ?? '') ?? Infinity;
  const isOpen = suspension && isSoon(from, now) && now < from + suspension.hours * hourMs;
  return isOpen ? { who: 'account', reason: suspension.reason } : { who: 'platform' };
};

const whySuspended = (account: Account, now: Instant): string => {
  const by = suspendedBy(account, now);
  if (by.who === 'platform') return "the platform's suspension";
  return by.who === 'account' && by.reason !== undefined ? `suspended: ${by.reason}` : 'suspended';
};

/** The enrolment code is in force until it ends, or the operator says that there is none. */
const codeBeforeQr = (account: Account, now: Instant): Meets['enrollmentCode'] => {
  const { enrollmentCode: code } = account.spec.twoFactor ?? {};
  const isMissing = conditionOf(account.status ?? {}, 'Enrolled')?.reason === 'EnrollmentCodeRequired';
  if (!code) return isMissing ? 'notIssued' : undefined;
  const isValid = now < (parseSpecInstant(code.expiresAt) ?? -Infinity);
  return isValid && (!isMissing || isBehind(account)) ? 'issued' : 'notIssued';
};

const enrolling = (account: Account, now: Instant, why: string): Meets => {
  const enrollmentCode = codeBeforeQr(account, now);
  const meets = { login: 'QR code', tone: 'attention', enrollmentCode } as const;
  if (enrollmentCode === undefined) return { ...meets, why };
  const { name } = account.metadata;
  const lapsed = `nobody can enrol until a new enrolment code is issued (kubectl twofactor code ${name})`;
  if (enrollmentCode === 'notIssued') return { ...meets, why: `${why}; ${lapsed}` };
  const until = account.spec.twoFactor?.enrollmentCode?.expiresAt ?? '';
  return {
    ...meets,
    why: `${why}; the QR code is shown after password and enrolment code, which is valid until ${until}`,
  };
};

/** A suspension and a lock end on the second, though the operator has not said so yet. */
const after = (what: string, account: Account, now: Instant): Meets =>
  account.status?.enrolledAt === undefined
    ? enrolling(account, now, `${what} is over; not enrolled`)
    : { login: 'code', tone: 'good', why: `${what} is over` };

const blocked = ({ status = {} }: Account): Meets => {
  const [ready, enforced] = [conditionOf(status, 'Ready'), conditionOf(status, 'Enforced')];
  const said = ready?.status === 'False' ? ready : enforced;
  const why = said ? `${said.reason}: ${said.message}` : 'blocked';
  return { login: enforced?.reason === 'AddressInUse' ? 'another account' : 'refused', tone: 'bad', why };
};

const byPhase = (account: Account, now: Instant): Meets => {
  const status: MailAccountStatus = account.status ?? {};
  if (status.phase === undefined) {
    return { login: 'unknown', tone: 'attention', why: 'the operator has not looked at it yet' };
  }
  switch (status.phase) {
    case 'Off':
      return { login: 'no code', tone: 'attention', why: whyOff(account) };
    case 'Suspended':
      if (hasEnded(status.suspendedUntil, now)) return after('the suspension', account, now);
      return { login: 'no code', tone: 'attention', until: status.suspendedUntil, why: whySuspended(account, now) };
    case 'Enrolling':
      return enrolling(account, now, conditionOf(status, 'Enrolled')?.message ?? 'not enrolled');
    case 'Enforced':
      return { login: 'code', tone: 'good', why: `enrolled ${status.enrolledAt ?? ''}`.trim() };
    case 'Locked': {
      if (hasEnded(status.lockedUntil, now)) return after('the lock', account, now);
      const why = conditionOf(status, 'Enforced')?.message ?? 'too many wrong codes';
      return { login: 'refused', tone: 'bad', until: status.lockedUntil, why: `locked: ${why}` };
    }
    case 'Blocked':
      return blocked(account);
  }
};

/** A problem that does not keep anybody out is told too: a refused suspension, say. */
const besides = ({ status = {} }: Account): string => {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'False' && status.phase !== 'Blocked' ? `; ${ready.reason}: ${ready.message}` : '';
};

/** What a login meets now, until when, and why. */
export const meetsNow = (account: Account, now: Instant): Meets => {
  const meets = byPhase(account, now);
  const why = `${meets.why}${besides(account)}${isOutdated(account) ? `; ${outdated}` : ''}`;
  return { ...meets, why };
};
