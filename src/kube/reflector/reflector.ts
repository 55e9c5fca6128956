import { sleep } from '../../host/clock.ts';
import { Backoff } from '../backoff.ts';
import { Deliveries } from './deliveries.ts';
import type { KubeError } from '../client/errors.ts';
import type { Reflector, ReflectorOptions, ReflectorStatus } from './options.ts';
import { ReflectorProgress } from './progress.ts';
import { type Happening, type Stage, transitionAfter } from './stage.ts';
import { refusesInitialStream, runStream } from './stream.ts';
import { isSecrets, type KubeObject, resourceName } from '../client/resource.ts';
import type { RequestTraits } from '../client/status.ts';
import { checkStorage } from './storage-check.ts';
import { Trouble } from './trouble.ts';
import { readWholeSet } from './whole-set.ts';

const failureBackoff = { firstMs: 200, longestMs: 30_000 };

class WatchingReflector<Facts, T extends KubeObject> implements Reflector {
  readonly #options: ReflectorOptions<Facts, T>;
  readonly #progress: ReflectorProgress<Facts, T>;
  readonly #request: RequestTraits;
  readonly #failures: Backoff;
  readonly #trouble: Trouble;
  /** Aborted by an alarm, a new reading and stop, which all make what is under way void. */
  #step = new AbortController();
  readonly #end = new AbortController();
  #running: Promise<void> = Promise.resolve();
  /** A check beside a watch that goes on. */
  #checking: Promise<unknown> | undefined;
  #stopListening: () => void = () => {};
  /** In the clock's monotonic time. */
  #heardAtMs: number;
  #lists = 0;
  #watches = 0;

  constructor(options: ReflectorOptions<Facts, T>) {
    this.#options = options;
    this.#heardAtMs = options.clock.monotonic();
    const deliveries = new Deliveries(options.project, options.handlers, options.log);
    this.#progress = new ReflectorProgress(options.resource, options.tripwire, deliveries);
    this.#request = {
      label: `WATCH ${resourceName(options.resource)}${options.namespace ? ` ${options.namespace}` : ''}`,
      writes: false,
      secret: isSecrets(options.resource),
    };
    this.#failures = new Backoff(options.random, failureBackoff);
    this.#trouble = new Trouble(options, this.#request.label);
  }

  start(): void {
    this.#stopListening = this.#options.tripwire.onStorageWentBack(() => this.#storageWentBack());
    this.#running = this.#run();
  }

  readAnew(): void {
    this.#progress.readAnew();
    this.#step.abort();
  }

  status(): ReflectorStatus {
    const { stage, deliveries } = this.#progress;
    return {
      synced: stage === 'watch' || stage === 'check',
      trouble: this.#trouble.error,
      lists: this.#lists,
      watches: this.#watches,
      size: deliveries.size,
      silentMs: this.#options.clock.monotonic() - this.#heardAtMs,
    };
  }

  async stop(): Promise<void> {
    this.#end.abort();
    this.#stopListening();
    this.#step.abort();
    await this.#running;
    await this.#checking;
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const step = new AbortController();
      this.#step = step;
      const happening = await this.#take(this.#progress.stage);
      if (step.signal.aborted) continue;
      const waitMs = this.#after(happening);
      if (waitMs > 0) await sleep(this.#options.clock, waitMs, step.signal);
    }
  }

  /** Forgets all versions, to read the whole set anew. */
  #storageWentBack(): void {
    if (this.#end.signal.aborted) return;
    this.#progress.storageWentBack();
    this.#step.abort();
  }

  /** Goes to the next stage; returns how long to wait before it. */
  #after(happening: Happening): number {
    const { stage, backOff } = transitionAfter(this.#progress.stage, happening);
    this.#progress.stage = stage;
    if (!backOff) return 0;
    this.#trouble.met(happening);
    const waitMs = this.#failures.next();
    return happening.what === 'error' ? waitMs + retryAfterMs(happening.error) : waitMs;
  }

  #take(stage: Stage): Promise<Happening> {
    switch (stage) {
      case 'readNow':
      case 'readLatest': {
        this.#lists += 1;
        const notOlderThan = stage === 'readLatest' ? this.#progress.latest : undefined;
        return this.#readAll(notOlderThan);
      }
      case 'check':
        return this.#check(this.#step.signal);
      case 'watch':
        return this.#runStream(this.#progress.latest, false);
    }
  }

  /**
   * As a stream that then goes on; page by page where that is refused, by this reading alone: by the next one another server
   * may answer, or nothing stand in the way any more.
   */
  async #readAll(notOlderThan: string | undefined): Promise<Happening> {
    this.#progress.deliveries.beginReading();
    const happening = await this.#runStream(notOlderThan, true);
    const stillReading = this.#progress.stage === 'readNow' || this.#progress.stage === 'readLatest';
    if (!stillReading || happening.what !== 'error' || !refusesInitialStream(happening.error)) return happening;
    return this.#readPages(notOlderThan);
  }

  async #readPages(notOlderThan: string | undefined): Promise<Happening> {
    const { tripwire, resource } = this.#options;
    const mark = tripwire.mark(resource);
    const read = await readWholeSet(this.#options, this.#progress.deliveries, notOlderThan, this.#step.signal);
    if (read.what !== 'read') return read;
    const happening = this.#progress.complete(read.resourceVersion, 'list', mark);
    if (happening.what === 'complete') this.#goesOn();
    return happening;
  }

  #runStream(resourceVersion: string | undefined, initialEvents: boolean): Promise<Happening> {
    this.#watches += 1;
    const stream = {
      options: this.#options,
      request: this.#request,
      progress: this.#progress,
      signal: this.#step.signal,
      onHeard: () => this.#heard(),
      onGoesOn: () => this.#goesOn(),
      onBookmark: () => this.#checkBeside(),
    };
    return runStream(stream, { resourceVersion, initialEvents });
  }

  /**
   * A bookmark says that the server has nothing more to tell, not that storage is still what the server tells of: once a
   * minute storage is asked itself. If it went back, the alarm aborts the step; anything else is left to the next time.
   */
  #checkBeside(): void {
    this.#checking ??= this.#check(this.#end.signal).finally(() => (this.#checking = undefined));
  }

  #check(signal: AbortSignal): Promise<Happening> {
    const { latest, deliveries } = this.#progress;
    return checkStorage(this.#options, { latest, last: deliveries.last }, signal);
  }

  /** The server answers as it should: the row of failures has ended. */
  #goesOn(): void {
    this.#heard();
    this.#failures.reset();
    this.#trouble.over();
  }

  #heard(): void {
    this.#heardAtMs = this.#options.clock.monotonic();
  }
}

const retryAfterMs = (error: KubeError): number =>
  error.kind === 'tooManyRequests' || error.kind === 'unavailable' ? (error.retryAfterMs ?? 0) : 0;

/** A Reflector, not yet started. */
export const createReflector = <Facts, T extends KubeObject = KubeObject>(
  options: ReflectorOptions<Facts, T>,
): Reflector => new WatchingReflector(options);
