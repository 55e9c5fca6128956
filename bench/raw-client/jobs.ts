import type { Endpoint } from './connection.ts';

/** What the raw client can be told to do: each the least work that gets the same result as the operator's. */
export type Job =
  /** Reads the accounts, then writes a Secret and a status for each. */
  | { readonly kind: 'converge'; readonly namespace: string; readonly inFlight: number }
  /** Watches accounts, and writes a Secret and a status for each new one, until it is told to stop. */
  | { readonly kind: 'follow'; readonly namespace: string; readonly inFlight: number }
  /** Reads accounts and, as metadata, the Secrets of our type: both at once, each object parsed. */
  | { readonly kind: 'read'; readonly namespace: string; readonly style: 'pages' | 'stream' }
  /** Reads the accounts, then writes a status for each; three times over, of which the last counts: the operator is warm too. */
  | { readonly kind: 'statuses'; readonly namespace: string; readonly inFlight: number };

interface Order {
  readonly endpoint: Endpoint;
  readonly job: Job;
}

/** Instants are the machine's monotonic clock in milliseconds, see support/instants.ts. */
export interface Outcome {
  /** The first request of the work itself is about to be sent: for writing, the first write. */
  readonly beganMs: number;
  readonly endedMs: number;
  /** Objects written or read. */
  readonly objects: number;
  /** CPU time of the whole process, user and system, from its start. */
  readonly cpuMs: number;
}

export type FromRawClient =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly text: string };
export type ToRawClient = { readonly kind: 'order'; readonly order: Order } | { readonly kind: 'stop' };
