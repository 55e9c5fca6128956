import { formatSeconds, hourMs, parseSeconds, type Instant } from '../../api/instants.ts';
import { contains } from '../../api/windows.ts';
import { isTooLong, readAccount, understood, type Suspension } from '../../core/wishes.ts';
import { isSoon, type Account } from '../cluster/objects.ts';
import { usageFailure } from '../frame/failure.ts';
import { hoursOf, instantOf, reasonOf } from '../frame/option-values.ts';
import { refused, whereOff, withoutPlatform } from './no-effect.ts';
import type { AccountCommand, AccountPlan, PlanContext } from './plan.ts';
import { isSame } from './present-request.ts';
import { inForce, notInForce, troubleOf, whileBlocked, whileOff } from './wait-results.ts';

export interface SuspendOptions {
  readonly hours?: string;
  readonly reason?: string;
  readonly from?: string;
}

const suspensionOf = ({ spec }: Account): Suspension | undefined => understood(readAccount(spec))?.suspension;

/** `from X until Y (reason)`. */
const describe = ({ from, until }: Suspension, { spec }: Account): string => {
  const reason = spec.twoFactor?.suspension?.reason;
  return `from ${formatSeconds(from)} until ${formatSeconds(until)}${reason === undefined ? '' : ` (${reason})`}`;
};

const planSuspension = (
  account: Account,
  context: PlanContext,
  hours: number,
  reason: { readonly reason?: string },
): AccountPlan => {
  const { now, requestedAt, platformOf } = context;
  // one still to come may find it switched on
  const off = isSoon(requestedAt, now) ? whereOff(account, context, 'a suspension') : undefined;
  const without = off ?? withoutPlatform(account, context, 'a suspension');
  if (without) return without;
  const until = formatSeconds(requestedAt + hours * hourMs);
  const wanted = { requestedAt: formatSeconds(requestedAt), hours, ...reason };
  const begins = isSoon(requestedAt, now) ? '' : `from ${wanted.requestedAt} `;
  const done = `suspended ${begins}until ${until}`;
  const change: AccountPlan = { kind: 'change', changes: [{ field: 'suspension', value: wanted }], done };
  const most = platformOf(account)?.maxSuspensionHours ?? Infinity;
  const present = suspensionOf(account);
  const isRefused = present !== undefined && isTooLong(present, most, now);
  if (isSame(account.spec.twoFactor?.suspension, wanted) && !isRefused)
    return { ...change, done: `${done}, as requested before` };
  if (present && isSoon(present.from, now) && now < present.until) {
    const end = `end it first with kubectl twofactor resume ${account.metadata.name}`;
    const what = isRefused
      ? `asks already for ${present.hours} h, which is refused as its platform allows at most ${most} h,`
      : 'already suspended';
    return refused(`${what} ${describe(present, account)}: ${end}`);
  }
  if (hours > most) {
    const limit = `${most} h (spec.twoFactor.maxSuspensionHours)`;
    return refused(`${hours} h is over the maximum of its platform, ${limit}: ask for less`);
  }
  if (!present || present.until <= now) return change;
  const replaces = `the suspension ${describe(present, account)}`;
  return { ...change, done: `${done}, in place of ${replaces}`, replaces };
};

/** `suspend`: the login asks for no code for some hours; then it does again, by itself. */
export const suspendCommand = (options: SuspendOptions, now: Instant): AccountCommand => {
  const hours = hoursOf('--hours', options.hours);
  const reason = reasonOf(options.reason);
  const from = instantOf('--from', options.from);
  if (from !== undefined && from + hours * hourMs <= now) {
    throw usageFailure(`--from ${options.from ?? ''} and ${hours} h lie in the past: leave --from out to begin now`);
  }
  return {
    asks: `suspend for ${hours} h the second factor of`,
    verbs: ['patch', 'suspend'],
    isDated: true,
    requestedAt: from,
    plan: (account, context) => planSuspension(account, context, hours, reason),
    waitResult: (account, { requestedAt }) => {
      const { phase, suspendedUntil = '' } = account.status ?? {};
      // the platform's own suspension may end sooner
      const isThis = (parseSeconds(suspendedUntil) ?? -Infinity) >= requestedAt + hours * hourMs;
      if (phase === 'Suspended' && isThis) return inForce(`no code is asked for until ${suspendedUntil}`);
      const trouble = troubleOf(account, ['SeedLost', 'StorageWentBack']);
      return trouble ?? whileOff(account, 'suspension has no effect') ?? whileBlocked(account);
    },
  };
};

/** `resume`: ends a suspension early, or withdraws one that is still to come. */
export const resumeCommand = (): AccountCommand => ({
  asks: 'end the suspension of',
  verbs: ['patch', 'suspend'],
  isDated: false,
  plan: (account, { now, platformOf }) => {
    const present = suspensionOf(account);
    if (account.spec.twoFactor?.suspension && (!present || now < present.until)) {
      return { kind: 'change', changes: [{ field: 'suspension', value: undefined }], done: 'resumed' };
    }
    const byPlatform = platformOf(account)?.suspension;
    if (byPlatform && contains(byPlatform, now)) {
      const end = 'only spec.twoFactor.suspension of the ExchangePlatform can end that';
      return refused(`suspended by its platform until ${formatSeconds(byPlatform.until)}: ${end}`);
    }
    return { kind: 'nothing', why: 'is not suspended' };
  },
  waitResult: (account, { now, platformOf }) => {
    if (account.status?.phase !== 'Suspended') return inForce('no suspension is open');
    const byPlatform = platformOf(account)?.suspension;
    if (byPlatform && contains(byPlatform, now)) {
      return notInForce(`still suspended by its platform until ${formatSeconds(byPlatform.until)}`);
    }
    return troubleOf(account, ['PlatformNotFound', 'SeedLost', 'SuspensionTooLong', 'StorageWentBack']);
  },
});
