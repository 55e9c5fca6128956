import { createPublicKey, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../../host/clock.ts';
import type { ApiCaller, LoginConfig, PublicKey } from '../config/config.ts';

/** From `iat` to `exp`: minutes, as it is sent again and again meanwhile. */
export const longestLifeSeconds = 300;
const clockToleranceSeconds = 30;

/** What has no `iat` or no `exp` lives for ever. */
const lifeSeconds = ({ iat = -Infinity, exp = Infinity }: JWTPayload): number => exp - iat;

const keyObject = ({ kty, crv, x, y }: PublicKey): KeyObject =>
  createPublicKey({ key: { kty, crv, x, ...(y !== undefined && { y }) }, format: 'jwk' });

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

  /**
   * `notOurs`: no assertion of a configured caller, so perhaps a ServiceAccount's token. `livesTooLong`: a good one of such
   * a caller otherwise.
   */
  async check(token: string, { iss }: JWTPayload): Promise<ApiCaller | 'refused' | 'livesTooLong' | 'notOurs'> {
    const known = iss === undefined ? undefined : this.#callers.get(iss);
    if (!known) return 'notOurs';
    for (const key of known.keys) {
      const claims = await this.#verified(token, key, known.caller.name);
      if (claims) return lifeSeconds(claims) <= longestLifeSeconds ? known.caller : 'livesTooLong';
    }
    return 'refused';
  }

  async #verified(token: string, key: KeyObject, name: string): Promise<JWTPayload | undefined> {
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
      return payload;
    } catch (error) {
      // A key of another curve is a TypeError.
      if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
      throw error;
    }
  }
}
