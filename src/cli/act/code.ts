import { hashEnrollmentCode, inGroups, newEnrollmentCode } from '../../api/enrollment-code.ts';
import { formatSeconds, hourMs, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { systemRandom } from '../../host/random.ts';
import { isBehind, type Account } from '../cluster/objects.ts';
import { hoursOf, instantOf } from '../frame/option-values.ts';
import { refused, whereOff, withoutPlatform, type RefusedPlan } from './no-effect.ts';
import type { Change, AccountCommand, IssuedCode, AccountPlan, PlanContext } from './plan.ts';
import { qrShown, whyExpired, whyLocked } from './qr-shown.ts';
import { troubleOf } from './wait-results.ts';

export interface CodeOptions {
  readonly validHours?: string;
  readonly requestedAt?: string;
}

export const validHoursOf = ({ validHours = '168' }: CodeOptions): number => hoursOf('--valid-hours', validHours);

interface Issue {
  readonly change: Change;
  readonly code?: IssuedCode;
}

/**
 * A new enrolment code for one account. Where the request's date was named, a code that ends at the very same instant is of
 * that request: it was shown then, and another would void it.
 */
export const issueCode = (account: Account, requestedAt: Instant, options: CodeOptions): Issue => {
  const end = requestedAt + validHoursOf(options) * hourMs;
  const present = account.spec.twoFactor?.enrollmentCode;
  const isRepeated = options.requestedAt !== undefined && parseSpecInstant(present?.expiresAt ?? '') === end;
  if (isRepeated) return { change: { field: 'enrollmentCode', value: present } };
  const code = newEnrollmentCode(systemRandom);
  const expiresAt = formatSeconds(end);
  return {
    change: { field: 'enrollmentCode', value: { hash: hashEnrollmentCode(code, systemRandom), expiresAt } },
    code: { code: inGroups(code), expiresAt },
  };
};

const whyNone = (account: Account, context: PlanContext): RefusedPlan | undefined => {
  const { enrolledAt } = account.status ?? {};
  const off = whereOff(account, context, 'a code') ?? withoutPlatform(account, context, 'a code');
  if (off) return off;
  if (enrolledAt !== undefined) {
    const anew = `kubectl twofactor reset ${account.metadata.name} --with-code asks it to enrol anew`;
    return refused(`already enrolled ${enrolledAt}: ${anew}`);
  }
  // a reset that the operator has not seen yet mints a seed that has not expired
  const expired = isBehind(account) ? undefined : whyExpired(account);
  return expired === undefined ? undefined : refused(`a code has no effect: ${expired}`);
};

const planCode = (account: Account, context: PlanContext, options: CodeOptions): AccountPlan => {
  const why = whyNone(account, context);
  if (why) return why;
  const { change, code } = issueCode(account, context.requestedAt, options);
  const at = formatSeconds(context.requestedAt);
  if (!code) return { kind: 'change', changes: [change], done: `enrolment code of ${at} was issued and shown before` };
  const locked = whyLocked(account);
  const but = locked === undefined ? '' : `; ${locked}`;
  return { kind: 'change', changes: [change], done: `given a new enrolment code, requested ${at}${but}`, code };
};

/** `code`: a new enrolment code, shown once. */
export const codeCommand = (options: CodeOptions): AccountCommand => {
  validHoursOf(options);
  return {
    asks: 'issue a new enrolment code for',
    verbs: ['patch', 'reset'],
    isDated: false,
    requestedAt: instantOf('--requested-at', options.requestedAt),
    plan: (account, context) => planCode(account, context, options),
    waitResult: (account) => troubleOf(account, ['SuspensionTooLong', 'StorageWentBack']) ?? qrShown(account),
  };
};
