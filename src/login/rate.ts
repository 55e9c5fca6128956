import type { Clock } from '../host/clock.ts';
import { retryAfter } from './retry-after.ts';

/** Lines about what comes from one address and is refused, in a minute: strangers must not fill the log. */
export const toldPerMinute = 60;

const windowMs = 60_000;
/** Past this many keys the windows that are over are dropped. */
const manyKeys = 10_000;

interface Window {
  readonly endsAtMs: number;
  count: number;
}

/** Counts events by key in windows of a minute. In memory: a front line, as each replica counts for itself. */
export class Rate {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one; whole seconds to wait if it is over the limit, else undefined. */
  exceeded(key: string, perMinute: number): number | undefined {
    const window = this.#windowOf(key);
    window.count += 1;
    return this.#wait(window, perMinute);
  }

  /** Takes one back that was counted. */
  takeBack(key: string): void {
    const window = this.#windows.get(key);
    if (window && window.count > 0) window.count -= 1;
  }

  #wait({ count, endsAtMs }: Window, perMinute: number): number | undefined {
    if (count <= perMinute) return undefined;
    return retryAfter(endsAtMs - this.#clock.monotonic());
  }

  #windowOf(key: string): Window {
    const nowMs = this.#clock.monotonic();
    const present = this.#windows.get(key);
    if (present && present.endsAtMs > nowMs) return present;
    if (this.#windows.size >= manyKeys) this.#dropEnded(nowMs);
    const window = { endsAtMs: nowMs + windowMs, count: 0 };
    this.#windows.set(key, window);
    return window;
  }

  #dropEnded(nowMs: number): void {
    for (const [key, { endsAtMs }] of this.#windows) if (endsAtMs <= nowMs) this.#windows.delete(key);
  }
}
