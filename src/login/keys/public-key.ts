import { createPublicKey, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader } from 'jose';

/**
 * A key of whoever asks us, as a JWK. An `alg` and a `use` may stand beside its members: a configuration in which they do
 * not fit is refused, so nobody reads them afterwards.
 */
export interface PublicKey {
  readonly kty: 'EC' | 'OKP';
  readonly crv: 'P-256' | 'Ed25519';
  readonly x: string;
  readonly y?: string;
  readonly kid?: string;
}

/** RFC 9864 names EdDSA on this curve `Ed25519`; older libraries say `EdDSA`. */
const algorithms: Readonly<Record<PublicKey['crv'], readonly string[]>> = {
  'P-256': ['ES256'],
  Ed25519: ['EdDSA', 'Ed25519'],
};

/** Every `alg` that a token signed with this key may name. */
export const algorithmsOf = ({ crv }: Pick<PublicKey, 'crv'>): readonly string[] => algorithms[crv];

/** Configured keys stay as long as the process does. */
const made = new WeakMap<PublicKey, KeyObject>();

/** @throws Error if the members name no point on the curve */
export const keyObjectOf = (key: PublicKey): KeyObject => {
  const earlier = made.get(key);
  if (earlier) return earlier;
  const { kty, crv, x, y } = key;
  const keyObject = createPublicKey({ key: { kty, crv, x, ...(y !== undefined && { y }) }, format: 'jwk' });
  made.set(key, keyObject);
  return keyObject;
};

/** What a token says of its signature, believed by nobody yet. */
interface TokenHeader {
  readonly alg?: string;
  readonly kid?: string;
}

/** Undefined if it is no JWT. */
export const headerOf = (token: string): TokenHeader | undefined => {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
};

/** The keys that may have signed what has this header: those of the algorithm, and of the name if both have one. */
export const candidatesFor = ({ alg, kid }: TokenHeader, keys: readonly PublicKey[]): readonly PublicKey[] =>
  keys.filter((key) => alg !== undefined && algorithmsOf(key).includes(alg) && (!kid || !key.kid || key.kid === kid));
