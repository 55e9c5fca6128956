import type { Instant } from '../api/instants.ts';
import type { SecretAct } from './decision.ts';
import type { OffReason } from './findings.ts';
import type { Problem } from './problems.ts';
import type { AccountWishes } from './wishes.ts';

/** What is to be done for an account, and why not all of it can be. */
export interface Plan {
  readonly act: SecretAct;
  readonly problems: readonly Problem[];
  /** The requests of which is told what becomes of them; undefined where nothing can be said of any. */
  readonly heard: AccountWishes | undefined;
  /** Why the second factor is off; undefined where it is on, where the platform is unknown, and while an erasure waits. */
  readonly offReason: OffReason | undefined;
  /** Instants at which the answer may change, beside those in the Secret. */
  readonly instants: readonly (Instant | undefined)[];
}

/** Nothing is done while this is so. */
export const doNothing = (problem: Problem, ...instants: readonly (Instant | undefined)[]): Plan => ({
  act: { kind: 'keep' },
  problems: [problem],
  heard: undefined,
  offReason: undefined,
  instants,
});
