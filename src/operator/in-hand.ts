/** A mailbox being worked on: the versions of its objects that were seen meanwhile, and those that the work wrote. */
interface Work {
  readonly seen: Set<string>;
  readonly written: Set<string>;
}

/** Stands for a version that nobody named. */
const anyVersion = '';

/**
 * Which mailboxes are being worked on. Most of what the watches tell of such a one is what that work wrote; only what is
 * not calls for more work, so that no account is decided three times for its two writes.
 */
export class InHand {
  readonly #works = new Map<string, Work>();

  take(key: string): void {
    this.#works.set(key, { seen: new Set(), written: new Set() });
  }

  /** Answers whether the key is in hand, and so has noted the version. */
  saw(key: string, version: string = anyVersion): boolean {
    const work = this.#works.get(key);
    work?.seen.add(version);
    return work !== undefined;
  }

  wrote(key: string, version: string): void {
    this.#works.get(key)?.written.add(version);
  }

  /** The work is over; answers whether somebody else changed the mailbox meanwhile. */
  letGo(key: string): boolean {
    const work = this.#works.get(key);
    this.#works.delete(key);
    return work !== undefined && work.seen.difference(work.written).size > 0;
  }
}
