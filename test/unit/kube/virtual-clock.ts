import type { Clock } from '../../../src/host/clock.ts';

/** Lets everything happen that is ready to happen, without letting time pass. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A clock that moves only when told to. */
export class VirtualClock implements Clock {
  /** Wall clock minus monotonic clock: a step of NTP changes it. */
  wallOffsetMs = Date.UTC(2026, 10, 24);
  #elapsedMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  now(): number {
    return Math.floor(this.wallOffsetMs + this.#elapsedMs);
  }

  monotonic(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, wake: () => void): () => void {
    const timer = { atMs: this.#elapsedMs + Math.max(delayMs, 0), wake };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get timers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, waking who is due in order, and everything that follows from it. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#elapsedMs + ms;
    await settle();
    for (;;) {
      const due = [...this.#timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs);
      due.wake();
      await settle();
    }
    this.#elapsedMs = endMs;
    await settle();
  }
}
