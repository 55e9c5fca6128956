import { hashEnrollmentCode, inGroups, newEnrollmentCode } from '../../api/enrollment-code.ts';
import { formatSeconds, hourMs, parseSeconds, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { systemRandom } from '../../host/random.ts';
import type { Account } from '../cluster/objects.ts';
import { hoursOf, instantOf } from './asked.ts';
import { refused, whereOff, withoutPlatform } from './effect.ts';
import type { Change, Deed, IssuedCode, WaitResult } from './plan.ts';
import { inForce, notInForce, troubleOf, whileOff } from './wait-results.ts';

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

const codeWhileSuspended = ({ spec, status = {} }: Account): WaitResult | undefined => {
  const { phase, suspendedUntil = '' } = status;
  if (phase !== 'Suspended') return undefined;
  const until = parseSeconds(suspendedUntil) ?? Infinity;
  const expiresAt = parseSpecInstant(spec.twoFactor?.enrollmentCode?.expiresAt ?? '') ?? Infinity;
  return until < expiresAt
    ? inForce(`once the suspension is over (${suspendedUntil}), the QR code is shown to who also types the code`)
    : notInForce(`suspended until ${suspendedUntil}, and no QR code is shown before: the code expires until then`);
};

/** `code`: a new enrolment code, shown once. */
export const codeDeed = (options: CodeOptions): Deed => {
  validHoursOf(options);
  return {
    asks: 'issue a new enrolment code for',
    verbs: ['patch', 'reset'],
    isDated: false,
    requestedAt: instantOf('--requested-at', options.requestedAt),
    plan: (account, context) => {
      const { requestedAt } = context;
      const { name } = account.metadata;
      const { enrolledAt } = account.status ?? {};
      const off = whereOff(account, context, 'a code') ?? withoutPlatform(account, context, 'a code');
      if (off) return off;
      if (enrolledAt !== undefined) {
        const anew = `kubectl twofactor reset ${name} --with-code asks it to enrol anew`;
        return refused(`already enrolled ${enrolledAt}: ${anew}`);
      }
      const { change, code } = issueCode(account, requestedAt, options);
      const at = formatSeconds(requestedAt);
      return code
        ? { kind: 'change', changes: [change], done: `given a new enrolment code, requested ${at}`, code }
        : { kind: 'change', changes: [change], done: `enrolment code of ${at} was issued and shown before` };
    },
    waitResult: (account) =>
      whileOff(account, 'no QR code is shown') ??
      troubleOf(account, ['SuspensionTooLong', 'StorageWentBack']) ??
      codeWhileSuspended(account) ??
      inForce('the QR code is shown to who also types the code'),
  };
};
