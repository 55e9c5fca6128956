import { parseSpecInstant, type Instant } from '../api/instants.ts';
import { isFields, type Fields } from './fields.ts';

/** A field that is not what the schema promises: which one, what was found, what is allowed. */
export class UnreadableField extends Error {
  constructor(field: string, found: unknown, allowed: string) {
    super(`${field}: found ${quote(found)}; allowed is ${allowed}`);
  }
}

/** A condition's message has an end; what somebody wrote may have none. */
const longestQuote = 100;

const quote = (found: unknown): string => {
  if (found === undefined) return 'nothing';
  const text = JSON.stringify(found);
  return text.length > longestQuote ? `${text.slice(0, longestQuote).toWellFormed()}…` : text;
};

/** A map, with no fields where it is absent. */
export const mapAt = (field: string, value: unknown): Fields => {
  if (value === undefined) return {};
  if (isFields(value)) return value;
  throw new UnreadableField(field, value, 'a map');
};

export const textAt = (field: string, value: unknown, form = /./, allowed = 'a text'): string => {
  if (typeof value === 'string' && form.test(value)) return value;
  throw new UnreadableField(field, value, allowed);
};

export const instantAt = (field: string, value: unknown): Instant => {
  const instant = typeof value === 'string' ? parseSpecInstant(value) : undefined;
  if (instant !== undefined) return instant;
  throw new UnreadableField(field, value, 'an instant such as 2026-12-01T08:00:00Z');
};

/** The most that any number of hours in these specs may be: a year. */
export const mostHours = 8760;

/** The most characters that the reason of a request may have. */
export const longestReason = 256;

export const hoursAt = (field: string, value: unknown, least = 1): number => {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= mostHours) return value;
  throw new UnreadableField(field, value, `${least} to ${mostHours}`);
};

export const oneOf = <const Allowed extends string | number>(
  field: string,
  value: unknown,
  allowed: readonly Allowed[],
): Allowed => {
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw new UnreadableField(field, value, allowed.join(', '));
};
