import type { Deliveries } from './deliveries.ts';
import type { Happening, Stage } from './stage.ts';
import { compareResourceVersions } from '../client/resource-version.ts';
import type { KubeObject, Resource, Stored } from '../client/resource.ts';
import type { SampleKind, Tripwire, VersionMark } from '../client/tripwire.ts';

/** Up to where a reflector has been told, and what that means for each thing it is told next. */
export class ReflectorProgress<Facts, T extends KubeObject> {
  /** What the reflector is about to do. */
  stage: Stage = 'readNow';
  readonly deliveries: Deliveries<Facts, T>;
  readonly #resource: Resource;
  readonly #tripwire: Tripwire;
  #latest: string | undefined;

  constructor(resource: Resource, tripwire: Tripwire, deliveries: Deliveries<Facts, T>) {
    this.#resource = resource;
    this.#tripwire = tripwire;
    this.deliveries = deliveries;
  }

  /** The latest version told: from where to watch on. */
  get latest(): string | undefined {
    return this.#latest;
  }

  upsert(object: Stored<T>, mark: VersionMark): void {
    this.deliveries.upsert(object);
    this.#advance(object.metadata.resourceVersion, mark);
  }

  remove(object: Stored<T>, mark: VersionMark): void {
    this.deliveries.remove(object);
    this.#advance(object.metadata.resourceVersion, mark);
  }

  /** A bookmark in the middle: something to stop the stream for, or nothing. */
  bookmark(version: string, mark: VersionMark): Happening | undefined {
    if (this.stage !== 'watch') return undefined;
    if (compareResourceVersions(version, mark.highest) < 0) return { what: 'behind' };
    this.deliveries.knowUpTo(version);
    this.#advance(version, mark);
    return undefined;
  }

  /** The whole set has been read, as of `version`. */
  complete(version: string, kind: SampleKind, mark: VersionMark): Happening {
    if (this.#provesReturn(version, kind, mark)) return { what: 'wentBack' };
    this.#tripwire.saw(this.#resource, version, mark);
    this.#latest = version;
    this.stage = 'watch';
    this.deliveries.complete(version);
    return { what: 'complete' };
  }

  /** What was told stays told. */
  readAnew(): void {
    this.stage = 'readNow';
  }

  storageWentBack(): void {
    this.#latest = undefined;
    this.stage = 'readNow';
    this.deliveries.storageWentBack();
  }

  /** Only a consistent reading proves by its version where storage stands; any by an object older than it was known. */
  #provesReturn(version: string, kind: SampleKind, mark: VersionMark): boolean {
    if (this.stage === 'readNow' && this.#tripwire.sample(this.#resource, version, kind, mark)) return true;
    const fallen = this.deliveries.fallen(version);
    return (
      fallen !== undefined &&
      this.#tripwire.sample(this.#resource, fallen.version, 'object', { epoch: mark.epoch, highest: fallen.known })
    );
  }

  /** Only while watching: initial events come in no order, so a version among them says nothing about the others. */
  #advance(version: string, mark: VersionMark): void {
    if (this.stage !== 'watch') return;
    if (this.#latest === undefined || compareResourceVersions(version, this.#latest) > 0) this.#latest = version;
    this.#tripwire.saw(this.#resource, version, mark);
  }
}
