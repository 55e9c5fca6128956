import type { Clock } from '../host/clock.ts';
import type { Heap } from '../host/heap.ts';

/** A rush that pauses is not over: two looks in a row must find nothing to do. */
const lookMs = 10_000;

/** Less than this is not worth the pause. */
const slackBytes = 8 * 2 ** 20;

export interface HeapCareOptions {
  readonly heap: Heap;
  readonly clock: Clock;
  readonly isIdle: () => boolean;
}

/**
 * Gives memory back after a rush: V8 by itself collects only when it needs room, and so keeps for good what reading or
 * writing ten thousand accounts took for seconds.
 */
export class HeapCare {
  readonly #options: HeapCareOptions;
  #wasIdle = false;
  #shrunkBytes = 0;
  #cancel: () => void = () => {};

  constructor(options: HeapCareOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancel = this.#options.clock.after(lookMs, () => {
      this.#look();
      this.start();
    });
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const { heap } = this.#options;
    const isIdle = this.#options.isIdle();
    const isIdleStill = this.#wasIdle && isIdle;
    this.#wasIdle = isIdle;
    if (!isIdleStill || heap.sizeBytes() < this.#shrunkBytes + slackBytes) return;
    heap.shrink();
    this.#shrunkBytes = heap.sizeBytes();
  }
}
