import { formatSeconds, parseMilliseconds, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { offMessages } from '../../core/account-conditions.ts';
import type { Account } from '../cluster/objects.ts';
import { writtenAt } from '../cluster/ownership.ts';
import { usageFailure } from '../frame/failure.ts';
import { instantOf, isSame, isSoon, reasonOf, replacedBy } from './asked.ts';
import { issueCode, validHoursOf, type CodeOptions } from './code.ts';
import { offReasonSeen, refused, whereOff, withoutPlatform } from './effect.ts';
import type { Change, Deed, Plan, PlanContext } from './plan.ts';
import { inForce, troubleOf, whileOff } from './wait-results.ts';

export interface ResetOptions extends CodeOptions {
  readonly reason?: string;
  readonly withCode?: boolean;
}

/** A seed that is newer than the request is not voided by it, and so is in force only if this very request minted it. */
const isSeedNewer = (account: Account, requestedAt: Instant): boolean => {
  const mintedAt = parseMilliseconds(account.status?.seedMintedAt ?? '') ?? -Infinity;
  if (mintedAt < requestedAt) return false;
  const present = parseSpecInstant(account.spec.twoFactor?.reset?.requestedAt ?? '');
  return present !== requestedAt || mintedAt < (writtenAt(account, 'reset') ?? Infinity);
};

const whyNoReset = (account: Account, context: PlanContext): ReturnType<typeof refused> | undefined => {
  const { seedMintedAt } = account.status ?? {};
  const off = offReasonSeen(account, context);
  if (off === 'Removed' || (off && seedMintedAt === undefined)) return whereOff(account, context, 'a reset');
  if (isSeedNewer(account, context.requestedAt)) {
    const at = formatSeconds(context.requestedAt);
    return refused(
      `a reset of ${at} has no effect: the seed is newer, minted ${seedMintedAt ?? ''}; nothing was changed`,
    );
  }
  return withoutPlatform(account, context, 'a reset');
};

const doneOf = (account: Account, context: PlanContext, value: { readonly requestedAt: string }): string => {
  const { now, requestedAt } = context;
  const at = value.requestedAt;
  const off = offReasonSeen(account, context);
  if (isSame(account.spec.twoFactor?.reset, value)) return `reset of ${at} was requested before`;
  if (!isSoon(requestedAt, now)) return `reset, due ${at}; the next login after that shows a new QR code`;
  return `reset, requested ${at}; ${off ? `it waits: ${offMessages[off]}` : 'the next login shows a new QR code'}`;
};

const planReset = (account: Account, context: PlanContext, options: ResetOptions): Plan => {
  const why = whyNoReset(account, context);
  if (why) return why;
  const { requestedAt } = context;
  const value = { requestedAt: formatSeconds(requestedAt), ...reasonOf(options.reason) };
  const reset: Change = { field: 'reset', value };
  const plan = { kind: 'change', ...replacedBy(account, 'reset', context) } as const;
  const done = doneOf(account, context, value);
  if (!options.withCode) return { ...plan, changes: [reset], done };
  const { change, code } = issueCode(account, requestedAt, options);
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
    plan: (account, context) => planReset(account, context, options),
    waitResult: (account, { requestedAt }) => {
      const { phase, seedMintedAt = '' } = account.status ?? {};
      if ((parseMilliseconds(seedMintedAt) ?? -Infinity) >= requestedAt) {
        const shown = phase === 'Suspended' ? 'once the suspension is over, the' : 'the next';
        return inForce(`a new seed was minted; ${shown} login shows a new QR code`);
      }
      return troubleOf(account, ['SuspensionTooLong']) ?? whileOff(account, 'reset waits');
    },
  };
};
