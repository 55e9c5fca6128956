import { formatSeconds, parseSpecInstant, secondMs, type Instant } from '../../api/instants.ts';
import { longestReason, mostHours } from '../../core/spec-fields.ts';
import type { Account } from '../cluster/objects.ts';
import { usageFailure } from '../frame/failure.ts';
import type { PlanContext } from './plan.ts';

/** Whole hours as the schema allows them. */
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

/** An instant that a request may carry. */
export const instantOf = (flag: string, text: string | undefined): Instant | undefined => {
  if (text === undefined) return undefined;
  const instant = parseSpecInstant(text);
  if (instant !== undefined) return instant;
  throw usageFailure(
    `${flag} ${text} is not allowed: an instant of the years 2000 to 2199, written as 2026-12-01T08:00:00Z`,
  );
};

/** A request is dated with the next whole second, and the clock may be off by another. */
const soonMs = 2 * secondMs;

/** What begins so soon has begun. */
export const isSoon = (at: Instant, now: Instant): boolean => at <= now + soonMs;

interface Request {
  readonly requestedAt: string;
  readonly reason?: string;
  readonly hours?: number;
}

/** Whether a request says the same as another, its instant perhaps written otherwise. */
export const isSame = (present: Request | undefined, wanted: Request): boolean =>
  present !== undefined &&
  parseSpecInstant(present.requestedAt) === parseSpecInstant(wanted.requestedAt) &&
  present.reason === wanted.reason &&
  present.hours === wanted.hours;

/** A request still to come, or one later than this: replacing it would withdraw it. */
export const replacedBy = (account: Account, field: 'reset' | 'unlock', { now, requestedAt }: PlanContext) => {
  const present = account.spec.twoFactor?.[field];
  const at = parseSpecInstant(present?.requestedAt ?? '');
  if (!present || at === undefined || at === requestedAt || (at <= requestedAt && isSoon(at, now))) return {};
  const reason = present.reason === undefined ? '' : ` (${present.reason})`;
  return { replaces: `the ${field} ${isSoon(at, now) ? 'of' : 'due'} ${formatSeconds(at)}${reason}` };
};
