const width = 30;
const everyMs = 100;

/** A bar on standard error, on a terminal only. */
export class Progress {
  readonly #total: number;
  readonly #isShown: boolean;
  #done = 0;
  #failed = 0;
  #drawnAtMs = 0;

  constructor(total: number) {
    this.#total = total;
    this.#isShown = process.stderr.isTTY && total > 1;
  }

  step(failed: boolean): void {
    this.#done++;
    if (failed) this.#failed++;
    const nowMs = performance.now();
    if (this.#done < this.#total && nowMs - this.#drawnAtMs < everyMs) return;
    this.#drawnAtMs = nowMs;
    this.#draw();
  }

  /** Takes the bar away, so that other lines can be written. */
  clear(): void {
    if (this.#isShown) process.stderr.write('\r\u001b[K');
  }

  #draw(): void {
    if (!this.#isShown) return;
    const filled = Math.round((this.#done / this.#total) * width);
    const bar = '█'.repeat(filled).padEnd(width, '░');
    const failed = this.#failed > 0 ? `, ${this.#failed} failed` : '';
    process.stderr.write(`\r${bar} ${this.#done}/${this.#total}${failed}\u001b[K`);
  }
}
