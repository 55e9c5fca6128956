import { WaitingLine } from './waiting-line.ts';

/** `interactive` is a person's single change; `bulk` is one of many (a first sync, a platform's fan-out, a timer). */
export type Lane = 'interactive' | 'bulk';

export interface LaneStats {
  readonly depth: number;
  /** Age of the key that waits longest; 0 if none does. */
  readonly oldestAgeMs: number;
}

/** One bulk key after so many interactive ones in a row, so that neither lane starves the other. */
const interactiveInARow = 8;

/** Two waiting lines, and whose turn it is. */
export class Lanes {
  readonly #interactive = new WaitingLine();
  readonly #bulk = new WaitingLine();
  #inARow = 0;

  get depth(): number {
    return this.#interactive.depth + this.#bulk.depth;
  }

  /** A key waiting in the bulk lane moves to the interactive one; never the other way. */
  add(key: string, lane: Lane, nowMs: number): void {
    if (lane === 'interactive') {
      this.#bulk.remove(key);
      this.#interactive.add(key, nowMs);
    } else if (!this.#interactive.has(key)) {
      this.#bulk.add(key, nowMs);
    }
  }

  remove(key: string): void {
    this.#interactive.remove(key);
    this.#bulk.remove(key);
  }

  take(bulkAllowed: boolean): { readonly key: string; readonly lane: Lane } | undefined {
    const bulkTurn = bulkAllowed && this.#inARow >= interactiveInARow && this.#bulk.depth > 0;
    const interactive = bulkTurn ? undefined : this.#interactive.take();
    if (interactive !== undefined) {
      this.#inARow += 1;
      return { key: interactive, lane: 'interactive' };
    }
    this.#inARow = 0;
    const bulk = bulkAllowed ? this.#bulk.take() : undefined;
    return bulk === undefined ? undefined : { key: bulk, lane: 'bulk' };
  }

  stats(lane: Lane, nowMs: number): LaneStats {
    const line = lane === 'bulk' ? this.#bulk : this.#interactive;
    return { depth: line.depth, oldestAgeMs: nowMs - (line.oldestSinceMs() ?? nowMs) };
  }
}
