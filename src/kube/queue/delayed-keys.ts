/**
 * Keys and the instant each waits for: a binary heap in two parallel arrays, with each key's place in it, so that 100,000
 * of them cost some sixty bytes each and an instant can be moved or dropped.
 */
export class DelayedKeys {
  readonly #keys: string[] = [];
  readonly #instants: number[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#keys.length;
  }

  /** The earliest instant of all. */
  get earliest(): number | undefined {
    return this.#instants[0];
  }

  /** Of several instants for a key the earliest counts. */
  add(key: string, instant: number): void {
    const place = this.#places.get(key);
    if (place === undefined) {
      this.#keys.push(key);
      this.#instants.push(instant);
      this.#places.set(key, this.#keys.length - 1);
      this.#rise(this.#keys.length - 1);
    } else if (instant < this.#instant(place)) {
      this.#instants[place] = instant;
      this.#rise(place);
    }
  }

  delete(key: string): void {
    const place = this.#places.get(key);
    if (place !== undefined) this.#removeAt(place);
  }

  /** Takes out the key with the earliest instant if that has come. */
  takeDue(now: number): { readonly key: string; readonly instant: number } | undefined {
    const key = this.#keys[0];
    const instant = this.#instants[0];
    if (key === undefined || instant === undefined || instant > now) return undefined;
    this.#removeAt(0);
    return { key, instant };
  }

  #instant(place: number): number {
    return this.#instants[place] ?? Infinity;
  }

  #removeAt(place: number): void {
    const last = this.#keys.length - 1;
    this.#swap(place, last);
    const key = this.#keys.pop();
    this.#instants.pop();
    if (key !== undefined) this.#places.delete(key);
    if (place < last) {
      this.#rise(place);
      this.#sink(place);
    }
  }

  #rise(start: number): void {
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#instant(parent) <= this.#instant(place)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(start: number): void {
    let place = start;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#instant(left + 1) < this.#instant(left) ? left + 1 : left;
      if (this.#instant(place) <= this.#instant(child)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  #swap(a: number, b: number): void {
    const keyA = this.#keys[a];
    const keyB = this.#keys[b];
    if (keyA === undefined || keyB === undefined) return;
    const instantA = this.#instant(a);
    this.#keys[a] = keyB;
    this.#instants[a] = this.#instant(b);
    this.#keys[b] = keyA;
    this.#instants[b] = instantA;
    this.#places.set(keyB, a);
    this.#places.set(keyA, b);
  }
}
