import type { FastifyReply, FastifyRequest } from 'fastify';
import { signIdToken, type SecondFactorResult } from '../oidc/id-token.ts';
import { sendNotice, type PagesContext } from './context.ts';
import { redirect, sendPage } from './send.ts';
import type { SessionVisit } from './session-visit.ts';
import { answerable } from './session.ts';
import { keepSession } from './session-cookies.ts';
import { show } from './show.ts';
import { answerPage } from './views/answer.ts';
import { guessedPage } from './views/guessed.ts';

/** The page of a session: whatever its login meets now. */
export const sessionPage = async (
  context: PagesContext,
  visit: SessionVisit,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { session, place } = visit;
  if (session.passed) return redirect(reply, `${place.path}/answer`);
  const shown = await show(context, visit);
  if (shown.kind === 'answer') return sendAnswer(context, visit, shown.result, reply);
  if (shown.session) await keepSession(reply, shown.session, context.keys);
  return sendPage(reply, shown.page, place.texts, shown.sending);
};

/** After an accepted code: the answer for the relying party; the same for a minute or so, then none. */
export const answer = async (
  context: PagesContext,
  visit: SessionVisit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> =>
  answerable(visit.session, visit.nowMs)
    ? sendAnswer(context, visit, { kind: 'otp' }, reply)
    : sendUnanswerable(context, visit, request, reply);

/** Tells of wrong codes that were typed elsewhere, before going on. */
export const signedIn = async (
  context: PagesContext,
  visit: SessionVisit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const passed = answerable(visit.session, visit.nowMs);
  if (!passed) return sendUnanswerable(context, visit, request, reply);
  return sendPage(reply, guessedPage(visit.place, passed.guesses), visit.place.texts);
};

/** Nothing was accepted yet: back to the page. It was, and long ago: the sign-in is over. */
const sendUnanswerable = (
  context: PagesContext,
  { session, place, relyingParty }: SessionVisit,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply =>
  session.passed
    ? sendNotice(context, request, reply, ({ finished }) => finished, { status: 403, relyingParty })
    : redirect(reply, place.path);

const sendAnswer = async (
  { config, keys, log }: PagesContext,
  { session, relyingParty, place, nowMs }: SessionVisit,
  result: SecondFactorResult,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { clientId, nonce, sub, amr, acr, key: sessionKey, redirectUri, state } = session;
  const idToken = await signIdToken({ clientId, nonce, sub, amr, acr, sessionKey }, result, {
    issuer: config.issuer,
    key: keys.current().signing.active,
    nowMs,
  });
  log.info({ relyingParty: clientId, secondFactor: result.kind }, 'answered a relying party');
  const formOrigins = [...new Set(relyingParty.redirectUris.map((uri) => new URL(uri).origin))];
  return sendPage(reply, answerPage(place.texts, { redirectUri, idToken, state }), place.texts, { formOrigins });
};
