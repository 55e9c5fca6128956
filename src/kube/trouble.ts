import { type Clock } from '../host/clock.ts';
import { type Log } from '../host/log.ts';
import { type Happening } from './reflector-stage.ts';

/** What keeps a watch from going on: said once, however often it is met in a row, and again when it is over. */
export class Trouble {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #watch: string;
  #latest: Happening | undefined;
  #text = '';
  /** In the clock's monotonic time; nothing while all is well. */
  #sinceMs: number | undefined;

  constructor(clock: Clock, log: Log, watch: string) {
    this.#clock = clock;
    this.#log = log;
    this.#watch = watch;
  }

  /** The server said that it does not serve the resource. */
  get crdMissing(): boolean {
    if (this.#latest?.what !== 'error') return false;
    return this.#latest.error.kind === 'unknownResource' || this.#latest.error.kind === 'notFound';
  }

  met(happening: Happening): void {
    const text = happening.what === 'error' ? happening.error.text : happening.what;
    if (text !== this.#text) this.#log.warn({ watch: this.#watch, trouble: text }, 'watch interrupted');
    this.#latest = happening;
    this.#text = text;
    this.#sinceMs ??= this.#clock.monotonic();
  }

  over(): void {
    if (this.#sinceMs === undefined) return;
    this.#log.info({ watch: this.#watch, forMs: this.#clock.monotonic() - this.#sinceMs }, 'watch goes on');
    this.#latest = undefined;
    this.#text = '';
    this.#sinceMs = undefined;
  }
}
