import { sleep } from '../host/clock.ts';
import { Backoff } from './backoff.ts';
import { Deliveries } from './deliveries.ts';
import { type KubeError } from './errors.ts';
import { type Reflector, type ReflectorOptions, type ReflectorStatus } from './reflector-options.ts';
import { type Happening, nextStep, type Stage } from './reflector-stage.ts';
import { compareResourceVersions } from './resource-version.ts';
import { isSecrets, type KubeObject, resourceName } from './resource.ts';
import { type Asked } from './status.ts';
import { type RawStream } from './transport.ts';
import { type VersionMark } from './tripwire.ts';
import { Trouble } from './trouble.ts';
import { type WatchEvent } from './watch-event.ts';
import { followStream } from './watch-stream.ts';
import { readPages, type Scope, scopeOf } from './whole-set.ts';

const failureBackoff = { firstMs: 200, longestMs: 30_000 };
/** The server ends a watch after five to ten minutes, not all of them at the same time (as client-go asks). */
const watchSeconds = { shortest: 300, spread: 300 };

/** A stream that ends within this time and without an event is a failure that looks like success. */
const atOnceMs = 1_000;

class WatchingReflector<Facts, T extends KubeObject> implements Reflector {
  readonly #options: ReflectorOptions<Facts, T>;
  readonly #deliveries: Deliveries<Facts, T>;
  readonly #scope: Scope;
  readonly #asked: Asked;
  readonly #failures: Backoff;
  readonly #trouble: Trouble;
  #stage: Stage = 'readNow';
  /** The latest version told: from where to watch on. */
  #latest: string | undefined;
  #initialStream = true;
  /** Aborted by an alarm and by stop, which both make what is under way void. */
  #step = new AbortController();
  #stopped = false;
  #running: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => {};
  #lists = 0;
  #watches = 0;

  constructor(options: ReflectorOptions<Facts, T>) {
    this.#options = options;
    this.#deliveries = new Deliveries(options.project, options.handlers, options.log);
    this.#scope = scopeOf(options);
    this.#asked = {
      label: `WATCH ${resourceName(options.resource)}${options.namespace ? ` ${options.namespace}` : ''}`,
      writes: false,
      secret: isSecrets(options.resource),
    };
    this.#failures = new Backoff(options.random, failureBackoff);
    this.#trouble = new Trouble(options.clock, options.log, this.#asked.label);
  }

  start(): void {
    this.#stopListening = this.#options.tripwire.onStorageWentBack(() => this.storageWentBack());
    this.#running = this.#run();
  }

  status(): ReflectorStatus {
    const { sinceMs, crdMissing } = this.#trouble;
    return {
      synced: this.#stage === 'watch' || this.#stage === 'check',
      crdMissing,
      ...(sinceMs !== undefined && { failingSinceMs: sinceMs }),
      lists: this.#lists,
      watches: this.#watches,
      size: this.#deliveries.size,
    };
  }

  storageWentBack(): void {
    if (this.#stopped) return;
    this.#latest = undefined;
    this.#stage = 'readNow';
    this.#deliveries.storageWentBack();
    this.#step.abort();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#stopListening();
    this.#step.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const step = new AbortController();
      this.#step = step;
      const happening = await this.#take(this.#stage);
      if (step.signal.aborted) continue;
      const waitMs = this.#after(happening);
      if (waitMs > 0) await sleep(this.#options.clock, waitMs, step.signal);
    }
  }

  /** Goes to the next stage; returns how long to wait before it. */
  #after(happening: Happening): number {
    const { stage, backOff } = nextStep(this.#stage, happening);
    this.#stage = stage;
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
        const notOlderThan = stage === 'readLatest' ? this.#latest : undefined;
        return this.#initialStream ? this.#readStream(notOlderThan) : this.#readPages(notOlderThan);
      }
      case 'check':
        return this.#check();
      case 'watch':
        return this.#open(this.#latest, false);
    }
  }

  /** The client samples the list: if storage is behind, the tripwire has called storageWentBack before this returns. */
  async #check(): Promise<Happening> {
    const { client, resource } = this.#options;
    const { namespace } = this.#scope;
    const options = { limit: 1, metadataOnly: true, signal: this.#step.signal };
    const result = await client.list(resource, namespace === undefined ? options : { ...options, namespace });
    return result.ok ? { what: 'checked' } : { what: 'error', error: result.error };
  }

  async #readPages(notOlderThan: string | undefined): Promise<Happening> {
    const read = await readPages(this.#options, this.#deliveries, notOlderThan, this.#step.signal);
    if (read.what !== 'read') return read;
    this.#complete(read.resourceVersion);
    return { what: 'complete' };
  }

  async #readStream(notOlderThan: string | undefined): Promise<Happening> {
    this.#deliveries.beginReading();
    const happening = await this.#open(notOlderThan, true);
    const stillReading = this.#stage === 'readNow' || this.#stage === 'readLatest';
    if (!stillReading || happening.what !== 'error' || !refusesInitialStream(happening.error)) return happening;
    this.#initialStream = false;
    return { what: 'noInitialStream' };
  }

  async #open(resourceVersion: string | undefined, initialEvents: boolean): Promise<Happening> {
    const { client, resource, random, tripwire } = this.#options;
    const mark = tripwire.mark(resource);
    this.#watches += 1;
    const opened = await client.watch(resource, {
      ...this.#scope,
      signal: this.#step.signal,
      timeoutSeconds: Math.round(watchSeconds.shortest + random.fraction() * watchSeconds.spread),
      ...(initialEvents && { initialEvents }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    });
    if (!opened.ok) return { what: 'error', error: opened.error };
    return this.#follow(opened.value, mark);
  }

  async #follow(stream: RawStream, mark: VersionMark): Promise<Happening> {
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    let events = 0;
    let told: Happening | undefined;
    const onEvent = (event: WatchEvent<T>): boolean => {
      events += 1;
      told = this.#onEvent(event, mark);
      if (told === undefined && events === 1) this.#goesOn();
      return told === undefined;
    };
    const end = await followStream<T>({ stream, clock, asked: this.#asked, signal: this.#step.signal, onEvent });
    if (told) return told;
    if (end !== 'ended') return { what: end === 'silent' ? 'silent' : 'cut' };
    return { what: events === 0 && clock.monotonic() - startedMs < atOnceMs ? 'endedAtOnce' : 'ended' };
  }

  /** Something to stop the stream for, or nothing. */
  #onEvent(event: WatchEvent<T>, mark: VersionMark): Happening | undefined {
    switch (event.type) {
      case 'upsert':
        this.#deliveries.upsert(event.object);
        this.#advance(event.object.metadata.resourceVersion, mark);
        return undefined;
      case 'delete':
        this.#deliveries.remove(event.object);
        this.#advance(event.object.metadata.resourceVersion, mark);
        return undefined;
      case 'bookmark':
        return this.#onBookmark(event.resourceVersion, event.initialEnd, mark);
      case 'error':
        return { what: 'error', error: event.error };
      case 'malformed':
        return { what: 'malformed' };
    }
  }

  #onBookmark(version: string, initialEnd: boolean, mark: VersionMark): Happening | undefined {
    const { tripwire, resource } = this.#options;
    if (this.#stage === 'watch') {
      if (compareResourceVersions(version, mark.highest) < 0) return { what: 'behind' };
      this.#deliveries.knowUpTo(version);
      this.#advance(version, mark);
    } else if (initialEnd) {
      // Only a consistent reading proves where storage stands.
      if (this.#stage === 'readNow' && tripwire.sample(resource, version, 'bookmark', mark))
        return { what: 'wentBack' };
      tripwire.saw(resource, version, mark);
      this.#complete(version);
    }
    return undefined;
  }

  /** Only while watching: initial events come in no order, so a version among them says nothing about the others. */
  #advance(version: string, mark: VersionMark): void {
    if (this.#stage !== 'watch') return;
    if (this.#latest === undefined || compareResourceVersions(version, this.#latest) > 0) this.#latest = version;
    this.#options.tripwire.saw(this.#options.resource, version, mark);
  }

  #complete(version: string): void {
    this.#latest = version;
    this.#stage = 'watch';
    this.#deliveries.complete(version);
    this.#goesOn();
  }

  /** The server answers as it should: the row of failures has ended. */
  #goesOn(): void {
    if (this.#stage !== 'watch') return;
    this.#failures.reset();
    this.#trouble.over();
  }
}

/** What a server says that does not know, or does not allow, `sendInitialEvents`. */
const refusesInitialStream = (error: KubeError): boolean => error.kind === 'invalid' || error.kind === 'unexpected';

const retryAfterMs = (error: KubeError): number =>
  error.kind === 'tooManyRequests' || error.kind === 'unavailable' ? (error.retryAfterMs ?? 0) : 0;

/** A Reflector, not yet started. */
export const createReflector = <Facts, T extends KubeObject = KubeObject>(
  options: ReflectorOptions<Facts, T>,
): Reflector => new WatchingReflector(options);
