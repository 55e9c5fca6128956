import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { Clock } from '../../host/clock.ts';
import type { ApiCaller, LoginConfig } from '../config/config.ts';
import { algorithmsOf, candidatesFor, headerOf, keyObjectOf, type PublicKey } from '../keys/public-key.ts';
import type { Refusal } from '../refusal.ts';

/** From `iat` to `exp`: minutes, as it is sent again and again meanwhile. */
export const longestLifeSeconds = 300;
const clockToleranceSeconds = 30;

/** What has no `iat` or no `exp` lives for ever. */
const lifeSeconds = ({ iat = -Infinity, exp = Infinity }: JWTPayload): number => exp - iat;

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
  readonly #callers: ReadonlyMap<string, { readonly caller: ApiCaller; readonly keys: readonly PublicKey[] }>;

  constructor({ issuer, apiCallers }: LoginConfig, clock: Clock) {
    this.#audience = issuer;
    this.#clock = clock;
    this.#callers = new Map(
      apiCallers.flatMap((caller) => {
        const { name, keys } = caller;
        return keys ? [[name, { caller, keys }] as const] : [];
      }),
    );
  }

  /** `notOurs`: no assertion of a configured caller, so perhaps a ServiceAccount's token. */
  async check(token: string, { iss }: JWTPayload): Promise<ApiCaller | Refusal | 'notOurs'> {
    const known = iss === undefined ? undefined : this.#callers.get(iss);
    if (!known) return 'notOurs';
    for (const key of candidatesFor(headerOf(token) ?? {}, known.keys)) {
      const refusal = await this.#refusalOf(token, key, known.caller.name);
      if (!refusal) return known.caller;
      // Claims are read once the signature is right: no other key has more to say.
      if (refusal.reason !== 'BadSignature') return refusal;
    }
    return { reason: 'BadSignature', detail: 'signed with none of the configured keys' };
  }

  async #refusalOf(token: string, key: PublicKey, name: string): Promise<Refusal | undefined> {
    try {
      const { payload } = await jwtVerify(token, keyObjectOf(key), {
        algorithms: [...algorithmsOf(key)],
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
      if (error instanceof errors.JOSEError) return refusalOf(error);
      throw error;
    }
  }
}
