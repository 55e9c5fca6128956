import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RelyingParty } from '../config/config.ts';
import { formOf } from './authorize.ts';
import { sendNotice, textsOf, type PagesContext } from './context.ts';
import { isAlive } from './session.ts';
import { pruneSessions, readDeviceToken, readSession } from './session-cookies.ts';
import type { Visit } from './show.ts';

/** A request within a session that is alive. */
export interface SessionVisit extends Visit {
  readonly relyingParty: RelyingParty;
}

type Handler = (visit: SessionVisit, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Handles requests that come with a living session of theirs; others are told that it has ended. */
export const withSession =
  (context: PagesContext, handle: Handler) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { id = '' } = request.params as { readonly id?: string };
    const nowMs = context.clock.now();
    pruneSessions(request, reply, id);
    const session = await readSession(request, id, context.keys);
    const relyingParty = context.config.relyingParties.find(({ clientId }) => clientId === session?.clientId);
    if (!session || !relyingParty || !isAlive(session, nowMs)) {
      return sendNotice(context, request, reply, ({ sessionEnded }) => sessionEnded, { status: 403, relyingParty });
    }
    const { address, formToken } = session;
    const { namespace } = relyingParty;
    const visit: SessionVisit = {
      session,
      relyingParty,
      namespace,
      nowMs,
      place: { texts: textsOf(request), relyingParty, address, formToken, path: `${context.base}/s/${id}` },
      asker: {
        relyingParty: relyingParty.clientId,
        mode: relyingParty.mode,
        deviceToken: readDeviceToken(request, { namespace, address }),
      },
    };
    return handle(visit, request, reply);
  };

const isEqual = (given: unknown, expected: string): boolean => {
  const [one, other] = [Buffer.from(typeof given === 'string' ? given : ''), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** What browsers say about where a form comes from; both are absent in old ones, and the form's token is enough. */
const isFromElsewhere = ({ headers }: FastifyRequest, issuer: string): boolean => {
  const { origin, 'sec-fetch-site': site } = headers;
  return (origin !== undefined && origin !== new URL(issuer).origin) || (site !== undefined && site !== 'same-origin');
};

/** Like {@link withSession}, for forms: one that is not from this session's own page is refused. */
export const withForm = (context: PagesContext, handle: Handler) =>
  withSession(context, async (visit, request, reply) => {
    const { form_token: token } = formOf(request);
    if (!isFromElsewhere(request, context.config.issuer) && isEqual(token, visit.session.formToken)) {
      return handle(visit, request, reply);
    }
    const { relyingParty } = visit;
    return sendNotice(context, request, reply, ({ otherPage }) => otherPage, { status: 403, relyingParty });
  });
