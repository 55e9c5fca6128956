import { formatSeconds, parseMilliseconds, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { offMessages } from '../../core/account-conditions.ts';
import { readAccount, understood } from '../../core/wishes.ts';
import { isSoon, type Account } from '../cluster/objects.ts';
import { writtenAt } from '../cluster/ownership.ts';
import { usageFailure } from '../frame/failure.ts';
import { instantOf, reasonOf } from '../frame/option-values.ts';
import { issueCode, validHoursOf, type CodeOptions } from './code.ts';
import { offReasonSeen, refused, whereOff, withoutPlatform, type RefusedPlan } from './no-effect.ts';
import type { Change, AccountCommand, AccountPlan, PlanContext } from './plan.ts';
import { isSame, replacedBy } from './present-request.ts';
import { qrShown } from './qr-shown.ts';
import { troubleOf, whileOff } from './wait-results.ts';

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

const whyNoReset = (account: Account, context: PlanContext): RefusedPlan | undefined => {
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

/** The QR code asks for a code that nobody has, and so shuts out until one is issued. */
const refusedWithoutCode = (account: Account, { requestedAt, platformOf }: PlanContext): RefusedPlan | undefined => {
  const code = understood(readAccount(account.spec))?.enrollmentCode;
  const hasOne = code ? requestedAt < code.expiresAt : platformOf(account)?.codeRequired !== true;
  if (hasOne) return undefined;
  const which = code ? `the one issued is valid until ${formatSeconds(code.expiresAt)} only` : 'none is issued';
  return refused(`the QR code would ask for an enrolment code, and ${which}: add --with-code`);
};

/** A reset keeps wrong codes in mind: it is no unlock. */
const whileLocked = ({ metadata, status }: Account, shows: string): string | undefined => {
  if (status?.phase !== 'Locked') return undefined;
  const { lockedUntil } = status;
  const how =
    lockedUntil === undefined ? 'may stay locked for earlier wrong codes' : `stays locked until ${lockedUntil}`;
  return `the login ${how}: kubectl twofactor unlock ${metadata.name}; then it ${shows}`;
};

/** What was asked for, and what a login meets then as far as that is known beforehand. */
const doneOf = (account: Account, context: PlanContext, at: string, withCode: boolean): string => {
  const { now, requestedAt, platformOf } = context;
  const asksForCode =
    withCode || account.spec.twoFactor?.enrollmentCode !== undefined || platformOf(account)?.codeRequired === true;
  const shows = asksForCode ? 'asks for the enrolment code, then shows a new QR code' : 'shows a new QR code';
  if (!isSoon(requestedAt, now)) return `reset, due ${at}; the next login after that ${shows}`;
  const off = offReasonSeen(account, context);
  const then = off ? `it waits: ${offMessages[off]}` : (whileLocked(account, shows) ?? `the next login ${shows}`);
  return `reset, requested ${at}; ${then}`;
};

const planReset = (account: Account, context: PlanContext, options: ResetOptions): AccountPlan => {
  const { withCode = false } = options;
  const { requestedAt } = context;
  const at = formatSeconds(requestedAt);
  const value = { requestedAt: at, ...reasonOf(options.reason) };
  const isRepeated = isSame(account.spec.twoFactor?.reset, value);
  // repeated it changes nothing, and where it waits a code may be issued until then
  const needsNoCode = withCode || isRepeated || offReasonSeen(account, context) !== undefined;
  const why = whyNoReset(account, context) ?? (needsNoCode ? undefined : refusedWithoutCode(account, context));
  if (why) return why;
  const reset: Change = { field: 'reset', value };
  const plan = { kind: 'change', ...replacedBy(account, 'reset', context) } as const;
  const done = isRepeated ? `reset of ${at} was requested before` : doneOf(account, context, at, withCode);
  if (!withCode) return { ...plan, changes: [reset], done };
  const { change, code } = issueCode(account, requestedAt, options);
  // the code first: a QR code must not be shown without it
  const changes = [change, reset];
  return code
    ? { ...plan, changes, done, code }
    : { ...plan, changes, done: `${done}; its enrolment code was shown then` };
};

/** `reset`: the next login shows a new QR code, after a new enrolment code if that is asked for. */
export const resetCommand = (options: ResetOptions): AccountCommand => {
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
      const { seedMintedAt = '' } = account.status ?? {};
      if ((parseMilliseconds(seedMintedAt) ?? -Infinity) >= requestedAt) {
        const { isInForce, says } = qrShown(account);
        return { isInForce, says: `a new seed was minted${isInForce ? ';' : ', but'} ${says}` };
      }
      return troubleOf(account, ['SuspensionTooLong']) ?? whileOff(account, 'reset waits');
    },
  };
};
