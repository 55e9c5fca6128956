import type { ExchangePlatformSpec, ExchangePlatformStatus } from '../api/generated/exchange-platform.ts';
import type { MailAccountSpec, MailAccountStatus } from '../api/generated/mail-account.ts';
import type { Instant } from '../api/instants.ts';

/** What a decision knows of a MailAccount. The spec is as the API server gave it: wishes.ts reads it. */
export interface AccountFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** RFC 3339, as the API server wrote it: these texts order as the instants do. */
  readonly createdAt: string;
  readonly spec: MailAccountSpec;
  readonly status: MailAccountStatus;
}

/** What a decision knows of an ExchangePlatform. */
export interface PlatformFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly spec: ExchangePlatformSpec;
  readonly status: ExchangePlatformStatus;
}

/** What a decision knows of a Secret of our type: metadata only, never the seed. */
export interface SecretFacts {
  readonly uid: string;
  readonly resourceVersion: string;
  /** The label `exchange2fa.io/platform`. */
  readonly platformLabel: string | undefined;
  /** Those with our prefix. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** The API server's last word on a write to the Secret, where it was no. */
export interface RefusedWrite {
  /** 400: a webhook's denial, unless it says otherwise. */
  readonly status: 400 | 403 | 422;
  /** Which field or rule it named; never its whole text, which may echo values. */
  readonly field: string;
  /** Not tried again before. */
  readonly retryAt: Instant;
}

/** A Secret of another type has the name. A watch by type does not see it go, so it is looked at again. */
export interface ForeignSecret {
  /** When it is looked at again. */
  readonly foreignUntil: Instant;
}

/** All that a decision about one account depends on, beside the time. */
export interface Facts {
  readonly account: AccountFacts;
  /** The other living accounts with the same Secret name: the same address. */
  readonly rivals: readonly AccountFacts[];
  readonly platform: PlatformFacts | undefined;
  readonly secret: SecretFacts | ForeignSecret | undefined;
  readonly refusedWrite?: RefusedWrite | undefined;
  /** Storage went back in time: until then nothing is done that can't be undone. */
  readonly holdUntil?: Instant | undefined;
  /** What the API server's clock says, where ours is known to differ: what is stamped into the Secret is of this time. */
  readonly serverNow?: Instant | undefined;
}

export const isForeign = (secret: Facts['secret']): secret is ForeignSecret =>
  secret !== undefined && 'foreignUntil' in secret;

/** What a decision about a Secret without an account depends on. */
export interface OrphanFacts {
  readonly secret: SecretFacts;
  /** The platform that the Secret's label names. */
  readonly platform: PlatformFacts | undefined;
  readonly refusedWrite?: RefusedWrite | undefined;
  readonly holdUntil?: Instant | undefined;
}
