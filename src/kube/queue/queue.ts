import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import { DelayedKeys } from './delayed-keys.ts';
import { FailingKeys } from './failing-keys.ts';
import { type Lane, Lanes, type LaneStats } from './lanes.ts';
import { Turn } from './turn.ts';

export { type Lane } from './lanes.ts';

export interface QueueOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Keys worked on at the same time. An eighth as many may come on top if they are interactive, so that bulk never keeps them waiting. */
  readonly concurrency: number;
  /** Which crowd a key is part of now, see lanes.ts. */
  readonly crowdOf: (key: string) => string;
  /**
   * Works on a key. Rejecting is logged and means `retry(key)`. Resolving without having called `retry` ends its backoff.
   * A key's timer is dropped when its work starts: the work knows the next instant and says it with `addAt`.
   */
  readonly work: (key: string) => Promise<void>;
  /** Told how late each delayed key became ready, for metrics. */
  readonly onLateness?: (latenessMs: number) => void;
}

export interface QueueStats {
  readonly interactive: LaneStats;
  readonly bulk: LaneStats;
  readonly running: number;
  /** Keys waiting for an instant. */
  readonly delayed: number;
  /** Keys whose last work failed. */
  readonly failing: number;
}

/** What came for a key while it was worked on. */
interface Running {
  again: Lane | undefined;
  failed: boolean;
}

/**
 * Instants are wall-clock time, but timers count elapsed time: looking again this often bounds how late it is noticed that
 * the wall clock was set forward (NTP, a resumed machine).
 */
const longestSleepMs = 10_000;

/** So long after a single change another is reckoned with. */
const singleMs = 250;

/**
 * A queue of keys: each once, one at a time, with delays, backoff and two lanes. Where the wall clock is set back, delays grow:
 * whoever uses the queue adds its keys again then.
 */
export class KeyedQueue {
  readonly #options: QueueOptions;
  readonly #lanes: Lanes;
  readonly #delayed = new DelayedKeys();
  readonly #failing: FailingKeys;
  readonly #running = new Map<string, Running>();
  readonly #turn: Turn;
  readonly #mostRunning: number;
  #runningBulk = 0;
  /** When a single change was last worked on, in the clock's monotonic time. */
  #singleAtMs = -Infinity;
  #stopped = false;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;
  readonly #onQuiet: (() => void)[] = [];

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#lanes = new Lanes(options.crowdOf);
    this.#failing = new FailingKeys(options.random);
    this.#turn = new Turn(options.clock, () => this.#startWork());
    this.#mostRunning = options.concurrency + Math.floor(options.concurrency / 8);
  }

  /**
   * Ready now. A key waiting in the bulk lane moves to the interactive one; never the other way. Where many of a namespace
   * are waiting, its next ones are bulk, whatever is said (lanes.ts).
   */
  add(key: string, lane: Lane): void {
    if (this.#stopped) return;
    const running = this.#running.get(key);
    if (running) {
      running.again = running.again === 'interactive' ? 'interactive' : lane;
      return;
    }
    this.#lanes.add(key, lane, this.#options.clock.monotonic());
    this.#startWork();
  }

  /** Ready (in the bulk lane) at `unixMs`; of several instants for a key the earliest counts. */
  addAt(key: string, unixMs: number): void {
    if (this.#stopped) return;
    this.#delayed.add(key, unixMs);
    this.#setTimer();
  }

  /** Ready again after the key's backoff, but not before `atLeastMs`. */
  retry(key: string, atLeastMs = 0): void {
    const { clock } = this.#options;
    const delayMs = this.#failing.add(key, atLeastMs);
    const running = this.#running.get(key);
    if (running) running.failed = true;
    this.addAt(key, clock.now() + delayMs);
  }

  stats(): QueueStats {
    const nowMs = this.#options.clock.monotonic();
    return {
      interactive: this.#lanes.stats('interactive', nowMs),
      bulk: this.#lanes.stats('bulk', nowMs),
      running: this.#running.size,
      delayed: this.#delayed.size,
      failing: this.#failing.size,
    };
  }

  /** Resolves when nothing is ready or running (delayed keys may wait). */
  drain(): Promise<void> {
    return new Promise((resolve) => {
      this.#onQuiet.push(resolve);
      this.#tellQuiet();
    });
  }

  /** Starts no more work; resolves when the running work has ended. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    return this.drain();
  }

  #tellQuiet(): void {
    const ready = this.#stopped ? 0 : this.#lanes.depth;
    if (ready + this.#running.size > 0) return;
    for (const resolve of this.#onQuiet.splice(0)) resolve();
  }

  #startWork(): void {
    while (!this.#stopped && this.#running.size < this.#mostRunning) {
      const bulkAllowed = this.#runningBulk < this.#mostBulk();
      if (!this.#lanes.offers(bulkAllowed) || !this.#turn.beginWork()) return;
      const next = this.#lanes.take(bulkAllowed);
      if (!next) return;
      void this.#run(next.key, next.lane === 'bulk');
    }
  }

  /**
   * The API server answers each request the later the more are under way. So while single changes come, and a moment
   * longer, as each of them takes more than one request, the bulk keeps to a quarter of its places.
   */
  #mostBulk(): number {
    const { concurrency, clock } = this.#options;
    const singlesCome = clock.monotonic() - this.#singleAtMs < singleMs;
    return singlesCome ? Math.ceil(concurrency / 4) : concurrency;
  }

  async #run(key: string, bulk: boolean): Promise<void> {
    const running: Running = { again: undefined, failed: false };
    this.#running.set(key, running);
    if (bulk) this.#runningBulk += 1;
    else this.#singleAtMs = this.#options.clock.monotonic();
    this.#delayed.delete(key);
    try {
      await this.#options.work(key);
      if (!running.failed) this.#failing.delete(key);
    } catch (error) {
      this.#options.log.error({ key, error: error instanceof Error ? error.message : 'unknown' }, 'work failed');
      this.retry(key);
    }
    this.#running.delete(key);
    if (bulk) this.#runningBulk -= 1;
    else this.#singleAtMs = this.#options.clock.monotonic();
    if (running.again) this.add(key, running.again);
    this.#startWork();
    this.#tellQuiet();
  }

  #setTimer(): void {
    const earliest = this.#delayed.earliest;
    if (this.#stopped || earliest === undefined) return;
    if (this.#timer && this.#timer.at <= earliest) return;
    this.#timer?.cancel();
    const delayMs = Math.min(Math.max(earliest - this.#options.clock.now(), 0), longestSleepMs);
    this.#timer = { at: earliest, cancel: this.#options.clock.after(delayMs, () => this.#wake()) };
  }

  #wake(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    for (let due = this.#delayed.takeDue(now); due; due = this.#delayed.takeDue(now)) {
      this.#options.onLateness?.(now - due.instant);
      this.add(due.key, 'bulk');
    }
    this.#setTimer();
  }
}
