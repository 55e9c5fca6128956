import { parseSeconds, parseSpecInstant } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Account } from '../cluster/objects.ts';
import type { WaitResult } from './plan.ts';
import { isLockedForGood, needsReset } from './unlock.ts';
import { inForce, notInForce, whileBlocked, whileOff } from './wait-results.ts';

/** Why the login is refused for now, and what to do. */
export const whyLocked = (account: Account): string | undefined => {
  const { phase, lockedUntil = '' } = account.status ?? {};
  if (phase !== 'Locked') return undefined;
  const unlock = `kubectl twofactor unlock ${account.metadata.name}`;
  return isLockedForGood(account) ? needsReset(account) : `the login is locked until ${lockedUntil}: ${unlock}`;
};

const enrolledReason = ({ status = {} }: Account): string | undefined => conditionOf(status, 'Enrolled')?.reason;

/** Nobody scanned the QR code in the time that there is for it: another seed begins anew. */
export const whyExpired = (account: Account): string | undefined =>
  enrolledReason(account) === 'EnrollmentExpired'
    ? `its QR code was not scanned in time: kubectl twofactor reset ${account.metadata.name} --with-code`
    : undefined;

const whyNoCode = (account: Account): string | undefined =>
  enrolledReason(account) === 'EnrollmentCodeRequired'
    ? `it asks for an enrolment code, and no valid one is issued: kubectl twofactor code ${account.metadata.name}`
    : undefined;

const afterSuspension = (until: string, expiresAt: string | undefined, shows: string): WaitResult => {
  const end = parseSeconds(until) ?? Infinity;
  return expiresAt === undefined || end < (parseSpecInstant(expiresAt) ?? Infinity)
    ? inForce(`once the suspension is over (${until}), the login ${shows}`)
    : notInForce(`until ${until} it is suspended and shows no QR code: the enrolment code expires until then`);
};

/** Whether a login is shown the QR code, to which a reset and a new enrolment code both lead. */
export const qrShown = (account: Account): WaitResult => {
  const { phase, suspendedUntil = '' } = account.status ?? {};
  const why = whyLocked(account) ?? whyExpired(account) ?? whyNoCode(account);
  const not = whileOff(account, 'no QR code is shown') ?? (why === undefined ? whileBlocked(account) : notInForce(why));
  if (not) return not;
  if (phase === 'Enforced') return inForce('it is enrolled: a first code was accepted since');
  const code = account.spec.twoFactor?.enrollmentCode;
  const shows = code ? 'asks for the enrolment code, then shows the QR code' : 'shows the QR code';
  return phase === 'Suspended'
    ? afterSuspension(suspendedUntil, code?.expiresAt, shows)
    : inForce(`the next login ${shows}`);
};
