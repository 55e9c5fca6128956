import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Random } from '../../host/random.ts';
import { readAuthorizeRequest, type AuthorizeProblem, type AuthorizeRequest } from '../oidc/authorize-request.ts';
import { toldPerMinute } from '../rate.ts';
import { sendNotice, type PagesContext } from './context.ts';
import { redirect } from './send.ts';
import type { PageSession } from './session.ts';
import { beginSession, newSessionId } from './session-cookies.ts';

const unguessable = (random: Random): string => Buffer.from(random.bytes(18)).toString('base64url');

const sessionFrom = (
  { relyingParty, redirectUri, nonce, state, firstFactor }: AuthorizeRequest,
  nowMs: number,
  random: Random,
) =>
  ({
    id: newSessionId(nowMs, random),
    startedAt: nowMs,
    key: unguessable(random),
    formToken: unguessable(random),
    clientId: relyingParty.clientId,
    redirectUri,
    nonce,
    state,
    ...firstFactor,
  }) satisfies PageSession;

export const formOf = ({ body }: FastifyRequest): Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

/**
 * A relying party's form arrives, from another site. The hint becomes a session at once, so that it stands in no address,
 * no history and no later form.
 */
export const authorize = async (
  context: PagesContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const nowMs = context.clock.now();
  const asked = await readAuthorizeRequest(formOf(request), context.config, nowMs);
  const refuse = ({ problem, detail, relyingParty }: AuthorizeProblem): FastifyReply => {
    if (context.told.exceeded(request.ip, toldPerMinute) === undefined)
      context.log.warn({ problem, detail, relyingParty: relyingParty?.clientId }, 'authorize request refused');
    return sendNotice(context, request, reply, (notices) => notices[problem], { status: 400, relyingParty });
  };
  if ('problem' in asked) return refuse(asked);
  const session = sessionFrom(asked, nowMs, context.random);
  if (!(await beginSession(reply, session, context.keys))) {
    const { relyingParty } = asked;
    return refuse({ problem: 'badRequest', detail: 'hint, nonce and state are too long together', relyingParty });
  }
  return redirect(reply, `${context.base}/s/${session.id}`);
};
