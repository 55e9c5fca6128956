/** Keys in the order in which they came, each once, with the moment. */
export class WaitingLine {
  readonly #since = new Map<string, number>();
  /**
   * Kept from one call to the next: a Map remembers deleted entries for a while, and starting anew each time would step
   * over all of them again.
   */
  #order = this.#since.keys();

  get depth(): number {
    return this.#since.size;
  }

  has(key: string): boolean {
    return this.#since.has(key);
  }

  /** A key that waits already keeps its place. */
  add(key: string, sinceMs: number): void {
    if (!this.#since.has(key)) this.#since.set(key, sinceMs);
  }

  remove(key: string): void {
    this.#since.delete(key);
  }

  /** Takes out the key that came first. */
  take(): string | undefined {
    if (this.#since.size === 0) return undefined;
    let next = this.#order.next();
    if (next.done) {
      this.#order = this.#since.keys();
      next = this.#order.next();
    }
    if (next.done) return undefined;
    this.#since.delete(next.value);
    return next.value;
  }

  /** Since when the key that came first waits. */
  oldestSinceMs(): number | undefined {
    return this.#since.values().next().value;
  }
}
