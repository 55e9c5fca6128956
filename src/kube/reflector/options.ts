import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Random } from '../../host/random.ts';
import type { Client } from '../client/client.ts';
import type { KubeError } from '../client/errors.ts';
import type { KubeObject, Resource, Stored } from '../client/resource.ts';
import type { Tripwire } from '../client/tripwire.ts';

/**
 * What a reflector tells. A handler that throws is logged and otherwise ignored. `key` is `namespace/name`.
 * Deliveries begin before `onSynced`: until then the set may be incomplete, but what is delivered is true.
 */
export interface ReflectorHandlers<Facts> {
  /** A version not told before: created, changed, or (after onStorageWentBack) any at all, also a lower one. */
  onUpsert(key: string, facts: Facts, resourceVersion: string): void;
  /** Gone; `resourceVersion` is that of the deletion, absent if a new reading of the whole set did not find it. */
  onDelete(key: string, resourceVersion?: string): void;
  /** The whole set as of `resourceVersion` has been delivered, and what vanished meanwhile deleted. After each new reading. */
  onSynced?(resourceVersion: string): void;
  /** Versions told before mean nothing any more: forget them; the whole set comes again, then `onSynced`. */
  onStorageWentBack?(): void;
}

export interface ReflectorOptions<Facts, T extends KubeObject = KubeObject> {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly resource: Resource;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly metadataOnly?: boolean;
  /** Keeps what a decision needs; the object itself is dropped. */
  readonly project: (object: Stored<T>) => Facts;
  readonly handlers: ReflectorHandlers<Facts>;
  /** What a person can do about an error, in words: logged with it. */
  readonly remedy?: (error: KubeError) => string | undefined;
  /** Shared by all reflectors and the client; the reflector listens to it and reads all anew at an alarm. */
  readonly tripwire: Tripwire;
}

export interface ReflectorStatus {
  /** The whole set is known, and nothing says that it must be read anew. Stays true through short interruptions. */
  readonly synced: boolean;
  /** What the server said last, where that keeps the reflector from going on. What was known is kept. */
  readonly trouble: KubeError | undefined;
  /** Readings of the whole set, and watches opened, since the start. */
  readonly lists: number;
  readonly watches: number;
  /** Objects known. */
  readonly size: number;
  /** Since the last byte of a watch, a bookmark's as well, or the last reading of the whole set. */
  readonly silentMs: number;
}

/** Keeps telling what a resource contains until stopped; never ends by itself. Made by createReflector. */
export interface Reflector {
  /** Begins; call once. */
  start(): void;
  /** Reads the whole set once more, by a consistent read, as a watch may be late; then `onSynced` is called again. */
  readAnew(): void;
  status(): ReflectorStatus;
  /** Resolves once no handler will be called any more. */
  stop(): Promise<void>;
}
