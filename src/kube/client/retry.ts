import { type Clock, sleep } from '../../host/clock.ts';
import type { Random } from '../../host/random.ts';
import { Backoff, requestBackoff } from '../backoff.ts';
import type { KubeError, Result } from './errors.ts';

/** How soon a request may be repeated: a number of milliseconds at least, or not at all. */
const repeatAfterMs = (error: KubeError, writes: boolean): number | undefined => {
  if (error.kind === 'tooManyRequests') return error.retryAfterMs;
  if (error.kind === 'unavailable' && !writes) return error.retryAfterMs ?? 0;
  return undefined;
};

export interface RetryOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly deadlineMs: number;
  readonly writes: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A read must leave time for a second try when the first gets no answer; a write gets its whole deadline. */
const attemptShare = (options: RetryOptions): number => (options.writes ? 1 : 0.5);

/**
 * Repeats `attempt` after passing failures, as long as there is time before the deadline. Each attempt is told how long it
 * may take. The last failure is the result.
 */
export const withRetries = async <T>(
  options: RetryOptions,
  attempt: (attemptMs: number) => Promise<Result<T>>,
): Promise<Result<T>> => {
  const end = options.clock.monotonic() + options.deadlineMs;
  const longestMs = options.deadlineMs * attemptShare(options);
  const backoff = new Backoff(options.random, requestBackoff);
  for (;;) {
    const result = await attempt(Math.min(longestMs, end - options.clock.monotonic()));
    if (result.ok) return result;
    const atLeastMs = repeatAfterMs(result.error, options.writes);
    if (atLeastMs === undefined) return result;
    const waitMs = atLeastMs + backoff.next();
    if (options.signal?.aborted || options.clock.monotonic() + waitMs >= end) return result;
    await sleep(options.clock, waitMs, options.signal);
  }
};
