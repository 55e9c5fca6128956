import { type Clock, sleep } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Client } from '../client/client.ts';
import {
  type EventNote,
  type EventRegarding,
  eventName,
  eventObject,
  eventsResource,
  seriesKey,
  seriesPatch,
} from './event-object.ts';
import type { KubeError } from '../client/errors.ts';

export { type EventRegarding } from './event-object.ts';

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  /** `exchange2fa.io/operator`, say. */
  readonly controller: string;
  /** Which replica. */
  readonly instance: string;
}

/** Best effort: never throws, never waits, drops when too many come. */
export interface EventRecorder {
  record(regarding: EventRegarding, event: EventNote): void;
  /** Events that were dropped or refused since the start. */
  dropped(): number;
  /** Sends what waits, for at most `withinMs`; then records nothing more. */
  stop(withinMs: number): Promise<void>;
}

/** The same event within this time is counted, not repeated; the count is written at its end (client-go: six minutes). */
const seriesWindowMs = 6 * 60_000;
const longestQueue = 1_000;
const mostSeries = 4_096;
const deadlineMs = 5_000;
const nsPerMs = 1_000_000n;
/** A burst, then so many a second: events must not take the API server's time from the writes that they tell of. */
const burst = 50;
const perSecond = 20;

interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly endsAtMs: number;
  count: number;
  latestUnixMs: number;
}

class Recorder implements EventRecorder {
  readonly #options: EventRecorderOptions;
  /** In the order in which they began. */
  readonly #series = new Map<string, Series>();
  readonly #queue: (() => Promise<KubeError | undefined>)[] = [];
  #latestNs = 0n;
  #tokens = burst;
  #refilledAtMs: number;
  #sending: Promise<void> | undefined;
  #cancelSweep: (() => void) | undefined;
  #dropped = 0;
  #stopped = false;
  readonly #ending = new AbortController();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
    this.#refilledAtMs = options.clock.monotonic();
  }

  record(regarding: EventRegarding, event: EventNote): void {
    if (this.#stopped) return;
    const { client, clock, controller, instance } = this.#options;
    const key = seriesKey(regarding, event);
    const unixMs = clock.now();
    const known = this.#series.get(key);
    if (known && clock.monotonic() < known.endsAtMs) {
      known.count += 1;
      known.latestUnixMs = unixMs;
      return;
    }
    if (known) this.#end(key, known);
    const name = eventName(regarding, this.#nextNs(unixMs));
    const object = eventObject(name, regarding, event, { controller, instance }, unixMs);
    const queued = this.#enqueue(async () => {
      const result = await client.create(eventsResource, object, this.#how());
      return result.ok ? undefined : result.error;
    });
    if (queued) this.#begin(key, regarding.namespace, name, unixMs);
  }

  dropped(): number {
    return this.#dropped;
  }

  async stop(withinMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelSweep?.();
    for (const [key, series] of this.#series) this.#end(key, series);
    const cancel = this.#options.clock.after(withinMs, () => this.#ending.abort());
    await this.#sending;
    cancel();
  }

  /** In this millisecond, and later than any before: no two have the same, whatever the clock does. */
  #nextNs(unixMs: number): bigint {
    const ns = BigInt(Math.floor(unixMs)) * nsPerMs;
    return (this.#latestNs = ns > this.#latestNs ? ns : this.#latestNs + 1n);
  }

  #begin(key: string, namespace: string, name: string, unixMs: number): void {
    const endsAtMs = this.#options.clock.monotonic() + seriesWindowMs;
    this.#series.set(key, { namespace, name, endsAtMs, count: 1, latestUnixMs: unixMs });
    const [oldest] = this.#series;
    if (oldest && this.#series.size > mostSeries) this.#end(...oldest);
    this.#sweepLater();
  }

  /** A series is over: if it happened more than once, its event says so. */
  #end(key: string, { namespace, name, count, latestUnixMs }: Series): void {
    this.#series.delete(key);
    if (count === 1) return;
    this.#enqueue(async () => {
      const patch = seriesPatch(count, latestUnixMs);
      const result = await this.#options.client.mergePatch(eventsResource, { namespace, name }, patch, this.#how());
      return result.ok ? undefined : result.error;
    });
  }

  #sweepLater(): void {
    const [oldest] = this.#series.values();
    if (this.#cancelSweep || this.#stopped || !oldest) return;
    const { clock } = this.#options;
    this.#cancelSweep = clock.after(oldest.endsAtMs - clock.monotonic(), () => {
      this.#cancelSweep = undefined;
      for (const [key, series] of this.#series) {
        if (series.endsAtMs > clock.monotonic()) break;
        this.#end(key, series);
      }
      this.#sweepLater();
    });
  }

  #enqueue(send: () => Promise<KubeError | undefined>): boolean {
    if (this.#queue.length >= longestQueue) {
      this.#dropped += 1;
      return false;
    }
    this.#queue.push(send);
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = undefined));
    return true;
  }

  async #sendAll(): Promise<void> {
    const { clock, log } = this.#options;
    for (let send = this.#queue.shift(); send; send = this.#queue.shift()) {
      const waitMs = this.#takeToken();
      if (waitMs > 0) await sleep(clock, waitMs, this.#ending.signal);
      const error = this.#ending.signal.aborted ? { text: 'no time left' } : await send();
      if (!error) continue;
      this.#dropped += 1;
      log.debug({ error: error.text }, 'event dropped');
    }
  }

  /** How long to wait for the right to send. */
  #takeToken(): number {
    const nowMs = this.#options.clock.monotonic();
    this.#tokens = Math.min(burst, this.#tokens + ((nowMs - this.#refilledAtMs) * perSecond) / 1_000);
    this.#refilledAtMs = nowMs;
    this.#tokens -= 1;
    return Math.max(0, (-this.#tokens * 1_000) / perSecond);
  }

  #how(): { readonly deadlineMs: number; readonly signal: AbortSignal } {
    return { deadlineMs, signal: this.#ending.signal };
  }
}

/** Records events of events.k8s.io/v1. */
export const createEventRecorder = (options: EventRecorderOptions): EventRecorder => new Recorder(options);
