import { hashEnrollmentCode, inGroups, newEnrollmentCode } from '../../api/enrollment-code.ts';
import {
  formatSeconds,
  hourMs,
  parseMilliseconds,
  parseSeconds,
  parseSpecInstant,
  type Instant,
} from '../../api/instants.ts';
import { offMessages } from '../../core/account-conditions.ts';
import { conditionOf } from '../../core/conditions.ts';
import { unlockDone } from '../../core/notes.ts';
import { rowLimit } from '../../core/second-factor.ts';
import { systemRandom } from '../../host/random.ts';
import type { Account } from '../cluster/objects.ts';
import { writtenAt } from '../cluster/ownership.ts';
import { usageFailure } from '../frame/failure.ts';
import { hoursOf, instantOf, isSame, isSoon, reasonOf } from './asked.ts';
import { offReasonSeen, refused, whereOff, withoutPlatform } from './effect.ts';
import { enforcedReason, inForce, notInForce, troubleOf, whileOff } from './outcomes.ts';
import type { Change, Deed, IssuedCode, Outcome, Plan, Surroundings } from './plan.ts';

interface RequestOptions {
  readonly reason?: string;
  readonly requestedAt?: string;
}

interface CodeOptions {
  readonly validHours?: string;
  readonly requestedAt?: string;
}

export interface ResetOptions extends RequestOptions, CodeOptions {
  readonly withCode?: boolean;
}

const validHoursOf = ({ validHours = '168' }: CodeOptions): number => hoursOf('--valid-hours', validHours);

interface Issue {
  readonly change: Change;
  readonly code?: IssuedCode;
}

/**
 * A new enrolment code for one account. Where the request's date was named, a code that ends at the very same instant is of
 * that request: it was shown then, and another would void it.
 */
const issue = (account: Account, requestedAt: Instant, options: CodeOptions): Issue => {
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

/** A request still to come, or one later than this: replacing it would withdraw it. */
const replacedBy = (account: Account, field: 'reset' | 'unlock', { now, requestedAt }: Surroundings) => {
  const present = account.spec.twoFactor?.[field];
  const at = parseSpecInstant(present?.requestedAt ?? '');
  if (!present || at === undefined || at === requestedAt || (at <= requestedAt && isSoon(at, now))) return {};
  const reason = present.reason === undefined ? '' : ` (${present.reason})`;
  return { replaces: `the ${field} ${isSoon(at, now) ? 'of' : 'due'} ${formatSeconds(at)}${reason}` };
};

/** A seed that is newer than the request is not voided by it, and so is in force only if this very request minted it. */
const isSeedNewer = (account: Account, requestedAt: Instant): boolean => {
  const mintedAt = parseMilliseconds(account.status?.seedMintedAt ?? '') ?? -Infinity;
  if (mintedAt < requestedAt) return false;
  const present = parseSpecInstant(account.spec.twoFactor?.reset?.requestedAt ?? '');
  return present !== requestedAt || mintedAt < (writtenAt(account, 'reset') ?? Infinity);
};

const whyNoReset = (account: Account, around: Surroundings): ReturnType<typeof refused> | undefined => {
  const { seedMintedAt } = account.status ?? {};
  const off = offReasonSeen(account, around);
  if (off === 'Removed' || (off && seedMintedAt === undefined)) return whereOff(account, around, 'a reset');
  if (isSeedNewer(account, around.requestedAt)) {
    const at = formatSeconds(around.requestedAt);
    return refused(
      `a reset of ${at} has no effect: the seed is newer, minted ${seedMintedAt ?? ''}; nothing was changed`,
    );
  }
  return withoutPlatform(account, around, 'a reset');
};

const doneOf = (account: Account, around: Surroundings, value: { readonly requestedAt: string }): string => {
  const { now, requestedAt } = around;
  const at = value.requestedAt;
  const off = offReasonSeen(account, around);
  if (isSame(account.spec.twoFactor?.reset, value)) return `reset of ${at} was requested before`;
  if (!isSoon(requestedAt, now)) return `reset, due ${at}; the next login after that shows a new QR code`;
  return `reset, requested ${at}; ${off ? `it waits: ${offMessages[off]}` : 'the next login shows a new QR code'}`;
};

const planReset = (account: Account, around: Surroundings, options: ResetOptions): Plan => {
  const why = whyNoReset(account, around);
  if (why) return why;
  const { requestedAt } = around;
  const value = { requestedAt: formatSeconds(requestedAt), ...reasonOf(options.reason) };
  const reset: Change = { field: 'reset', value };
  const plan = { kind: 'change', ...replacedBy(account, 'reset', around) } as const;
  const done = doneOf(account, around, value);
  if (!options.withCode) return { ...plan, changes: [reset], done };
  const { change, code } = issue(account, requestedAt, options);
  // the code first: a QR code must not be shown without it
  const changes = [change, reset];
  return code
    ? { ...plan, changes, done, code }
    : { ...plan, changes, done: `${done}; its enrolment code was shown then` };
};

/** `reset`: the next login shows a new QR code, after a new enrolment code if that is asked for. */
export const resetDeed = (options: ResetOptions): Deed => {
  reasonOf(options.reason);
  if (options.validHours !== undefined && !options.withCode) {
    throw usageFailure('--valid-hours is of an enrolment code: say --with-code too');
  }
  validHoursOf(options);
  return {
    asks: 'void the seed of',
    verbs: ['patch', 'reset'],
    isDated: true,
    requestedAt: instantOf('--requested-at', options.requestedAt),
    plan: (account, around) => planReset(account, around, options),
    outcome: (account, { requestedAt }) => {
      const { phase, seedMintedAt = '' } = account.status ?? {};
      if ((parseMilliseconds(seedMintedAt) ?? -Infinity) >= requestedAt) {
        const shown = phase === 'Suspended' ? 'once the suspension is over, the' : 'the next';
        return inForce(`a new seed was minted; ${shown} login shows a new QR code`);
      }
      return troubleOf(account, ['SuspensionTooLong']) ?? whileOff(account, 'reset waits');
    },
  };
};

const isLockedForGood = ({ status }: Account): boolean =>
  status?.phase === 'Locked' && status.lockedUntil === undefined;

const needsReset = ({ metadata }: Account): string =>
  `${rowLimit} wrong codes in a row: only kubectl twofactor reset ${metadata.name} lifts that`;

const isUnlockDone = ({ status = {} }: Account, at: Instant): boolean =>
  unlockDone(at).isIn(conditionOf(status, 'Ready')?.message ?? '');

const unlockOutcome = (account: Account, requestedAt: Instant): Outcome | undefined => {
  if (isLockedForGood(account)) return notInForce(needsReset(account));
  const trouble = troubleOf(account, ['SuspensionTooLong', 'StorageWentBack']);
  if (trouble) return trouble;
  if (!isUnlockDone(account, requestedAt)) return undefined;
  const { phase, lockedUntil = '' } = account.status ?? {};
  return phase === 'Locked'
    ? notInForce(`locked again until ${lockedUntil}: there were more wrong codes since`)
    : inForce('wrong codes up to now do not count');
};

/** `unlock`: wrong codes up to now no longer delay or lock. */
export const unlockDeed = (options: RequestOptions): Deed => {
  const reason = reasonOf(options.reason);
  return {
    asks: 'forget the wrong codes of',
    verbs: ['patch', 'unlock'],
    isDated: true,
    requestedAt: instantOf('--requested-at', options.requestedAt),
    plan: (account, around) => {
      const { now, requestedAt } = around;
      if (isLockedForGood(account)) return refused(needsReset(account));
      const why = withoutPlatform(account, around, 'an unlock');
      if (why) return why;
      const value = { requestedAt: formatSeconds(requestedAt), ...reason };
      const at = value.requestedAt;
      const isRepeated = isSame(account.spec.twoFactor?.unlock, value);
      const when = isSoon(requestedAt, now) ? 'requested' : 'due';
      const done = isRepeated ? `unlock of ${at} was requested before` : `unlocked, ${when} ${at}`;
      return { kind: 'change', changes: [{ field: 'unlock', value }], done, ...replacedBy(account, 'unlock', around) };
    },
    outcome: (account, { requestedAt }) => unlockOutcome(account, requestedAt),
  };
};

const codeWhileSuspended = ({ spec, status = {} }: Account): Outcome | undefined => {
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
    plan: (account, around) => {
      const { requestedAt } = around;
      const { name } = account.metadata;
      const { enrolledAt } = account.status ?? {};
      const off = whereOff(account, around, 'a code') ?? withoutPlatform(account, around, 'a code');
      if (off) return off;
      if (enrolledAt !== undefined) {
        const anew = `kubectl twofactor reset ${name} --with-code asks it to enrol anew`;
        return refused(`already enrolled ${enrolledAt}: ${anew}`);
      }
      const { change, code } = issue(account, requestedAt, options);
      const at = formatSeconds(requestedAt);
      return code
        ? { kind: 'change', changes: [change], done: `given a new enrolment code, requested ${at}`, code }
        : { kind: 'change', changes: [change], done: `enrolment code of ${at} was issued and shown before` };
    },
    outcome: (account) =>
      whileOff(account, 'no QR code is shown') ??
      troubleOf(account, ['SuspensionTooLong', 'StorageWentBack']) ??
      codeWhileSuspended(account) ??
      inForce('the QR code is shown to who also types the code'),
  };
};

/** `remove` and `enable`: the account's own switch. */
export const stateDeed = (state: 'Removed' | 'Enabled'): Deed => {
  const isRemoval = state === 'Removed';
  return {
    asks: isRemoval ? 'erase the seed and switch off the second factor of' : 'switch on the second factor of',
    verbs: ['patch', 'remove'],
    isDated: false,
    plan: (account) =>
      account.spec.twoFactor?.state === state
        ? { kind: 'nothing', why: isRemoval ? 'is removed already' : 'is enabled already' }
        : {
            kind: 'change',
            changes: [{ field: 'state', value: state }],
            done: isRemoval ? 'removed; no second factor is asked for' : 'enabled',
          },
    outcome: (account) => {
      const reason = enforcedReason(account);
      if (isRemoval) {
        const trouble = troubleOf(account, ['SuspensionTooLong', 'SecretInvalid']);
        return trouble ?? (reason === 'Removed' ? inForce('the seed is erased') : undefined);
      }
      const trouble = troubleOf(account, ['SuspensionTooLong']);
      if (trouble) return trouble;
      if (reason === 'PlatformDisabled') return notInForce('its platform is switched off');
      const { phase } = account.status ?? {};
      return phase === 'Off' ? undefined : inForce(`the second factor is on: ${phase ?? ''}`);
    },
  };
};
