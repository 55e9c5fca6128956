import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { doubtfulMs, ServerClock, stepMs, warnedMs } from '../kube/client/server-clock.ts';

const skewNote = (offsetMs: number): string => {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  return `the API server's clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the operator's: suspensions start and end at wrong times`;
};

/**
 * Compares the clocks, warns in the log, and says where that makes suspensions doubtful (design.md, Events).
 *
 * @param tell what to say in an Event
 */
export const watchClocks = (clock: Clock, log: Log, tell: (note: string) => void): ServerClock =>
  new ServerClock(
    clock,
    {
      beyondMs: warnedMs,
      tell: (offsetMs) => log.warn({ offsetMs: Math.round(offsetMs) }, skewNote(offsetMs)),
    },
    { beyondMs: doubtfulMs, tell: (offsetMs) => tell(skewNote(offsetMs)) },
  );

const lookMs = 10_000;

/** Finds steps of this machine's clock (NTP, a resumed machine): its hands against the clock that is never set. */
export class ClockSteps {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onSetBack: () => void;
  #offsetMs = 0;
  #cancel: () => void = () => {};

  /** @param onSetBack what lay behind is to come again, and no timer waits for it */
  constructor(clock: Clock, log: Log, onSetBack: () => void) {
    this.#clock = clock;
    this.#log = log;
    this.#onSetBack = onSetBack;
  }

  start(): void {
    this.#offsetMs = this.#measure();
    this.#lookLater();
  }

  stop(): void {
    this.#cancel();
  }

  #measure(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }

  #lookLater(): void {
    this.#cancel = this.#clock.after(lookMs, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    const offsetMs = this.#measure();
    const steppedMs = Math.round(offsetMs - this.#offsetMs);
    this.#offsetMs = offsetMs;
    if (Math.abs(steppedMs) < stepMs) return;
    this.#log.warn({ steppedMs }, `this machine's clock was set ${steppedMs > 0 ? 'forward' : 'back'}`);
    if (steppedMs < 0) this.#onSetBack();
  }
}
