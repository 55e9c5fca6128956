import type { MailAccountStatus } from '../../api/generated/mail-account.ts';
import type { Counts } from '../../core/platform.ts';

type Phase = NonNullable<MailAccountStatus['phase']>;

/** What one account adds to its platform's figures. */
export interface Counted {
  readonly phase: Phase | undefined;
  /** The platform's generation against which this process last decided the account. */
  readonly decidedFor: number | undefined;
}

/** The figures of one platform, kept up as accounts come, change and go. */
export class Tally {
  #generation: number | undefined;
  #total = 0;
  #undecided = 0;
  readonly #phases = new Map<Phase, number>();

  /** Accounts not yet decided against the platform's present generation. */
  get pending(): number {
    return this.#undecided;
  }

  get isEmpty(): boolean {
    return this.#total === 0;
  }

  /** At another generation, nothing has been decided yet. */
  setGeneration(generation: number | undefined): void {
    if (generation === this.#generation) return;
    this.#generation = generation;
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

  #change({ phase, decidedFor }: Counted, by: 1 | -1): void {
    this.#total += by;
    if (decidedFor === undefined || decidedFor !== this.#generation) this.#undecided += by;
    if (phase !== undefined) this.#phases.set(phase, (this.#phases.get(phase) ?? 0) + by);
  }
}
