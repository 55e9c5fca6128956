import type { AccountFacts } from '../../core/facts.ts';
import { Tally } from './tally.ts';

/** What a tally needs of an account. */
interface Member {
  readonly facts: AccountFacts;
  readonly platformKey: string;
  readonly decidedIn: number | undefined;
}

/** A tally for each platform that exists or that an account names. */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();

  get(platformKey: string): Tally | undefined {
    return this.#tallies.get(platformKey);
  }

  all(): Iterable<readonly [string, Tally]> {
    return this.#tallies;
  }

  add(member: Member): void {
    this.#tallyOf(member.platformKey).add({ phase: member.facts.status.phase, decidedIn: member.decidedIn });
  }

  remove(member: Member): void {
    this.#tallyOf(member.platformKey).remove({ phase: member.facts.status.phase, decidedIn: member.decidedIn });
    this.#dropIfEmpty(member.platformKey);
  }

  /** The platform came, or says something else. */
  beginRound(platformKey: string): void {
    this.#tallyOf(platformKey).beginRound();
  }

  /** The platform is gone. */
  endRound(platformKey: string): void {
    this.#tallyOf(platformKey).endRound();
    this.#dropIfEmpty(platformKey);
  }

  #tallyOf(platformKey: string): Tally {
    let tally = this.#tallies.get(platformKey);
    if (!tally) this.#tallies.set(platformKey, (tally = new Tally()));
    return tally;
  }

  #dropIfEmpty(platformKey: string): void {
    if (this.#tallies.get(platformKey)?.isIdle) this.#tallies.delete(platformKey);
  }
}
