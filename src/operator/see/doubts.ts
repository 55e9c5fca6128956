import { compareResourceVersions } from '../../kube/client/resource-version.ts';

/** An object as it was at a version. */
interface Versioned {
  readonly resourceVersion: string;
}

/** Facts from before storage went back: beside them whatever is read next is news, whatever its version. */
export class Doubts {
  readonly #facts = new WeakSet<Versioned>();

  add(facts: Versioned): void {
    this.#facts.add(facts);
  }

  /** Whether what was seen at this version is newer than what is known. */
  isNews(version: string, known: Versioned | undefined): boolean {
    if (known === undefined || this.#facts.has(known)) return true;
    return compareResourceVersions(version, known.resourceVersion) > 0;
  }
}
