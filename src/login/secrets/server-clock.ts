import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { ServerTimeSample } from '../../kube/client/client.ts';
import { certainOffsetMs, quietMs } from '../../kube/server-clock.ts';

/** From here on it is said in the log. */
const warnedMs = 5_000;
/** From here on nobody gets in by a suspension: it might have ended. */
const doubtfulMs = 30_000;
/** A comparison that is older says nothing of now: answers come without a `Date`, or with the same one again and again. */
const validMs = 60_000;

/** Compares this machine's clock with the API server's, by the `Date` of each answer. */
export class ServerClock {
  readonly #clock: Clock;
  readonly #log: Log;
  #offsetMs = 0;
  #comparedAtMs = -Infinity;
  #toldAtMs = -Infinity;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Positive if the API server's clock is ahead. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Whether suspensions can be judged by this machine's clock. */
  get isTrusted(): boolean {
    const isCompared = this.#clock.monotonic() - this.#comparedAtMs <= validMs;
    return isCompared && Math.abs(this.#offsetMs) <= doubtfulMs;
  }

  sample(sample: ServerTimeSample): void {
    this.#offsetMs = certainOffsetMs(sample);
    const nowMs = this.#clock.monotonic();
    this.#comparedAtMs = nowMs;
    if (Math.abs(this.#offsetMs) <= warnedMs || nowMs - this.#toldAtMs < quietMs) return;
    this.#toldAtMs = nowMs;
    const consequence = this.isTrusted ? 'codes may be refused' : 'codes may be refused, and no suspension is honoured';
    this.#log.warn({ offsetMs: Math.round(sample.offsetMs) }, `this clock and the API server's differ: ${consequence}`);
  }
}
