import type { FastifyReply, FastifyRequest } from 'fastify';
import { secretNameFor, secretNamePrefix } from '../../api/names.ts';
import type { Random } from '../../host/random.ts';
import type { KeyStore } from '../keys/keys.ts';
import { openSession, sealSession, type PageSession } from './session.ts';

/**
 * `__Host-`: sent by this very host only, never by a neighbour's (RFC 6265bis). Lax: not with a form that another site
 * submits, but with the redirect that answers the relying party's own.
 */
const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'lax' } as const;

const sessionPrefix = '__Host-2fa-session-';
const devicePrefix = '__Host-2fa-device-';

/**
 * Longer than any session lives, which its own content says: so that the page that tells somebody that it has expired
 * still knows which webmail to link back to.
 */
const sessionCookieSeconds = 24 * 3600;

/** Each tab has a session of its own. More than these are left from sign-ins that nobody finished. */
const sessionsKept = 4;

const idForm = /^[0-9a-z]{9}-[A-Za-z0-9_-]{8}$/;

/** A new session's id; in the order in which they were made. */
export const newSessionId = (nowMs: number, random: Random): string =>
  `${nowMs.toString(36).padStart(9, '0')}-${Buffer.from(random.bytes(6)).toString('base64url')}`;

/** The session of an address, if this browser has it and nobody changed it; perhaps one that has ended. */
export const readSession = async (
  { cookies }: FastifyRequest,
  id: string,
  keys: KeyStore,
): Promise<PageSession | undefined> => {
  if (!idForm.test(id)) return undefined;
  const sealed = cookies[sessionPrefix + id];
  return sealed === undefined ? undefined : openSession(sealed, id, keys);
};

/** What browsers keep of a cookie's name and value together (RFC 6265, section 6.1). */
const longestCookieBytes = 4096;
/** What a session learns later: an enrolment code, what was wrong, an accepted code. */
const learnedBytes = 1024;

/** Keeps what a session has learned. */
export const keepSession = async (reply: FastifyReply, session: PageSession, keys: KeyStore): Promise<void> => {
  setSession(reply, session.id, await sealSession(session, keys));
};

/** Keeps a new session; false if there is too much in it for a cookie. */
export const beginSession = async (reply: FastifyReply, session: PageSession, keys: KeyStore): Promise<boolean> => {
  const sealed = await sealSession(session, keys);
  if (sessionPrefix.length + session.id.length + sealed.length + learnedBytes > longestCookieBytes) return false;
  setSession(reply, session.id, sealed);
  return true;
};

const setSession = (reply: FastifyReply, id: string, sealed: string): void =>
  void reply.setCookie(sessionPrefix + id, sealed, { ...attributes, maxAge: sessionCookieSeconds });

/**
 * Takes those away that are too many. On the pages of a session only: the relying party's form comes from another site,
 * and brings no cookies.
 */
export const pruneSessions = ({ cookies }: FastifyRequest, reply: FastifyReply, id: string): void => {
  const others = Object.keys(cookies)
    .filter((name) => name.startsWith(sessionPrefix) && name !== sessionPrefix + id)
    .toSorted()
    .toReversed();
  for (const name of others.slice(sessionsKept - 1)) void reply.clearCookie(name, attributes);
};

/** One for each account that signs in from this browser. */
const deviceCookie = (address: string): string =>
  devicePrefix + (secretNameFor(address) ?? '').slice(secretNamePrefix.length).slice(0, 16);

/** What makes this browser a known one for the account, if it is genuine. */
export const readDeviceToken = ({ cookies }: FastifyRequest, address: string): string | undefined =>
  cookies[deviceCookie(address)];

/** @param until Unix milliseconds */
export const keepDeviceToken = (reply: FastifyReply, address: string, token: string, until: number): void => {
  void reply.setCookie(deviceCookie(address), token, { ...attributes, expires: new Date(until) });
};
