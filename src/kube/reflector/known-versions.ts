import { compareResourceVersions } from '../client/resource-version.ts';

const newer = (a: string, b: string): boolean => compareResourceVersions(a, b) > 0;

/** An object at `version`, although it had been at `known`, which is later. */
export interface Fallen {
  readonly version: string;
  readonly known: string;
}

/** What was told of the object with the highest version: that it is at `version`, or that it went then. */
export interface LastDelivery {
  readonly key: string;
  readonly version: string;
  readonly gone: boolean;
}

/**
 * Which objects a reflector has told of, and at which version: what is news, what is a replay, and what vanished while
 * nobody watched.
 */
export class KnownVersions {
  readonly #versions = new Map<string, string>();
  /** Deleted since the floor, so that an older event told again does not bring them back. */
  readonly #deleted = new Map<string, string>();
  /** Everything up to this version is known. */
  #floor: string | undefined;
  #reading = false;
  /** Found by the reading under way; absent if nothing was known before it, as then nothing can have vanished. */
  #found: Set<string> | undefined;
  /** By the reading under way; of several the one that was known at the lowest version. */
  #fallen: Fallen | undefined;
  #last: LastDelivery | undefined;

  get size(): number {
    return this.#versions.size;
  }

  /** At the highest version of all. */
  get last(): LastDelivery | undefined {
    return this.#last;
  }

  /** A reading of the whole set begins, or begins anew: what an earlier one found so far does not count. */
  beginReading(): void {
    this.#reading = true;
    this.#found = this.#versions.size > 0 ? new Set() : undefined;
    this.#fallen = undefined;
  }

  /**
   * An object that the reading found below a version that it had by `version`. A server whose view is older than ours
   * may show such ones too; but a set as of `version` can't.
   */
  fallen(version: string): Fallen | undefined {
    return this.#fallen && !newer(this.#fallen.known, version) ? this.#fallen : undefined;
  }

  /** The reading has found everything; returns (and drops) the keys that it did not find. */
  completeReading(version: string): string[] {
    const vanished: string[] = [];
    for (const key of this.#found ? this.#versions.keys() : []) if (!this.#found?.has(key)) vanished.push(key);
    for (const key of vanished) this.#versions.delete(key);
    this.#reading = false;
    this.#found = undefined;
    this.#fallen = undefined;
    this.knowUpTo(version);
    return vanished;
  }

  /** Notes an object; false if it is no news. */
  upsert(key: string, version: string): boolean {
    this.#found?.add(key);
    const known = this.#versions.get(key);
    if (known !== undefined && this.#reading && newer(known, version)) this.#noteFallen({ version, known });
    if (known === undefined ? this.#isReplay(key, version) : !newer(version, known)) return false;
    this.#versions.set(key, version);
    this.#noteLast(key, version, false);
    return true;
  }

  /** Notes a deletion; false if the object was not known, or is known at a later version (deleted and made again). */
  remove(key: string, version: string): boolean {
    const known = this.#versions.get(key);
    if (known !== undefined && newer(known, version)) return false;
    this.#found?.delete(key);
    this.#deleted.set(key, version);
    this.#noteLast(key, version, true);
    return this.#versions.delete(key);
  }

  knowUpTo(version: string): void {
    if (this.#floor !== undefined && !newer(version, this.#floor)) return;
    this.#floor = version;
    this.#deleted.clear();
  }

  /** Storage went back: any version is news. Keys stay, so that the next reading finds out which have vanished. */
  forgetVersions(): void {
    for (const key of this.#versions.keys()) this.#versions.set(key, '0');
    this.#deleted.clear();
    this.#floor = undefined;
    this.#last = undefined;
  }

  #noteLast(key: string, version: string, gone: boolean): void {
    if (!this.#last || newer(version, this.#last.version)) this.#last = { key, version, gone };
  }

  #noteFallen(fallen: Fallen): void {
    if (!this.#fallen || newer(this.#fallen.known, fallen.known)) this.#fallen = fallen;
  }

  /** An unknown object is a replay if it is not later than its deletion, or than a version up to which all is known. */
  #isReplay(key: string, version: string): boolean {
    const deleted = this.#deleted.get(key);
    if (deleted !== undefined && !newer(version, deleted)) return true;
    return !this.#reading && this.#floor !== undefined && !newer(version, this.#floor);
  }
}
