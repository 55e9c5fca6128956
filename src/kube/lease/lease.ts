import { type Clock, sleep } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import type { Client, MergePatch } from '../client/client.ts';
import type { Result } from '../client/errors.ts';
import {
  acquisition,
  type Lease,
  leaseDurationMs,
  leaseHolderOf,
  leasesResource,
  newLease,
  renewal,
  renewDeadlineMs,
  retryPeriodMs,
  surrender,
} from './lease-record.ts';
import type { Stored } from '../client/resource.ts';
import type { Tripwire } from '../client/tripwire.ts';

export interface LeaseOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Each sight of the Lease says where storage stands; the client samples the writes. */
  readonly tripwire: Tripwire;
  readonly namespace: string;
  readonly name: string;
  /** Unique for this process, for instance `<host>_<random>`. */
  readonly identity: string;
  /** Called once: from now on this process may act, for as long as `signal` is not aborted. */
  readonly onElected: (signal: AbortSignal) => void;
  /** Called once, after `signal` was aborted: the caller ends the process. */
  readonly onLost: () => void;
}

/** One candidate for leadership. Never elected twice: a process that lost the Lease ends. */
export interface Leadership {
  /** Resolves once the Lease was asked for the first time, whatever came of it. */
  start(): Promise<void>;
  /** Whether this process may write now; false already when a frozen process wakes too late, before any timer fires. */
  holds(): boolean;
  /** Stops campaigning; if elected, gives the Lease up for the next one to take at once. Call after all work has ended. */
  release(): Promise<void>;
}

type Phase = 'candidate' | 'leader' | 'lost' | 'released';

/** Leaves time for a second try before the renew deadline. */
const requestDeadlineMs = 4_000;

class Candidate implements Leadership {
  readonly #options: LeaseOptions;
  #phase: Phase = 'candidate';
  /** As last seen, and when: a holder is judged by how long the Lease does not change, not by the times in it. */
  #seen: { readonly version: string; readonly atMs: number } | undefined;
  #heldUntilMs = -Infinity;
  readonly #term = new AbortController();
  readonly #ending = new AbortController();
  #campaign: Promise<void> = Promise.resolve();
  #cancelWatchdog: () => void = () => {};

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#campaign = this.#run(() => resolve(undefined));
    return promise;
  }

  holds(): boolean {
    return this.#phase === 'leader' && this.#options.clock.monotonic() < this.#heldUntilMs;
  }

  async release(): Promise<void> {
    if (this.#phase !== 'lost') this.#phase = 'released';
    this.#cancelWatchdog();
    this.#ending.abort();
    await this.#campaign;
    this.#term.abort();
    const { clock, log } = this.#options;
    if (this.#phase === 'lost' || !this.#seen || clock.monotonic() >= this.#heldUntilMs) return;
    const result = await this.#patch(surrender(this.#seen.version, clock.now()));
    if (!result.ok) log.warn({ error: result.error.text }, 'the lease could not be given up');
  }

  async #run(onTried: () => void): Promise<void> {
    const { clock, random } = this.#options;
    while (this.#phase === 'candidate' || this.#phase === 'leader') {
      await (this.#phase === 'leader' ? this.#renew() : this.#compete());
      onTried();
      // Candidates spread out; a leader renews evenly.
      const waitMs = this.holds() ? retryPeriodMs : retryPeriodMs * (1 + random.fraction() / 5);
      await sleep(clock, waitMs, this.#ending.signal);
    }
  }

  async #compete(): Promise<void> {
    const { client, clock, log, namespace, name, identity } = this.#options;
    const startedMs = clock.monotonic();
    const read = await this.#read();
    if (read.ok) {
      const holder = leaseHolderOf(read.value);
      const silentMs = startedMs - this.#unchangedSinceMs(read.value);
      log.debug({ holder, silentMs }, 'lease seen');
      // Our own name: the answer to our acquisition was lost.
      if (holder === '' || holder === identity || silentMs >= leaseDurationMs) {
        await this.#take((unixMs) => this.#patch(acquisition(read.value, identity, unixMs)));
      }
    } else if (read.error.kind === 'notFound') {
      await this.#take((unixMs) =>
        client.create(leasesResource, newLease(namespace, name, identity, unixMs), { deadlineMs: requestDeadlineMs }),
      );
    } else {
      log.warn({ error: read.error.text }, 'the lease cannot be read');
    }
  }

  /** A write that makes this process the leader, if it wins. */
  async #take(write: (unixMs: number) => Promise<Result<Stored<Lease>>>): Promise<void> {
    const { clock, log, identity, onElected } = this.#options;
    const sentMs = clock.monotonic();
    const result = await write(clock.now());
    if (!result.ok) {
      const { kind, text } = result.error;
      if (kind === 'conflict' || kind === 'alreadyExists') log.debug({ error: text }, 'the lease went to another');
      else log.warn({ error: text }, 'the lease cannot be taken');
      return;
    }
    // A released process holds it all the same, and gives it up.
    this.#hold(result.value, sentMs);
    if (this.#phase !== 'candidate') return;
    this.#phase = 'leader';
    log.info({ identity }, 'elected');
    onElected(this.#term.signal);
  }

  async #renew(): Promise<void> {
    const { clock, identity, log } = this.#options;
    const sentMs = clock.monotonic();
    const version = this.#seen?.version ?? '';
    const result = await this.#patch(renewal(version, identity, clock.now()));
    if (result.ok) {
      this.#hold(result.value, sentMs);
      return;
    }
    log.warn({ error: result.error.text }, 'the lease was not renewed');
    // Our own renewal whose answer was lost, or another holder: only the Lease itself knows.
    const read = await this.#read();
    if (read.ok && leaseHolderOf(read.value) !== identity) this.#lose('another process holds the lease');
    else if (read.ok) this.#seen = { version: read.value.metadata.resourceVersion, atMs: sentMs };
    else if (read.error.kind === 'notFound') this.#lose('the lease was deleted');
  }

  /** Held from before the request was sent: the server's answer may have been long under way. */
  #hold(lease: Stored<Lease>, sentMs: number): void {
    const { clock } = this.#options;
    this.#seen = { version: lease.metadata.resourceVersion, atMs: sentMs };
    this.#heldUntilMs = sentMs + renewDeadlineMs;
    this.#cancelWatchdog();
    if (this.#phase === 'released') return;
    const leftMs = this.#heldUntilMs - clock.monotonic();
    this.#cancelWatchdog = clock.after(leftMs, () => this.#lose('the lease could not be renewed in time'));
  }

  #lose(why: string): void {
    if (this.#phase !== 'leader') return;
    this.#phase = 'lost';
    this.#cancelWatchdog();
    this.#options.log.error({ identity: this.#options.identity, why }, 'leadership lost');
    this.#term.abort();
    this.#ending.abort();
    this.#options.onLost();
  }

  /** By our own clock, from when the answer came: the holder may have renewed at any moment until then. */
  #unchangedSinceMs(lease: Stored<Lease>): number {
    const version = lease.metadata.resourceVersion;
    if (this.#seen?.version === version) return this.#seen.atMs;
    const atMs = this.#options.clock.monotonic();
    this.#seen = { version, atMs };
    return atMs;
  }

  async #read(): Promise<Result<Stored<Lease>>> {
    const { client, tripwire, namespace, name } = this.#options;
    const mark = tripwire.mark(leasesResource);
    const result = await client.get<Lease>(leasesResource, { namespace, name }, { deadlineMs: requestDeadlineMs });
    if (result.ok) tripwire.sample(leasesResource, result.value.metadata.resourceVersion, 'get', mark);
    return result;
  }

  #patch(patch: MergePatch): Promise<Result<Stored<Lease>>> {
    const { client, namespace, name } = this.#options;
    return client.mergePatch<Lease>(leasesResource, { namespace, name }, patch, { deadlineMs: requestDeadlineMs });
  }
}

/** A candidate for the Lease `namespace/name`, not yet started. */
export const createLeadership = (options: LeaseOptions): Leadership => new Candidate(options);
