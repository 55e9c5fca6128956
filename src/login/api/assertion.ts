import { createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../../host/clock.ts';
import type { ApiCaller, LoginConfig, PublicKey } from '../config/config.ts';
import type { Refusal } from './refusal.ts';

/** From `iat` to `exp`: minutes, as it is sent again and again meanwhile. */
export const longestLifeSeconds = 300;
const clockToleranceSeconds = 30;

/** What has no `iat` or no `exp` lives for ever. */
const lifeSeconds = ({ iat = -Infinity, exp = Infinity }: JWTPayload): number => exp - iat;

const keyObject = ({ kty, crv, x, y }: PublicKey): KeyObject =>
  createPublicKey({ key: { kty, crv, x, ...(y !== undefined && { y }) }, format: 'jwk' });

/** The words of jose name the claim and what is wrong with it, never what it says. */
const refusalOf = (error: Error): Refusal => {
  const { message: detail } = error;
  if (error instanceof errors.JWTExpired) return { reason: 'Expired', detail };
  if (!(error instanceof errors.JWTClaimValidationFailed)) return { reason: 'BadSignature', detail };
  return { reason: error.claim === 'aud' ? 'WrongAudience' : 'BadClaim', detail };
};

/**
 * Callers from outside the cluster: `private_key_jwt` (RFC 7523, section 3) as a bearer token. `iss` and `sub` are the
 * caller's name, `aud` our issuer; `exp`, `iat` and `jti` are required, and `exp` is soon after `iat`.
 */
export class Assertions {
  readonly #audience: string;
  readonly #clock: Clock;
  readonly #callers: ReadonlyMap<string, { readonly caller: ApiCaller; readonly keys: readonly KeyObject[] }>;

  constructor({ issuer, apiCallers }: LoginConfig, clock: Clock) {
    this.#audience = issuer;
    this.#clock = clock;
    this.#callers = new Map(
      apiCallers.flatMap((caller) =>
        caller.keys ? [[caller.name, { caller, keys: caller.keys.map(keyObject) }] as const] : [],
      ),
    );
  }

  /** `notOurs`: no assertion of a configured caller, so perhaps a ServiceAccount's token. */
  async check(token: string, { iss }: JWTPayload): Promise<ApiCaller | Refusal | 'notOurs'> {
    const known = iss === undefined ? undefined : this.#callers.get(iss);
    if (!known) return 'notOurs';
    for (const key of known.keys) {
      const refusal = await this.#refusalOf(token, key, known.caller.name);
      if (!refusal) return known.caller;
      // Claims are read once the signature is right: no other key has more to say.
      if (refusal.reason !== 'BadSignature') return refusal;
    }
    return { reason: 'BadSignature', detail: 'signed with none of the configured keys' };
  }

  async #refusalOf(token: string, key: KeyObject, name: string): Promise<Refusal | undefined> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['ES256', 'EdDSA', 'Ed25519'],
        issuer: name,
        subject: name,
        audience: this.#audience,
        requiredClaims: ['exp', 'iat', 'jti'],
        maxTokenAge: longestLifeSeconds,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(this.#clock.now()),
      });
      if (lifeSeconds(payload) <= longestLifeSeconds) return undefined;
      return { reason: 'LivesTooLong', detail: `exp is more than ${longestLifeSeconds} s after iat` };
    } catch (error) {
      // A key of another curve is a TypeError.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return refusalOf(error);
      throw error;
    }
  }
}
