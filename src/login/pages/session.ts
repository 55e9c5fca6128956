import { EncryptJWT, jwtDecrypt } from 'jose';
import type { ClockHint } from '../authenticator/authenticator.ts';
import type { KeyStore } from '../keys/keys.ts';

/** What the last thing that was typed met; the page that follows says so. */
export type TypedProblem =
  | { readonly kind: 'wrong'; readonly clock?: ClockHint }
  | { readonly kind: 'replayed' | 'seedChanged' | 'unavailable' | 'enrollmentCodeWrong' | 'enrollmentCodeMissing' }
  | { readonly kind: 'malformed'; readonly digits?: number };

/** An accepted code. */
export interface Passed {
  /** Unix milliseconds. */
  readonly at: number;
  /** Wrong codes since the last good login that were not typed in this page session. */
  readonly guesses: number;
}

/** One sign-in in one browser. It lives in an encrypted cookie; no replica keeps anything. */
export interface PageSession {
  /** Part of the page's address and the cookie's name; no secret. */
  readonly id: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
  /** Secret: what makes a verdict of this session its own (idempotency), and its answer's `jti`. */
  readonly key: string;
  /** In every form of this session: a form that lacks it was not made by us. */
  readonly formToken: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly state?: string | undefined;
  readonly sub: string;
  readonly address: string;
  readonly amr: readonly string[];
  readonly acr?: string | undefined;
  /** A phone is being set up: waiting for an enrolment code or installing an app takes longer than typing a code. */
  readonly enrolling?: boolean;
  /** The seed (`minted-at`) whose QR was shown first in this very session. */
  readonly firstShownHere?: string;
  /** As it was typed; judged each time. */
  readonly enrollmentCode?: string | undefined;
  /** Wrong codes typed in this session since the last right one, and how many in a row the record had with the last. */
  readonly wrong?: { readonly own: number; readonly row: number };
  readonly problem?: TypedProblem | undefined;
  readonly passed?: Passed;
}

const minuteMs = 60_000;
const lifetimeMs = 15 * minuteMs;
const enrollingLifetimeMs = 60 * minuteMs;
/** A reload soon after the accepted code gets the same answer. */
const passedLifetimeMs = 5 * minuteMs;

/** A clock that went back makes no session younger than new. */
const isWithin = (since: number, lifetime: number, nowMs: number): boolean =>
  nowMs - since < lifetime && since - nowMs < minuteMs;

/** The accepted code of a session, while its answer may still be given. */
export const answerable = ({ passed }: PageSession, nowMs: number): Passed | undefined =>
  passed && isWithin(passed.at, passedLifetimeMs, nowMs) ? passed : undefined;

/** An accepted code is spent, so its answer is given also where the session ends meanwhile. */
export const isAlive = (session: PageSession, nowMs: number): boolean =>
  isWithin(session.startedAt, session.enrolling ? enrollingLifetimeMs : lifetimeMs, nowMs) ||
  answerable(session, nowMs) !== undefined;

/** Encrypts a session for its cookie: JWE, direct, A256GCM. */
export const sealSession = async (session: PageSession, keys: KeyStore): Promise<string> => {
  const { kid, key } = keys.current().session.active;
  return new EncryptJWT({ session }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid }).encrypt(key);
};

/** The session in a cookie, or undefined if it is not one of ours. */
export const openSession = async (sealed: string, id: string, keys: KeyStore): Promise<PageSession | undefined> => {
  try {
    const { payload } = await jwtDecrypt(
      sealed,
      async ({ kid = '' }) => {
        const found = await keys.find('session', kid);
        if (!found) throw new Error('a key that is not there any more');
        return found.key;
      },
      { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] },
    );
    // Authenticated encryption: what opens was written by sealSession.
    const session = payload['session'] as PageSession;
    return session.id === id ? session : undefined;
  } catch {
    return undefined;
  }
};
