import type { Random } from '../../host/random.ts';
import { backoffMs } from '../backoff.ts';

const retryBackoff = { firstMs: 250, longestMs: 5 * 60_000 };

/** A key's failures in a row, and when it is due again by the clock that is never set back. */
interface Failing {
  readonly failures: number;
  readonly dueMonotonicMs: number;
}

/** The keys whose last work failed, each with its own backoff. */
export class FailingKeys {
  readonly #keys = new Map<string, Failing>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** One more failure in a row; returns how long to wait, `atLeastMs` at least. */
  add(key: string, atLeastMs: number, monotonicMs: number): number {
    const failures = (this.#keys.get(key)?.failures ?? 0) + 1;
    const delayMs = atLeastMs + backoffMs(failures, retryBackoff, this.#random);
    this.#keys.set(key, { failures, dueMonotonicMs: monotonicMs + delayMs });
    return delayMs;
  }

  delete(key: string): void {
    this.#keys.delete(key);
  }

  /** Each key and how long it has still to wait. */
  *waits(monotonicMs: number): Generator<readonly [string, number]> {
    for (const [key, { dueMonotonicMs }] of this.#keys) yield [key, Math.max(dueMonotonicMs - monotonicMs, 0)];
  }
}
