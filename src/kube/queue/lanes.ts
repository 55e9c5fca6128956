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

/**
 * A watch tells of a person's one account as it tells of each of ten thousand that a pipeline creates. A key that finds 16
 * of its kind waiting is one of a crowd and goes to bulk. So a single change waits behind 16 keys at most, and other kinds
 * behind none: some ms each for 16 is less than a person notices.
 */
const interactiveOfACrowd = 16;

/** Two waiting lines, and whose turn it is. */
export class Lanes {
  readonly #interactive = new WaitingLine();
  readonly #bulk = new WaitingLine();
  /** How many of each crowd wait in the interactive line. */
  readonly #interactiveOf = new Map<string, number>();
  /** Of each key in the interactive line, as it was when it came. */
  readonly #crowds = new Map<string, string>();
  readonly #crowdOf: (key: string) => string;
  #inARow = 0;

  constructor(crowdOf: (key: string) => string) {
    this.#crowdOf = crowdOf;
  }

  get depth(): number {
    return this.#interactive.depth + this.#bulk.depth;
  }

  /**
   * A key waiting in the bulk lane moves to the interactive one, never the other way. What is said to be interactive is
   * bulk all the same while many others of its crowd are waiting.
   */
  add(key: string, lane: Lane, nowMs: number): void {
    if (this.#interactive.has(key)) return;
    const crowd = lane === 'bulk' ? undefined : this.#crowdOf(key);
    const waiting = crowd === undefined ? 0 : (this.#interactiveOf.get(crowd) ?? 0);
    if (crowd === undefined || waiting >= interactiveOfACrowd) {
      this.#bulk.add(key, nowMs);
      return;
    }
    this.#bulk.remove(key);
    this.#interactive.add(key, nowMs);
    this.#crowds.set(key, crowd);
    this.#interactiveOf.set(crowd, waiting + 1);
  }

  /** Whether {@link take} would find a key. */
  offers(bulkAllowed: boolean): boolean {
    return this.#interactive.depth > 0 || (bulkAllowed && this.#bulk.depth > 0);
  }

  take(bulkAllowed: boolean): { readonly key: string; readonly lane: Lane } | undefined {
    const bulkTurn = bulkAllowed && this.#inARow >= interactiveInARow && this.#bulk.depth > 0;
    const interactive = bulkTurn ? undefined : this.#interactive.take();
    if (interactive !== undefined) {
      this.#leave(interactive);
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

  /** A key has left the interactive line. */
  #leave(key: string): void {
    const crowd = this.#crowds.get(key) ?? '';
    this.#crowds.delete(key);
    const waiting = (this.#interactiveOf.get(crowd) ?? 0) - 1;
    if (waiting > 0) this.#interactiveOf.set(crowd, waiting);
    else this.#interactiveOf.delete(crowd);
  }
}
