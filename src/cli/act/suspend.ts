import { formatSeconds, hourMs, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { contains } from '../../api/windows.ts';
import { readAccount, type Suspension } from '../../core/wishes.ts';
import type { Account } from '../cluster/objects.ts';
import { usageFailure } from '../frame/failure.ts';
import { enforcedReason, inForce, noteOf, notInForce, troubleOf } from './outcomes.ts';
import type { Deed, Plan, Surroundings } from './plan.ts';

export interface SuspendOptions {
  readonly hours?: string;
  readonly reason?: string;
  readonly from?: string;
}

const mostHours = 8760;
const longestReason = 256;

export const hoursOf = (flag: string, text: string | undefined): number => {
  if (text === undefined) throw usageFailure(`${flag} is missing: say how many hours, 1 to ${mostHours}`);
  const hours = Number(text);
  if (/^\d+$/.test(text) && hours >= 1 && hours <= mostHours) return hours;
  throw usageFailure(`${flag} ${text} is not allowed: whole hours, 1 to ${mostHours}`);
};

/** The reason as the schema allows it. */
export const reasonOf = (text: string | undefined): { readonly reason?: string } => {
  if (text === undefined) return {};
  if (Array.from(text).length <= longestReason) return { reason: text };
  throw usageFailure(`--reason is longer than ${longestReason} characters: shorten it`);
};

const fromOf = (text: string | undefined): Instant | undefined => {
  if (text === undefined) return undefined;
  const instant = parseSpecInstant(text);
  if (instant !== undefined) return instant;
  throw usageFailure(`--from ${text} is no instant: write it as 2026-12-01T08:00:00Z`);
};

const suspensionOf = (account: Account): Suspension | undefined => {
  const wishes = readAccount(account.spec);
  return 'misunderstood' in wishes ? undefined : wishes.suspension;
};

const planSuspension = (
  account: Account,
  { now, requestedAt, platformOf }: Surroundings,
  from: Instant,
  hours: number,
  reason: { readonly reason?: string },
): Plan => {
  const until = from + hours * hourMs;
  const present = suspensionOf(account);
  const { name } = account.metadata;
  if (present && present.from <= requestedAt && now < present.until) {
    const why = `already suspended until ${formatSeconds(present.until)}: end it first with kubectl twofactor resume ${name}`;
    return { kind: 'refused', why };
  }
  const most = platformOf(account)?.maxSuspensionHours;
  if (most !== undefined && hours > most) {
    const why = `${hours} h is over the maximum of its platform, ${most} h (spec.twoFactor.maxSuspensionHours): ask for less`;
    return { kind: 'refused', why };
  }
  const begins = from > now + 2 * 1000 ? `from ${formatSeconds(from)} ` : '';
  return {
    kind: 'change',
    changes: [{ field: 'suspension', value: { requestedAt: formatSeconds(from), hours, ...reason } }],
    done: `suspended ${begins}until ${formatSeconds(until)}`,
  };
};

/** `suspend`: the login asks for no code for some hours; then it does again, by itself. */
export const suspendDeed = (options: SuspendOptions, now: Instant): Deed => {
  const hours = hoursOf('--hours', options.hours);
  const reason = reasonOf(options.reason);
  const wanted = fromOf(options.from);
  if (wanted !== undefined && wanted + hours * hourMs <= now) {
    throw usageFailure(`--from ${options.from ?? ''} and ${hours} h lie in the past: leave --from out to begin now`);
  }
  return {
    name: 'suspend',
    asks: `suspend for ${hours} h the second factor of`,
    verbs: ['patch', 'suspend'],
    plan: (account, around) => planSuspension(account, around, wanted ?? around.requestedAt, hours, reason),
    outcome: (account, { requestedAt }, at) => {
      const from = wanted ?? requestedAt;
      if (enforcedReason(account) === 'Suspended') {
        return inForce(`no code is asked for until ${account.status?.suspendedUntil ?? ''}`);
      }
      const trouble = troubleOf(account) ?? noteOf(account, 'suspension');
      if (trouble) return trouble;
      if (from > at + 2 * 1000) return inForce(`taken up; it begins ${formatSeconds(from)}`);
      return account.status?.phase === 'Blocked' ? notInForce('the login is refused') : undefined;
    },
  };
};

/** `resume`: ends a suspension early, or withdraws one that is still to come. */
export const resumeDeed = (): Deed => ({
  name: 'resume',
  asks: 'end the suspension of',
  verbs: ['patch', 'suspend'],
  plan: (account, { now, platformOf }) => {
    const present = suspensionOf(account);
    if (account.spec.twoFactor?.suspension && (!present || now < present.until)) {
      return { kind: 'change', changes: [{ field: 'suspension', value: undefined }], done: 'resumed' };
    }
    const byPlatform = platformOf(account)?.suspension;
    if (byPlatform && contains(byPlatform, now)) {
      const why = `suspended by its platform until ${formatSeconds(byPlatform.until)}: only spec.twoFactor.suspension of the ExchangePlatform can end that`;
      return { kind: 'refused', why };
    }
    return { kind: 'nothing', why: 'is not suspended' };
  },
  outcome: (account) => {
    if (account.status?.phase !== 'Suspended') return inForce('the second factor is as before the suspension');
    return notInForce(`still suspended by its platform until ${account.status.suspendedUntil ?? ''}`);
  },
});
