import type { Clock } from '../../host/clock.ts';

/** How long nothing at all may get through before a busy or absent API server is given up. */
const longestMs = 60_000;

/** Shared by all writes of a command: while some get through, the others wait for their turn, however long that takes. */
export class Patience {
  readonly #clock: Clock;
  readonly #onWait: () => void;
  #progressAtMs: number;
  #hasWaited = false;

  /** @param onWait called once, at the first wait */
  constructor(clock: Clock, onWait: () => void) {
    this.#clock = clock;
    this.#onWait = onWait;
    this.#progressAtMs = clock.monotonic();
  }

  /** The API server did what it was asked. */
  progressed(): void {
    this.#progressAtMs = this.#clock.monotonic();
  }

  /** Whether there is time for another try after so long a wait. */
  allows(waitMs: number): boolean {
    if (this.#clock.monotonic() + waitMs > this.#progressAtMs + longestMs) return false;
    if (!this.#hasWaited) this.#onWait();
    this.#hasWaited = true;
    return true;
  }
}
