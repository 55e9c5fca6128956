import type { Clock } from '../../host/clock.ts';
import { compareResourceVersions, isResourceVersion } from './resource-version.ts';
import { type Resource, resourceName } from './resource.ts';

/** The highest version of a resource seen when a request was about to be sent. */
export interface VersionMark {
  readonly epoch: number;
  readonly highest: string;
}

/**
 * A version that proves where storage stands.
 * - By storage itself: of a write that changed the object, of a GET of the only object of its resource that this process
 *   ever looks at (the Lease), or of a `check` (storage-check.ts).
 * - By the server's cache of storage: of a consistent list, of the bookmark that ends a consistent initial set, or of an
 *   `object` in such a set that was known at a later version.
 */
export type SampleKind = 'write' | 'get' | 'check' | 'list' | 'bookmark' | 'object';

export interface StorageWentBack {
  readonly resource: string;
  readonly kind: SampleKind;
  /** Of a check it may be any version but `highest`; `0` if there is none. */
  readonly seen: string;
  readonly highest: string;
}

/**
 * After an alarm, a server may go on answering lists from a cache that is ahead of its storage, and each write would raise
 * the alarm again: one a minute is enough to read all anew.
 */
const quietMs = 60_000;

type Witness = 'storage' | 'cache';

const witnessOf = (kind: SampleKind): Witness =>
  kind === 'write' || kind === 'get' || kind === 'check' ? 'storage' : 'cache';

/**
 * Notices that storage went back in time (etcd restored from a backup): a proof of where it stands that is lower than what
 * was seen before the request was sent. Versions compare only within one resource, so there is a highest for each.
 */
export class Tripwire {
  readonly #highest = new Map<string, string>();
  readonly #listeners = new Set<(event: StorageWentBack) => void>();
  readonly #clock: Clock;
  #epoch = 0;
  /**
   * For each witness: when storage has raised the alarm, its cache may still be ahead, and what that says once it is not
   * must be heard at once.
   */
  readonly #latestAlarmMs: Record<Witness, number> = { storage: -Infinity, cache: -Infinity };
  /** Seen in a quiet minute; raised at its end unless another alarm came before. */
  #deferred: StorageWentBack | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be taken before a request is sent. */
  mark(resource: Resource): VersionMark {
    if (this.#deferred && !this.#isQuiet(this.#deferred.kind)) this.#alarm(this.#deferred);
    return { epoch: this.#epoch, highest: this.#highest.get(resourceName(resource)) ?? '0' };
  }

  /** Storage was at least here once; judges nothing. */
  saw(resource: Resource, version: string, mark: VersionMark): void {
    if (mark.epoch === this.#epoch) this.#raise(resourceName(resource), version);
  }

  /**
   * Judges a proof; true if storage went back. An answer to a request from before the last alarm proves nothing. In the
   * minute after an alarm by the same witness the next one waits for the first request after it.
   */
  sample(resource: Resource, version: string, kind: SampleKind, mark: VersionMark): boolean {
    if (mark.epoch !== this.#epoch || !isResourceVersion(version)) return false;
    const name = resourceName(resource);
    if (compareResourceVersions(version, mark.highest) >= 0) {
      this.#raise(name, version);
      return false;
    }
    this.#wentBack({ resource: name, kind, seen: version, highest: mark.highest });
    return true;
  }

  /** A check found an object at `version`, or gone (`0`), when it must have been at `mark.highest`: another history. */
  contradict(resource: Resource, version: string, mark: VersionMark): void {
    if (mark.epoch !== this.#epoch) return;
    this.#wentBack({ resource: resourceName(resource), kind: 'check', seen: version, highest: mark.highest });
  }

  /** Calls `listener` at each alarm; returns a function that ends it. */
  onStorageWentBack(listener: (event: StorageWentBack) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #wentBack(event: StorageWentBack): void {
    if (this.#isQuiet(event.kind)) this.#deferred ??= event;
    else this.#alarm(event);
  }

  #isQuiet(kind: SampleKind): boolean {
    return this.#clock.monotonic() - this.#latestAlarmMs[witnessOf(kind)] < quietMs;
  }

  #alarm(event: StorageWentBack): void {
    this.#epoch += 1;
    this.#deferred = undefined;
    this.#latestAlarmMs[witnessOf(event.kind)] = this.#clock.monotonic();
    this.#highest.clear();
    this.#highest.set(event.resource, event.seen);
    for (const listener of this.#listeners) listener(event);
  }

  #raise(name: string, version: string): void {
    if (!isResourceVersion(version)) return;
    const highest = this.#highest.get(name);
    if (highest === undefined || compareResourceVersions(version, highest) > 0) this.#highest.set(name, version);
  }
}
