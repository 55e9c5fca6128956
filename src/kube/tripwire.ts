import { type Clock } from '../host/clock.ts';
import { compareResourceVersions, isResourceVersion } from './resource-version.ts';
import { type Resource, resourceName } from './resource.ts';

/** The highest version of a resource seen when a request was about to be sent. */
export interface VersionMark {
  readonly epoch: number;
  readonly highest: string;
}

/**
 * A version that proves where storage stands: of a consistent list, of the bookmark that ends a consistent initial set, of a
 * write that changed the object, or of a GET of the only object of its resource that this process ever looks at (the Lease).
 */
export type SampleKind = 'list' | 'bookmark' | 'write' | 'get';

export interface StorageWentBack {
  readonly resource: string;
  readonly kind: SampleKind;
  readonly seen: string;
  readonly highest: string;
}

/**
 * After an alarm, a server may go on answering lists from a cache that is ahead of its storage, and each write would raise
 * the alarm again: one a minute is enough to read all anew.
 */
const quietMs = 60_000;

/**
 * Notices that storage went back in time (etcd restored from a backup): a proof of where it stands that is lower than what
 * was seen before the request was sent. Versions compare only within one resource, so there is a highest for each.
 */
export class Tripwire {
  readonly #highest = new Map<string, string>();
  readonly #listeners = new Set<(event: StorageWentBack) => void>();
  readonly #clock: Clock;
  #epoch = 0;
  #latestAlarmMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be taken before a request is sent. */
  mark(resource: Resource): VersionMark {
    return { epoch: this.#epoch, highest: this.#highest.get(resourceName(resource)) ?? '0' };
  }

  /** Storage was at least here once; judges nothing. */
  saw(resource: Resource, version: string, mark: VersionMark): void {
    if (mark.epoch === this.#epoch) this.#raise(resourceName(resource), version);
  }

  /**
   * Judges a proof; true if it raised the alarm. An answer to a request from before the last alarm proves nothing.
   * What is lower within a minute after an alarm belongs to it.
   */
  sample(resource: Resource, version: string, kind: SampleKind, mark: VersionMark): boolean {
    if (mark.epoch !== this.#epoch || !isResourceVersion(version)) return false;
    const name = resourceName(resource);
    if (compareResourceVersions(version, mark.highest) >= 0) {
      this.#raise(name, version);
      return false;
    }
    this.#epoch += 1;
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#latestAlarmMs < quietMs) {
      this.#highest.set(name, version);
      return false;
    }
    this.#latestAlarmMs = nowMs;
    this.#highest.clear();
    this.#highest.set(name, version);
    for (const listener of this.#listeners) listener({ resource: name, kind, seen: version, highest: mark.highest });
    return true;
  }

  /** Calls `listener` at each alarm; returns a function that ends it. */
  onStorageWentBack(listener: (event: StorageWentBack) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #raise(name: string, version: string): void {
    if (!isResourceVersion(version)) return;
    const highest = this.#highest.get(name);
    if (highest === undefined || compareResourceVersions(version, highest) > 0) this.#highest.set(name, version);
  }
}
