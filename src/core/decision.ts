import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import type { Instant } from '../api/instants.ts';
import type { algorithms, digitCounts, periodsSeconds } from '../api/seed-data.ts';

/** What the hand that mints puts into the Secret beside the random seed (RFC 6238, and the otpauth URI's labels). */
export interface SeedParameters {
  readonly issuer: string;
  readonly address: string;
  readonly algorithm: (typeof algorithms)[number];
  readonly digits: (typeof digitCounts)[number];
  readonly periodSeconds: (typeof periodsSeconds)[number];
}

/** Changes to metadata; null takes an annotation away. */
export interface MetadataPatch {
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly platformLabel?: string;
}

/** The one thing to do to the Secret. */
export type SecretAct =
  | { readonly kind: 'keep' }
  /** `seed` absent: the second factor is off, so there is nothing to mint. `over`: in place of one that is lost. */
  | {
      readonly kind: 'create';
      readonly patch: MetadataPatch;
      readonly seed?: SeedParameters;
      readonly over?: boolean;
    }
  /** Puts a new seed in; `over` says that there was one, or should have been, which is gone for good. */
  | { readonly kind: 'replace'; readonly patch: MetadataPatch; readonly seed: SeedParameters; readonly over: boolean }
  | { readonly kind: 'annotate'; readonly patch: MetadataPatch }
  /** Takes all data away. */
  | { readonly kind: 'erase'; readonly patch: MetadataPatch }
  | { readonly kind: 'orphan'; readonly patch: MetadataPatch }
  | { readonly kind: 'delete' };

/** Something for people to read in `kubectl describe`. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
}

/** At most one write to the Secret and one of the status, in that order. */
export interface Decision {
  readonly secret: SecretAct;
  readonly status: MailAccountStatus;
  readonly events: readonly Notice[];
  /** The earliest future instant at which the answer changes; undefined if it never does by itself. */
  readonly requeueAt: Instant | undefined;
}

/** The same for a Secret without an account: there is no status to write. */
export interface OrphanDecision {
  readonly secret: SecretAct;
  readonly events: readonly Notice[];
  readonly requeueAt: Instant | undefined;
}

/** Whether the act destroys what nobody can bring back: such a one needs a fresh look first, and waits out a hold. */
export const isIrreversible = (act: SecretAct): boolean => {
  switch (act.kind) {
    case 'erase':
    case 'orphan':
    case 'delete':
      return true;
    case 'create':
    case 'replace':
      return act.over ?? false;
    case 'keep':
    case 'annotate':
      return false;
  }
};

/** The earliest of the given instants that is still to come. */
export const earliestAfter = (now: Instant, instants: readonly (Instant | undefined)[]): Instant | undefined => {
  const future = instants.filter((instant) => instant !== undefined && instant > now) as Instant[];
  return future.length === 0 ? undefined : Math.min(...future);
};
