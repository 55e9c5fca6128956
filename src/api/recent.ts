/** Accounts that changed together share what was said of them then, and are mostly read and written together too. */
const mostKept = 256;

/** What was made for the keys of late, so that one copy serves all who ask; full, it begins anew. */
export class Recent<Key, Value> {
  readonly #known = new Map<Key, Value>();

  /** One for each key that stands for it. */
  share(key: Key, make: (key: Key) => Value): Value {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size === mostKept) this.#known.clear();
    const made = make(key);
    this.#known.set(key, made);
    return made;
  }
}
