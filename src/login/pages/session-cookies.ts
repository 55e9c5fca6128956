import { randomBytes } from 'node:crypto';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { secretNameFor } from '../../api/names.ts';
import { type KeyStore } from '../keys.ts';
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
export const newSessionId = (nowMs: number): string =>
  `${nowMs.toString(36).padStart(9, '0')}-${randomBytes(6).toString('base64url')}`;

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

/** Keeps a session in the browser, and takes those away that are too many. */
export const keepSession = async (
  request: FastifyRequest,
  reply: FastifyReply,
  session: PageSession,
  keys: KeyStore,
): Promise<void> => {
  void reply.setCookie(sessionPrefix + session.id, await sealSession(session, keys), {
    ...attributes,
    maxAge: sessionCookieSeconds,
  });
  const others = Object.keys(request.cookies)
    .filter((name) => name.startsWith(sessionPrefix) && name !== sessionPrefix + session.id)
    .toSorted()
    .toReversed();
  for (const name of others.slice(sessionsKept - 1)) void reply.clearCookie(name, attributes);
};

/** One for each account that signs in from this browser. */
const deviceCookie = (address: string): string =>
  devicePrefix + (secretNameFor(address) ?? '').slice('totp-'.length, 21);

/** What makes this browser a known one for the account, if it is genuine. */
export const readDeviceToken = ({ cookies }: FastifyRequest, address: string): string | undefined =>
  cookies[deviceCookie(address)];

/** @param until Unix milliseconds */
export const keepDeviceToken = (reply: FastifyReply, address: string, token: string, until: number): void => {
  void reply.setCookie(deviceCookie(address), token, { ...attributes, expires: new Date(until) });
};
