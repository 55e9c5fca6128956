import { hourMs, lastInstant, secondMs } from './instants.ts';

/** Whether the login service has seen this browser pass before: a signed device token says so. */
export type Browser = 'known' | 'unknown';

/** The annotation `failures`: wrong codes of one account. Instants are Unix seconds, ascending, the latest 25 a kind. */
export interface Failures {
  /** Wrong codes since the last right one. */
  readonly row: number;
  readonly unknown: readonly number[];
  readonly known: readonly number[];
}

export const noFailures: Failures = { row: 0, unknown: [], known: [] };

/** How long a wrong code counts towards a lock, and is kept: 30 days. */
export const failureMemoryMs = 30 * 24 * hourMs;

/** The number of wrong codes kept, and allowed, for each kind of browser in 30 days. */
export const failuresKept = 25;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const isAscending = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= failuresKept &&
  value.every(
    (instant, index) =>
      isCount(instant) && instant * secondMs <= lastInstant && (index === 0 || instant >= (value[index - 1] as number)),
  );

/**
 * Reads the annotation `failures`: JSON with exactly `row`, `unknown` and `known`, whole numbers however JSON writes them
 * (1.0 is 1), `row` up to 2^53 − 1, instants up to 253402300799. Undefined if it is anything else.
 */
export const parseFailures = (text: string): Failures | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 3) return undefined;
  const { row, unknown, known } = value as Record<string, unknown>;
  return isCount(row) && isAscending(unknown) && isAscending(known) ? { row, unknown, known } : undefined;
};

/** Writes the annotation `failures`. */
export const formatFailures = ({ row, unknown, known }: Failures): string => JSON.stringify({ row, unknown, known });
