import { parseSpecInstant, type Instant } from '../../api/instants.ts';
import { longestReason, mostHours } from '../../core/spec-fields.ts';
import { usageFailure } from './failure.ts';

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
