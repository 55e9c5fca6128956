import type { Clock } from '../../host/clock.ts';
import type { ServerTimeSample } from './client.ts';

/** More than this between the API server's clock and ours, and a suspension may have ended (docs/secret-contract.md, Clocks). */
export const doubtfulMs = 30_000;
/** A comparison that is older says nothing of now: answers come without a `Date`, or with the same one again and again. */
const validMs = 60_000;
/** Less is no step of this machine's clock: clocks are slewed, and the two are not read at the same moment. */
export const stepMs = 1_000;
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

interface SkewWarning {
  /** A difference up to this is not told. */
  readonly beyondMs: number;
  /** Given the certain offset, once in ten minutes while it lasts. */
  readonly tell: (offsetMs: number) => void;
}

/** A warning, and when it was last told: it waits a while before it is told again. */
interface ThrottledWarning extends SkewWarning {
  toldAtMs: number;
}

/** Compares this machine's clock with the API server's, by the `Date` of each answer. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #warnings: readonly ThrottledWarning[];
  #offsetMs = 0;
  #comparedAtMs = -Infinity;
  /** Our wall clock beside the one that is never set, when they were compared. */
  #wallMs = 0;

  constructor(clock: Clock, ...warnings: readonly SkewWarning[]) {
    this.#clock = clock;
    this.#warnings = warnings.map((warning) => ({ ...warning, toldAtMs: -Infinity }));
  }

  /** How far the API server's clock is ahead for certain. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Whether the offset is known of now: compared lately, and this machine's clock was not set since. */
  get isRecent(): boolean {
    const ageMs = this.#ageMs;
    return ageMs <= validMs && Math.abs(this.#clock.now() - this.#wallMs - ageMs) <= stepMs;
  }

  /** Whether suspensions can be judged by this machine's clock. */
  get isTrusted(): boolean {
    return this.#ageMs <= validMs && Math.abs(this.#offsetMs) <= doubtfulMs;
  }

  /** Of the comparison. */
  get #ageMs(): number {
    return this.#clock.monotonic() - this.#comparedAtMs;
  }

  sample(sample: ServerTimeSample): void {
    const nowMs = this.#clock.monotonic();
    this.#offsetMs = certainOffsetMs(sample);
    this.#comparedAtMs = nowMs;
    this.#wallMs = this.#clock.now();
    for (const warning of this.#warnings) {
      if (Math.abs(this.#offsetMs) <= warning.beyondMs || nowMs - warning.toldAtMs < quietMs) continue;
      warning.toldAtMs = nowMs;
      warning.tell(this.#offsetMs);
    }
  }
}
