import type { Log } from '../host/log.ts';
import type { ServerTimeSample } from '../kube/client/client.ts';
import { certainOffsetMs, quietMs } from '../kube/server-clock.ts';

/** More than this between the API server's clock and ours makes suspensions and codes doubtful (design.md, Events). */
const skewMs = 30_000;

/** Compares the clocks by the `Date` of each answer. */
export class ClockSkew {
  readonly #log: Log;
  readonly #tell: (note: string) => void;
  #offsetMs = 0;
  #toldAtMs = -Infinity;

  /** @param tell what to say in an Event */
  constructor(log: Log, tell: (note: string) => void) {
    this.#log = log;
    this.#tell = tell;
  }

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** @param monotonicMs when the sample was taken */
  sample(sample: ServerTimeSample, monotonicMs: number): void {
    const { offsetMs } = sample;
    this.#offsetMs = offsetMs;
    if (Math.abs(certainOffsetMs(sample)) <= skewMs || monotonicMs - this.#toldAtMs < quietMs) return;
    this.#toldAtMs = monotonicMs;
    const seconds = Math.round(Math.abs(offsetMs) / 1_000);
    const note = `the API server's clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the operator's: suspensions start and end at wrong times`;
    this.#log.warn({ offsetMs: Math.round(offsetMs) }, note);
    this.#tell(note);
  }
}
