import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { RelyingParty } from '../config/config.ts';
import { algorithmsOf, candidatesFor, headerOf, keyObjectOf } from '../keys/public-key.ts';

/** Who passed the first factor, as the relying party signed it. */
export interface FirstFactor {
  /** The relying party's own name for the person: comes back as `sub`, and means nothing to us. */
  readonly sub: string;
  /** The mail address whose second factor is asked for. */
  readonly address: string;
  /** How the person was known so far (RFC 8176), such as `pwd`. */
  readonly amr: readonly string[];
  readonly acr: string | undefined;
}

export interface HintProblem {
  readonly problem: 'hintExpired' | 'hintRefused' | 'domainNotServed';
  /** For logs: what did not fit, never the token or what it says. */
  readonly detail: string;
}

/** A hint says that a password was typed just now. */
const longestAgeSeconds = 600;
/** Between the clocks of two machines. */
const toleranceSeconds = 10;
const longestSub = 255;
const longestAmr = 8;
const longestMethod = 32;
const longestAcr = 128;

const refused = (detail: string): HintProblem => ({ problem: 'hintRefused', detail });

/**
 * Checks an `id_token_hint`: signed with a key of this relying party, made for us, minutes old at most, about an address
 * in one of its mail domains (claim `email`, else `preferred_username`).
 *
 * @param audience our own issuer
 */
export const readHint = async (
  token: string,
  relyingParty: RelyingParty,
  audience: string,
  nowMs: number,
): Promise<FirstFactor | HintProblem> => {
  const header = headerOf(token);
  if (!header) return refused('not a JWT');
  for (const key of candidatesFor(header, relyingParty.keys)) {
    try {
      const { payload } = await jwtVerify(token, keyObjectOf(key), {
        algorithms: [...algorithmsOf(key)],
        issuer: relyingParty.issuer,
        audience,
        requiredClaims: ['sub', 'iat', 'exp'],
        maxTokenAge: longestAgeSeconds,
        clockTolerance: toleranceSeconds,
        currentDate: new Date(nowMs),
      });
      return firstFactorOf(payload, relyingParty);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { problem: 'hintExpired', detail: error.claim };
      if (error instanceof errors.JWTClaimValidationFailed) return refused(`claim ${error.claim} does not fit`);
      // Another of the relying party's keys may fit.
    }
  }
  return refused('signed with none of the configured keys');
};

const firstFactorOf = (payload: JWTPayload, { mailDomains }: RelyingParty): FirstFactor | HintProblem => {
  const { sub, amr, acr } = payload;
  const address = payload['email'] ?? payload['preferred_username'];
  if (typeof sub !== 'string' || sub === '' || sub.length > longestSub)
    return refused(`claim sub is empty or longer than ${longestSub}`);
  const domain = typeof address === 'string' ? domainOf(address) : undefined;
  if (typeof address !== 'string' || domain === undefined) return refused('claim email is missing or no address');
  if (!mailDomains.includes(domain)) {
    return { problem: 'domainNotServed', detail: 'claim email is not of a configured mail domain' };
  }
  const methods = Array.isArray(amr) ? amr.filter((method): method is string => typeof method === 'string') : [];
  if (methods.length > longestAmr || methods.some(({ length }) => length > longestMethod)) {
    return refused(`claim amr has more than ${longestAmr} methods or one longer than ${longestMethod}`);
  }
  if (typeof acr === 'string' && acr.length > longestAcr) return refused(`claim acr is longer than ${longestAcr}`);
  return {
    sub,
    address: address.toLowerCase(),
    amr: methods,
    acr: typeof acr === 'string' ? acr : undefined,
  };
};

/** What is after the last `@`, in lower case; undefined for what is not printable ASCII of 254 characters at most. */
const domainOf = (address: string): string | undefined => {
  if (!/^[\x21-\x7e]{3,254}$/.test(address)) return undefined;
  const at = address.lastIndexOf('@');
  return at > 0 ? address.slice(at + 1).toLowerCase() : undefined;
};
