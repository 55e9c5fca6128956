import { secondMs, type Instant } from '../../api/instants.ts';
import type { Clock } from '../../host/clock.ts';
import type { ServerTimeSample } from '../../kube/client/client.ts';
import { certainOffsetMs } from '../../kube/client/server-clock.ts';

/** `Date` has whole seconds, and the sample half of one added: the server may be that much further. */
const dateErrorMs = secondMs / 2;

/** The API server's time, from the `Date` of its answers; this machine's until there was one. */
export class ServerTime {
  readonly #clock: Clock;
  #best: ServerTimeSample | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The quicker an answer, the closer its time. */
  heard(sample: ServerTimeSample): void {
    if (!this.#best || sample.roundTripMs < this.#best.roundTripMs) this.#best = sample;
  }

  now(): Instant {
    return this.#clock.now() + (this.#best?.offsetMs ?? 0);
  }

  /** A whole second that is not yet over there, whatever is not known of its time. */
  nextSecond(): Instant {
    const latest = this.now() + dateErrorMs + (this.#best?.roundTripMs ?? 0) / 2;
    return Math.ceil(latest / secondMs) * secondMs;
  }

  /** How far that clock is ahead of this machine's for certain; undefined before the first answer. */
  get offsetMs(): number | undefined {
    return this.#best && certainOffsetMs(this.#best);
  }
}
