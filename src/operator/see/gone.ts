import { compareResourceVersions } from '../../kube/client/resource-version.ts';

/** What consistent reads found to be gone before the watch told of it: an older sight of it must not bring it back. */
export class Gone {
  readonly #versions = new Map<string, string>();

  /** It was not there as of this version. */
  note(key: string, version: string): void {
    this.#versions.set(key, version);
  }

  /** Whether what is seen at this version had gone since; what is newer was made anew. */
  hides(key: string, version: string): boolean {
    const gone = this.#versions.get(key);
    return gone !== undefined && compareResourceVersions(version, gone) <= 0;
  }

  /** The watch has told that it went, or that there is another. */
  forget(key: string): void {
    this.#versions.delete(key);
  }

  /** Storage went back in time: nothing is known to be gone. */
  clear(): void {
    this.#versions.clear();
  }
}
