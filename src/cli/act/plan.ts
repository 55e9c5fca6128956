import type { MailAccountTwoFactor } from '../../api/generated/mail-account.ts';
import type { Instant } from '../../api/instants.ts';
import type { PlatformWishes } from '../../core/wishes.ts';
import type { Account } from '../cluster/objects.ts';
import type { RequestField } from '../cluster/ownership.ts';

/** One field of spec.twoFactor with its new value; undefined takes the request away. */
export interface Change {
  readonly field: RequestField;
  readonly value: MailAccountTwoFactor[RequestField] | undefined;
}

/** What a command wants of one account. */
export type Plan =
  | {
      readonly kind: 'change';
      readonly changes: readonly Change[];
      /** Past tense, after the account's name: `suspended until …`. */
      readonly done: string;
      /** Shown once, after the write: an enrolment code. */
      readonly secret?: string;
    }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** When all has been said of a request: whether it is in force, and in which words. */
export interface Outcome {
  readonly isInForce: boolean;
  readonly says: string;
}

/** What a plan is made from, beside the account. */
export interface Surroundings {
  readonly now: Instant;
  /** The API server's time, rounded up to a whole second. */
  readonly requestedAt: Instant;
  /** Undefined where there is no such platform, or it can't be understood. */
  readonly platformOf: (account: Account) => PlatformWishes | undefined;
}

/** One command that changes accounts. */
export interface Deed {
  /** As it is typed. */
  readonly name: string;
  /** For questions: `suspend the second factor of`. */
  readonly asks: string;
  /** The verbs on mailaccounts that it needs. */
  readonly verbs: readonly string[];
  readonly plan: (account: Account, surroundings: Surroundings) => Plan;
  /** Looks at an account that the operator has seen since the write; undefined: not yet. */
  readonly outcome: (account: Account, surroundings: Surroundings, now: Instant) => Outcome | undefined;
}
