import type { Random } from '../host/random.ts';

export interface BackoffOptions {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Of a request that somebody waits for, while its deadline lasts. */
export const requestBackoff: BackoffOptions = { firstMs: 50, longestMs: 2_000 };

/** How long to wait after the nth failure in a row (from 1): doubling, with up to half of it taken away by chance. */
export const backoffMs = (failures: number, { firstMs, longestMs }: BackoffOptions, random: Random): number => {
  const full = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  return full * (1 - random.fraction() / 2);
};

/** Counts failures in a row. */
export class Backoff {
  readonly #random: Random;
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(random: Random, options: BackoffOptions) {
    this.#random = random;
    this.#options = options;
  }

  /** The wait after one more failure. */
  next(): number {
    this.#failures += 1;
    return backoffMs(this.#failures, this.#options, this.#random);
  }

  /** A success ends the row. */
  reset(): void {
    this.#failures = 0;
  }
}
