import type { Clock } from '../../host/clock.ts';
import type { ServerTimeSample } from './client.ts';

/** More than this between the API server's clock and ours, and a suspension may have ended (docs/secret-contract.md, Clocks). */
export const doubtfulMs = 30_000;
/** A comparison that is older says nothing of now: answers come without a `Date`, or with the same one again and again. */
const validMs = 60_000;
/** A difference of clocks that lasts is told again only after this time. */
const quietMs = 600_000;

/**
 * How far the API server's clock is ahead for certain; negative if it is behind. What may be only the way there and back is
 * no difference of clocks.
 */
export const certainOffsetMs = ({ offsetMs, roundTripMs }: ServerTimeSample): number =>
  Math.sign(offsetMs) * Math.max(Math.abs(offsetMs) - roundTripMs / 2, 0);

/** From here on people are warned: codes are right for seconds. */
export const warnedMs = 5_000;

interface Telling {
  /** A difference up to this is not told. */
  readonly beyondMs: number;
  /** Given the certain offset, once in ten minutes while it lasts. */
  readonly tell: (offsetMs: number) => void;
}

/** A telling, and when it was last told. */
interface Told extends Telling {
  atMs: number;
}

/** Compares this machine's clock with the API server's, by the `Date` of each answer. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #tellings: readonly Told[];
  #offsetMs = 0;
  #comparedAtMs = -Infinity;

  constructor(clock: Clock, ...tellings: readonly Telling[]) {
    this.#clock = clock;
    this.#tellings = tellings.map((telling) => ({ ...telling, atMs: -Infinity }));
  }

  /** How far the API server's clock is ahead for certain. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Whether suspensions can be judged by this machine's clock. */
  get isTrusted(): boolean {
    const isCompared = this.#clock.monotonic() - this.#comparedAtMs <= validMs;
    return isCompared && Math.abs(this.#offsetMs) <= doubtfulMs;
  }

  sample(sample: ServerTimeSample): void {
    const nowMs = this.#clock.monotonic();
    this.#offsetMs = certainOffsetMs(sample);
    this.#comparedAtMs = nowMs;
    for (const told of this.#tellings) {
      if (Math.abs(this.#offsetMs) <= told.beyondMs || nowMs - told.atMs < quietMs) continue;
      told.atMs = nowMs;
      told.tell(this.#offsetMs);
    }
  }
}
