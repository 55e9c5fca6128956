import type { Log } from '../../host/log.ts';
import { type Fallen, KnownVersions, type LastDelivery } from './known-versions.ts';
import type { ReflectorHandlers } from './options.ts';
import { keyOf, type KubeObject, type Stored } from '../client/resource.ts';

/** Tells the handlers what is news, each thing once; a handler or projection that throws is logged and left behind. */
export class Deliveries<Facts, T extends KubeObject> {
  readonly #project: (object: Stored<T>) => Facts;
  readonly #handlers: ReflectorHandlers<Facts>;
  readonly #log: Log;
  readonly #known = new KnownVersions();

  constructor(project: (object: Stored<T>) => Facts, handlers: ReflectorHandlers<Facts>, log: Log) {
    this.#project = project;
    this.#handlers = handlers;
    this.#log = log;
  }

  get size(): number {
    return this.#known.size;
  }

  get last(): LastDelivery | undefined {
    return this.#known.last;
  }

  beginReading(): void {
    this.#known.beginReading();
  }

  upsert(object: Stored<T>): void {
    const { resourceVersion } = object.metadata;
    const key = keyOf(object.metadata);
    if (!this.#known.upsert(key, resourceVersion)) return;
    this.#safely(key, () => this.#handlers.onUpsert(key, this.#project(object), resourceVersion));
  }

  remove(object: Stored<T>): void {
    const { resourceVersion } = object.metadata;
    const key = keyOf(object.metadata);
    if (!this.#known.remove(key, resourceVersion)) return;
    this.#safely(key, () => this.#handlers.onDelete(key, resourceVersion));
  }

  /** The whole set has been read. */
  complete(resourceVersion: string): void {
    for (const key of this.#known.completeReading(resourceVersion)) {
      this.#safely(key, () => this.#handlers.onDelete(key));
    }
    this.#safely('', () => this.#handlers.onSynced?.(resourceVersion));
  }

  /** An object that the reading under way found older than it was known to be by `resourceVersion`. */
  fallen(resourceVersion: string): Fallen | undefined {
    return this.#known.fallen(resourceVersion);
  }

  knowUpTo(resourceVersion: string): void {
    this.#known.knowUpTo(resourceVersion);
  }

  storageWentBack(): void {
    this.#known.forgetVersions();
    this.#safely('', () => this.#handlers.onStorageWentBack?.());
  }

  #safely(key: string, tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#log.error({ key, error: error instanceof Error ? error.message : 'unknown' }, 'a handler failed');
    }
  }
}
