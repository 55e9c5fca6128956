import type { Clock } from '../../host/clock.ts';

/**
 * Work that finds nothing to write ends without waiting for anything, and twenty thousand such works in a row would keep
 * timers and sockets from their turn for a second: probes go unanswered, and the Lease is not renewed.
 */
const longestTurnMs = 10;

/** Says when it is time to let the event loop turn. */
export class Turn {
  readonly #clock: Clock;
  readonly #onNext: () => void;
  /** When this turn's first work began; undefined if none has. */
  #beganMs: number | undefined;

  /** @param onNext called when the event loop has turned, so that what had to wait can begin */
  constructor(clock: Clock, onNext: () => void) {
    this.#clock = clock;
    this.#onNext = onNext;
  }

  /** Another work begins in this turn; false if there is no time left for it. */
  beginWork(): boolean {
    const nowMs = this.#clock.monotonic();
    if (this.#beganMs === undefined) {
      this.#beganMs = nowMs;
      this.#clock.after(0, () => {
        this.#beganMs = undefined;
        this.#onNext();
      });
    }
    return nowMs - this.#beganMs < longestTurnMs;
  }
}
