import { hourMs, secondMs, type Instant } from '../../api/instants.ts';
import type { ForeignSecret, RefusedWrite } from '../../core/facts.ts';

/** How long nothing is done that can't be undone, after storage went back in time (design.md, the tripwire). */
export const holdHours = 1;

/** A Secret of another type is looked at again after this time: a watch by type does not see it go. */
const foreignMs = 60_000;

/** What went wrong of late, by key of the queue: it lives in memory only, because a restart may look at everything afresh. */
export class Setbacks {
  readonly #refused = new Map<string, RefusedWrite>();
  readonly #foreignUntil = new Map<string, Instant>();
  readonly #unsure = new Set<string>();
  readonly #inVain = new Map<string, number>();
  #holdUntil: Instant | undefined;

  /** The API server's last no to a write of this mailbox's Secret. */
  refused(key: string): RefusedWrite | undefined {
    return this.#refused.get(key);
  }

  /** What the mailbox was refused may be allowed now that something about it has changed. */
  forgive(key: string): void {
    this.#refused.delete(key);
  }

  refuse(key: string, refused: RefusedWrite): void {
    this.#refused.set(key, refused);
  }

  holdUntil(now: Instant): Instant | undefined {
    return this.#holdUntil !== undefined && now < this.#holdUntil ? this.#holdUntil : undefined;
  }

  storageWentBack(now: Instant): void {
    this.#holdUntil = now + holdHours * hourMs;
  }

  /**
   * The clock that gave the instants kept here was ahead: what was refused is tried and names are looked at again, and a
   * hold lasts no longer than one that begins now.
   */
  clockSetBack(now: Instant): void {
    this.#refused.clear();
    for (const key of this.#foreignUntil.keys()) this.#foreignUntil.set(key, -Infinity);
    if (this.#holdUntil !== undefined) this.#holdUntil = Math.min(this.#holdUntil, now + holdHours * hourMs);
  }

  /** The name was taken when it was last looked at. Where it is past the time to look again, that is a second from now. */
  foreign(key: string, now: Instant): ForeignSecret | undefined {
    const until = this.#foreignUntil.get(key);
    return until === undefined ? undefined : { foreignUntil: Math.max(until, now + secondMs) };
  }

  /** Whether the name was taken, and it is time to look again. */
  isNameInDoubt(key: string, now: Instant): boolean {
    const until = this.#foreignUntil.get(key);
    return until !== undefined && until <= now;
  }

  markForeign(key: string, now: Instant): void {
    this.#foreignUntil.set(key, now + foreignMs);
  }

  clearForeign(key: string): void {
    this.#foreignUntil.delete(key);
  }

  /** A write was in vain or its outcome is unknown: read before deciding again. Answers how often in a row by now. */
  markUnsure(key: string): number {
    const times = (this.#inVain.get(key) ?? 0) + 1;
    this.#inVain.set(key, times);
    this.#unsure.add(key);
    return times;
  }

  isUnsure(key: string): boolean {
    return this.#unsure.has(key);
  }

  clearUnsure(key: string): void {
    this.#unsure.delete(key);
  }

  /** All that was decided was done: the row has ended. */
  wentWell(key: string): void {
    this.#inVain.delete(key);
  }

  /** There is nothing left of this mailbox or platform. */
  forget(key: string): void {
    this.#inVain.delete(key);
    this.#refused.delete(key);
    this.#foreignUntil.delete(key);
    this.#unsure.delete(key);
  }
}
