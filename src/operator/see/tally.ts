import type { Phase } from '../../api/phases.ts';
import type { Counts } from '../../core/platform.ts';

/** What one account adds to its platform's figures. */
export interface Counted {
  readonly phase: Phase | undefined;
  /** The round in which this process last decided the account, see {@link Tally.beginRound}. */
  readonly decidedIn: number | undefined;
}

/** No two rounds of any platform have the same number. */
let rounds = 0;

/** The figures of one platform, kept up as accounts come, change and go. */
export class Tally {
  #round: number | undefined;
  #total = 0;
  #undecided = 0;
  readonly #phases = new Map<Phase, number>();

  /** Accounts not yet decided against the platform as it is now. */
  get pending(): number {
    return this.#undecided;
  }

  /** Neither is there a platform nor an account that names it. */
  get isIdle(): boolean {
    return this.#total === 0 && this.#round === undefined;
  }

  /** The round under way; undefined while there is no platform. */
  get round(): number | undefined {
    return this.#round;
  }

  /**
   * The platform says something else, or is another of the same name: nothing has been decided about it yet. Generations
   * would not do to tell that apart, as those of a platform that is made again begin at 1 again.
   */
  beginRound(): void {
    rounds += 1;
    this.#round = rounds;
    this.#undecided = this.#total;
  }

  /** The platform is gone. */
  endRound(): void {
    this.#round = undefined;
    this.#undecided = this.#total;
  }

  add(account: Counted): void {
    this.#change(account, 1);
  }

  remove(account: Counted): void {
    this.#change(account, -1);
  }

  counts(): Counts {
    const of = (phase: Phase): number => this.#phases.get(phase) ?? 0;
    return {
      total: this.#total,
      enforced: of('Enforced'),
      enrolling: of('Enrolling'),
      suspended: of('Suspended'),
      locked: of('Locked'),
      off: of('Off'),
      blocked: of('Blocked'),
    };
  }

  #change({ phase, decidedIn }: Counted, by: 1 | -1): void {
    this.#total += by;
    if (decidedIn === undefined || decidedIn !== this.#round) this.#undecided += by;
    if (phase !== undefined) this.#phases.set(phase, (this.#phases.get(phase) ?? 0) + by);
  }
}
