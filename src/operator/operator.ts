import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { Random } from '../host/random.ts';
import type { Client } from '../kube/client/client.ts';
import type { ServerClock } from '../kube/client/server-clock.ts';
import type { EventRecorder } from '../kube/events/events.ts';
import { KeyedQueue } from '../kube/queue/queue.ts';
import type { Tripwire } from '../kube/client/tripwire.ts';
import { InHand } from './in-hand.ts';
import type { Metrics } from './metrics.ts';
import { reconcileMailbox } from './reconcile/mailbox.ts';
import { reconcilePlatform, type CountsDue } from './reconcile/platform.ts';
import { Setbacks } from './reconcile/setbacks.ts';
import type { Next, ReconcileContext } from './reconcile/context.ts';
import { laterTime } from './reconcile/two-clocks.ts';
import { isPlatformKey, namespaceOf, platformKeyOf, platformRefOf } from './see/keys.ts';
import { Scope } from './see/scope.ts';
import { World } from './see/world.ts';

export interface OperatorOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly tripwire: Tripwire;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  /** How the API server's clock compares with ours. */
  readonly serverClock: Pick<ServerClock, 'offsetMs' | 'isRecent'>;
  /** `all`, or those named. */
  readonly namespaces: readonly string[] | 'all';
  /** Mailboxes and platforms worked on at the same time. */
  readonly concurrency: number;
}

/** While many accounts are being decided, their platform is looked at this often. */
const platformPaceMs = 1_000;

/**
 * The engine: what is seen goes into the world, what changed there into the queue, and what the queue hands out is
 * decided and done. It sees from the start, so that a standby is warm, and works once it is elected.
 */
export class Operator {
  readonly world: World;
  readonly queue: KeyedQueue;
  readonly scopes: readonly Scope[];
  readonly #options: OperatorOptions;
  readonly #setbacks = new Setbacks();
  readonly #countsDue: CountsDue = new Map();
  readonly #inHand = new InHand();
  readonly #ending = new AbortController();
  #context: ReconcileContext | undefined;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.world = new World({
      mailboxChanged: (key, version) => this.#mailboxChanged(key, version),
      mailboxWritten: (key, version) => this.#inHand.wrote(key, version),
      platformChanged: (key, isNewGeneration) => this.#platformChanged(key, isNewGeneration),
    });
    this.queue = new KeyedQueue({
      clock: options.clock,
      random: options.random,
      log: options.log,
      concurrency: options.concurrency,
      crowdOf: (key) => this.#crowdOf(key),
      work: (key) => this.#work(key),
      onLateness: (latenessMs) => options.metrics.late(latenessMs),
    });
    const namespaces = options.namespaces === 'all' ? [undefined] : options.namespaces;
    // Before the scopes, which begin to read again at once.
    options.tripwire.onStorageWentBack(() => this.#storageWentBack());
    this.scopes = namespaces.map((namespace) => this.#scopeFor(namespace));
  }

  /** Begins to see, unless it was asked to end before. */
  start(): void {
    if (this.#ending.signal.aborted) return;
    for (const scope of this.scopes) scope.start();
  }

  /**
   * From now on this process may write, until `signal` is aborted or `mayWrite` says no. It begins once it has read all anew:
   * a watch may be late for what the leader before has seen and done, and nobody must undo that by an older view.
   */
  lead(signal: AbortSignal, mayWrite: () => boolean): void {
    const { client, clock, random, log, events, metrics, serverClock } = this.#options;
    const { world } = this;
    const setbacks = this.#setbacks;
    const mayWriteTo = (namespace: string): boolean => mayWrite() && this.#canWork(namespace);
    const hands = { client, random, signal, mayWrite: mayWriteTo };
    const reading = AbortSignal.any([signal, this.#ending.signal]);
    this.#context = { ...hands, reading, clock, serverClock, log, world, setbacks, events, metrics };
    for (const scope of this.scopes) scope.readAnew();
  }

  /** Finishes the writes that are under way, gives up what is being read, and starts nothing more. */
  async stopWork(): Promise<void> {
    const stopped = this.queue.stop();
    this.#ending.abort();
    await stopped;
    this.#context = undefined;
  }

  /** What lay behind is to come again, and no timer waits for it: everything is decided anew. */
  clockSetBack(): void {
    this.#countsDue.clear();
    this.#setbacks.clockSetBack(laterTime(this.#options).now);
    for (const scope of this.scopes) if (scope.isReady) this.#enqueueAll(scope);
  }

  async stopSeeing(): Promise<void> {
    await Promise.all(this.scopes.map((scope) => scope.stop()));
  }

  #scopeFor(namespace: string | undefined): Scope {
    const { client, clock, random, log, tripwire } = this.#options;
    const onReady = (scope: Scope): void => this.#enqueueAll(scope);
    return new Scope({ client, clock, random, log, tripwire, namespace, world: this.world, onReady });
  }

  #storageWentBack(): void {
    this.#setbacks.storageWentBack(laterTime(this.#options).now);
    this.world.forgetVersions();
  }

  #enqueueAll(scope: Scope): void {
    if (!this.#context) return;
    for (const key of this.world.platformKeys()) if (scope.covers(namespaceOf(key))) this.queue.add(key, 'bulk');
    for (const key of this.world.mailboxKeys()) if (scope.covers(namespaceOf(key))) this.queue.add(key, 'bulk');
  }

  /** Whether a key can be worked on: this process leads, and knows all of the namespace. */
  #canWork(namespace: string): boolean {
    return this.#context !== undefined && this.scopes.some((scope) => scope.isReady && scope.covers(namespace));
  }

  /** New accounts come by the thousand; what was decided before changes one by one, and is not to wait behind them. */
  #crowdOf(key: string): string {
    const namespace = namespaceOf(key);
    if (isPlatformKey(key)) return `${namespace}, platforms`;
    const isNew = this.world.accountsOf(key).every(({ status }) => status.phase === undefined);
    return `${namespace}, ${isNew ? 'new' : 'known'}`;
  }

  #mailboxChanged(key: string, version: string | undefined): void {
    if (!this.#inHand.saw(key, version)) this.#enqueueChanged(key);
  }

  #enqueueChanged(key: string): void {
    this.#setbacks.forgive(key);
    if (this.#canWork(namespaceOf(key))) this.queue.add(key, 'interactive');
  }

  #platformChanged(key: string, isNewGeneration: boolean): void {
    const { namespace, name } = platformRefOf(key);
    if (!this.#canWork(namespace)) return;
    if (!isNewGeneration) {
      this.#platformTouched(key);
      return;
    }
    this.queue.add(key, 'interactive');
    for (const mailboxKey of this.world.mailboxesOfPlatform(namespace, name)) this.queue.add(mailboxKey, 'bulk');
  }

  #platformTouched(key: string): void {
    if (this.world.platform(key) === undefined) return;
    const isPending = (this.world.tally(key)?.pending ?? 0) > 0;
    if (isPending) this.queue.addAt(key, this.#options.clock.now() + platformPaceMs);
    else this.queue.add(key, 'bulk');
  }

  async #work(key: string): Promise<void> {
    const context = this.#context;
    if (!context?.mayWrite(namespaceOf(key))) return;
    if (isPlatformKey(key)) {
      const next = await reconcilePlatform(context, key, this.#countsDue);
      this.#follow(key, next, 'platform');
      return;
    }
    await this.#workOnMailbox(context, key);
  }

  async #workOnMailbox(context: ReconcileContext, key: string): Promise<void> {
    this.#inHand.take(key);
    const touched = this.#platformsOf(key);
    try {
      this.#follow(key, await reconcileMailbox(context, key), 'mailbox');
    } finally {
      if (this.#inHand.letGo(key)) this.#enqueueChanged(key);
      if (!this.world.hasMailbox(key)) this.#setbacks.forget(key);
    }
    for (const platformKey of new Set([...touched, ...this.#platformsOf(key)])) this.#platformTouched(platformKey);
  }

  #platformsOf(mailboxKey: string): string[] {
    return this.world
      .accountsOf(mailboxKey)
      .map(({ namespace, spec }) => platformKeyOf(namespace, spec.platformRef.name));
  }

  #follow(key: string, next: Next, kind: 'mailbox' | 'platform'): void {
    this.#options.metrics.reconciled(kind, next.kind);
    switch (next.kind) {
      case 'done':
        this.#setbacks.wentWell(key);
        if (next.requeueAt !== undefined) this.queue.addAt(key, next.requeueAt);
        return;
      case 'again':
        this.queue.add(key, 'interactive');
        return;
      case 'retry':
        this.queue.retry(key, next.atLeastMs);
        if (next.requeueAt !== undefined) this.queue.addAt(key, next.requeueAt);
        return;
    }
  }
}
