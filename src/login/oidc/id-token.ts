import { createHash } from 'node:crypto';
import { SignJWT } from 'jose';
import { formatSeconds } from '../../api/instants.ts';
import type { NotAsked } from '../authenticator/authenticator.ts';
import type { SigningKey } from '../keys/keys.ts';

/** Whom an answer is for, and about whom. */
export interface AnswerTo {
  readonly clientId: string;
  readonly nonce: string;
  readonly sub: string;
  /** The first factor's own. */
  readonly amr: readonly string[];
  readonly acr: string | undefined;
  /** One for each page session, so that a reload makes no second answer that could be told from the first. */
  readonly sessionKey: string;
}

/** `otp`: a code was accepted. Otherwise none was asked for, and why. */
export type SecondFactorResult = { readonly kind: 'otp' } | NotAsked;

/** The relying party has it in a second; who finds it later has nothing. */
const lifetimeSeconds = 30;

/**
 * What Microsoft Entra calls two different kinds of factor; its external authentication methods expect this value with
 * `amr` otp.
 */
export const acrWithOtp = 'possessionorinherence';

const jtiOf = ({ sessionKey, nonce }: AnswerTo): string =>
  createHash('sha256').update(`jti ${sessionKey} ${nonce}`).digest('base64url');

/** The claims that say how it went. `until` is RFC 3339, as in the Secret. */
const resultClaims = ({ amr, acr }: AnswerTo, result: SecondFactorResult): Readonly<Record<string, unknown>> => {
  if (result.kind === 'otp') {
    return { second_factor: 'otp', amr: [...new Set([...amr, 'otp'])], acr: acrWithOtp };
  }
  return {
    second_factor: 'none',
    reason: result.reason,
    ...('until' in result && { until: formatSeconds(result.until) }),
    amr: amr.filter((method) => method !== 'otp'),
    ...(acr !== undefined && acr !== acrWithOtp && { acr }),
  };
};

/** Signs the answer to a relying party: OpenID Connect Core 1.0, section 2. It checks its own nonce, and each `jti` once. */
export const signIdToken = async (
  to: AnswerTo,
  result: SecondFactorResult,
  { issuer, key, nowMs }: { readonly issuer: string; readonly key: SigningKey; readonly nowMs: number },
): Promise<string> => {
  const now = Math.floor(nowMs / 1000);
  return new SignJWT({ ...resultClaims(to, result), nonce: to.nonce })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(to.clientId)
    .setSubject(to.sub)
    .setJti(jtiOf(to))
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(key.key);
};
