import type { KeyObject } from 'node:crypto';
import { InputError } from '../../host/options.ts';

/** What keys are for: the first part of a file's name, as in `signing-2026-11-25`. */
export const keyPurposes = ['signing', 'session', 'device', 'attempt'] as const;
export type KeyPurpose = (typeof keyPurposes)[number];

/** One key. `kid` is the file's name. */
export interface Key {
  readonly kid: string;
  /** Signing: the private key (P-256, for ES256). Others: 32 secret bytes. */
  readonly key: KeyObject;
}

export interface SigningKey extends Key {
  /** For the JWKS: public members with `kid`, `alg` and `use`. */
  readonly publicJwk: PublicJwk;
}

export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

/** The keys of one purpose: one is active and makes, all check. */
export interface KeyRing<K extends Key = Key> {
  /** The newest that every replica and relying party knows by now. */
  readonly active: K;
  /** Newest first. */
  readonly all: readonly K[];
}

export interface Keys {
  /** id_tokens, ES256. */
  readonly signing: KeyRing<SigningKey>;
  /** Encrypts page sessions (A256GCM). */
  readonly session: KeyRing;
  /** MACs device tokens (HMAC-SHA-256). */
  readonly device: KeyRing;
  /** Makes attempt ids (HMAC-SHA-256). */
  readonly attempt: KeyRing;
}

/** How often the keys were read, for a figure. */
export type KeyReads = Readonly<Record<'succeeded' | 'failed', number>>;

/** A directory of keys that may gain and lose files while the process runs. */
export interface KeyStore {
  current(): Keys;
  /** The key of that name, for checking what it made; the directory is read again if it is not known, at most once a second. */
  find<Purpose extends KeyPurpose>(purpose: Purpose, kid: string): Promise<Keys[Purpose]['active'] | undefined>;
  readonly reads: KeyReads;
  close(): void;
}

/** A file that is no key; the message says which, what it must be and how to make it. Never what it contains. */
export class KeyError extends InputError {
  override readonly name = 'KeyError';
}
