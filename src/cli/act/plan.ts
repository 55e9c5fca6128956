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

/** spec.twoFactor as it is once these changes are made. */
export const factorWith = (
  twoFactor: MailAccountTwoFactor | undefined,
  changes: readonly Change[],
): MailAccountTwoFactor => {
  const factor: Record<string, unknown> = { ...twoFactor };
  for (const { field, value } of changes) {
    if (value === undefined) Reflect.deleteProperty(factor, field);
    else factor[field] = value;
  }
  return factor;
};

/** An enrolment code as it is told to somebody: once, and never again. */
export interface IssuedCode {
  /** In groups of four. */
  readonly code: string;
  readonly expiresAt: string;
}

/** What a command wants of one account. */
export type AccountPlan =
  | {
      readonly kind: 'change';
      /** What the account says already is not written again. */
      readonly changes: readonly Change[];
      /** Past tense, after the account's name: `suspended until …`. */
      readonly done: string;
      readonly code?: IssuedCode;
      /** A request still to come, or later than this, that this one takes the place of, in words. */
      readonly replaces?: string;
    }
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

/** When all has been said of a request: whether it is in force, and in which words. */
export interface WaitResult {
  /** Undefined: nobody knows. */
  readonly isInForce: boolean | undefined;
  readonly says: string;
}

/** What a plan is made from, beside the account. */
export interface PlanContext {
  readonly now: Instant;
  /** What the request says: the instant that was named, else the API server's time, rounded up to a whole second. */
  readonly requestedAt: Instant;
  /** Undefined where there is no such platform, or it can't be understood. */
  readonly platformOf: (account: Account) => PlatformWishes | undefined;
}

/** One command that changes accounts. */
export interface AccountCommand {
  /** For questions: `suspend the second factor of`. */
  readonly asks: string;
  /** The verbs on mailaccounts that it needs. */
  readonly verbs: readonly string[];
  /** It takes effect at requestedAt, not at once. */
  readonly isDated: boolean;
  /** Nothing gives back what it takes away. */
  readonly isIrreversible?: true;
  /** Named on the command line; undefined: the API server's time. */
  readonly requestedAt?: Instant | undefined;
  readonly plan: (account: Account, context: PlanContext) => AccountPlan;
  /** Looks at an account that the operator has seen since the write, once the request is due; undefined: not yet. */
  readonly waitResult: (account: Account, context: PlanContext) => WaitResult | undefined;
}
