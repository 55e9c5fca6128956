import { type Clock } from '../host/clock.ts';
import { type Log } from '../host/log.ts';
import { type Random } from '../host/random.ts';
import { type Client } from './client.ts';

export interface LeaseOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
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
  start(): void;
  /** Whether this process may write now; false already when a frozen process wakes too late, before any timer fires. */
  holds(): boolean;
  /** Stops campaigning; if elected, gives the Lease up for the next one to take at once. Call after all work has ended. */
  release(): Promise<void>;
}
