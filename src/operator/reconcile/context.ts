import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import type { Client } from '../../kube/client/client.ts';
import type { ServerClock } from '../../kube/client/server-clock.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import type { EventRecorder } from '../../kube/events/events.ts';
import type { Metrics } from '../metrics.ts';
import type { World } from '../see/world.ts';
import type { Setbacks } from './setbacks.ts';

/** What a reconciliation works with; one for the life of the process. */
export interface ReconcileContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly world: World;
  readonly setbacks: Setbacks;
  readonly events: EventRecorder;
  readonly metrics: Metrics;
  /** Aborted when this process may no longer write. */
  readonly signal: AbortSignal;
  /** Aborted also when it is asked to end: what is only read can be given up. */
  readonly reading: AbortSignal;
  /** How the API server's clock compares with ours. */
  readonly serverClock: Pick<ServerClock, 'offsetMs' | 'isRecent'>;
  /** Asked right before each write: the Lease may have run out since the last answer, or storage gone back in time. */
  mayWrite(namespace: string): boolean;
}

/** What the queue is to do with the key next. */
export type Next =
  /** Nothing, until the instant, if there is one. */
  | { readonly kind: 'done'; readonly requeueAt?: number | undefined }
  /** The same again at once: something turned out to be other than known. */
  | { readonly kind: 'again' }
  /** The same later, each time later; or at the instant, if that comes first. */
  | { readonly kind: 'retry'; readonly atLeastMs: number; readonly requeueAt?: number | undefined };

/** The same again, after the key's own backoff. */
export const retry: Next = { kind: 'retry', atLeastMs: 0 };

/** What to do where a read failed that must come before a decision. */
export const afterFailedRead = ({ log }: ReconcileContext, key: string, error: KubeError): Next => {
  if (error.kind === 'aborted') return { kind: 'done' };
  log.warn({ key, error: error.text }, 'read failed; it is tried again');
  return retry;
};

/** Whether that is decided already, instead of what else there may be. */
export const isNext = (value: object): value is Next => 'kind' in value;
