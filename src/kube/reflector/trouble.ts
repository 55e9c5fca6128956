import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { KubeError } from '../client/errors.ts';
import type { Happening } from './stage.ts';

export interface TroubleOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly remedy?: (error: KubeError) => string | undefined;
}

/** What keeps a watch from going on: said once, however often it is met in a row, and again when it is over. */
export class Trouble {
  readonly #options: TroubleOptions;
  readonly #watch: string;
  #error: KubeError | undefined;
  #text = '';
  /** In the clock's monotonic time; nothing while all is well. */
  #sinceMs: number | undefined;

  constructor(options: TroubleOptions, watch: string) {
    this.#options = options;
    this.#watch = watch;
  }

  /** The server's last answer, if it was a no. */
  get error(): KubeError | undefined {
    return this.#error;
  }

  met(happening: Happening): void {
    const { clock, log, remedy } = this.#options;
    const error = happening.what === 'error' ? happening.error : undefined;
    const text = error?.text ?? happening.what;
    const help = error && remedy?.(error);
    if (text !== this.#text) {
      const fields = { watch: this.#watch, trouble: text, ...(help !== undefined && { remedy: help }) };
      // A server that asks to be patient is well: a CRD's storage is made for some seconds after it was applied.
      if (error?.kind === 'tooManyRequests') log.info(fields, 'watch waits');
      else log.warn(fields, 'watch interrupted');
    }
    this.#error = error;
    this.#text = text;
    this.#sinceMs ??= clock.monotonic();
  }

  over(): void {
    if (this.#sinceMs === undefined) return;
    const { clock, log } = this.#options;
    log.info({ watch: this.#watch, forMs: clock.monotonic() - this.#sinceMs }, 'watch goes on');
    this.#error = undefined;
    this.#text = '';
    this.#sinceMs = undefined;
  }
}
