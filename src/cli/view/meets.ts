import type { MailAccountStatus } from '../../api/generated/mail-account.ts';
import { parseSeconds, type Instant } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Account } from '../cluster/objects.ts';
import type { Tone } from '../frame/terminal.ts';

/** What a login meets, as the account's status says it. */
export interface Meets {
  readonly login: 'code' | 'QR code' | 'no code' | 'refused' | 'unknown';
  readonly tone: Tone;
  /** When it ends by itself, RFC 3339. */
  readonly until?: string | undefined;
  readonly why: string;
}

const offReasons: Readonly<Record<string, string>> = {
  Removed: 'removed on request',
  PlatformDisabled: 'the platform is switched off',
  DisabledByDefault: "off by the platform's default",
};

const hasEnded = (until: string | undefined, now: Instant): boolean =>
  until !== undefined && (parseSeconds(until) ?? Infinity) <= now;

const whyOff = ({ status = {} }: Account): string => {
  const enforced = conditionOf(status, 'Enforced');
  return offReasons[enforced?.reason ?? ''] ?? enforced?.message ?? 'off';
};

/** A suspension without a reason of the account's own is the platform's, or came without one. */
const whySuspended = ({ spec }: Account): string => {
  const suspension = spec.twoFactor?.suspension;
  if (!suspension) return "the platform's suspension";
  return suspension.reason === undefined ? 'suspended' : `suspended: ${suspension.reason}`;
};

/** A suspension ends on the second, though the operator has not said so yet. */
const afterSuspension = ({ status = {} }: Account): Meets =>
  status.enrolledAt === undefined
    ? { login: 'QR code', tone: 'attention', why: 'the suspension is over; not enrolled' }
    : { login: 'code', tone: 'good', why: 'the suspension is over' };

const whyBlocked = ({ status = {} }: Account): string => {
  const [ready, enforced] = [conditionOf(status, 'Ready'), conditionOf(status, 'Enforced')];
  const said = ready?.status === 'False' ? ready : enforced;
  return said ? `${said.reason}: ${said.message}` : 'blocked';
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
      if (hasEnded(status.suspendedUntil, now)) return afterSuspension(account);
      return { login: 'no code', tone: 'attention', until: status.suspendedUntil, why: whySuspended(account) };
    case 'Enrolling':
      return { login: 'QR code', tone: 'attention', why: conditionOf(status, 'Enrolled')?.message ?? 'not enrolled' };
    case 'Enforced':
      return { login: 'code', tone: 'good', why: `enrolled ${status.enrolledAt ?? ''}`.trim() };
    case 'Locked': {
      const why = conditionOf(status, 'Enforced')?.message ?? 'too many wrong codes';
      return { login: 'refused', tone: 'bad', until: status.lockedUntil, why: `locked: ${why}` };
    }
    case 'Blocked':
      return { login: 'refused', tone: 'bad', why: whyBlocked(account) };
  }
};

/** A problem that does not keep anybody out is told too: a refused suspension, say. */
const besides = ({ status = {} }: Account, { login }: Meets): string => {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'False' && login !== 'refused' ? `; ${ready.reason}: ${ready.message}` : '';
};

/** What a login meets now, until when, and why. */
export const meetsNow = (account: Account, now: Instant): Meets => {
  const { metadata, status = {} } = account;
  const meets = byPhase(account, now);
  const isBehind = status.phase !== undefined && (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  const why = `${meets.why}${besides(account, meets)}${isBehind ? '; a change is not yet taken up' : ''}`;
  return { ...meets, why };
};
