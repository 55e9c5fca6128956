import type { Random } from '../../host/random.ts';
import { backoffMs } from '../backoff.ts';

const retryBackoff = { firstMs: 250, longestMs: 5 * 60_000 };

/** The keys whose last work failed, each with its own backoff. */
export class FailingKeys {
  /** How often in a row, by key. */
  readonly #failures = new Map<string, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get size(): number {
    return this.#failures.size;
  }

  /** One more failure in a row; returns how long to wait, `atLeastMs` at least. */
  add(key: string, atLeastMs: number): number {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    return atLeastMs + backoffMs(failures, retryBackoff, this.#random);
  }

  delete(key: string): void {
    this.#failures.delete(key);
  }
}
