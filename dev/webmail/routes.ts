import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../../src/login/pages/html.ts';
import { demoPassword } from './demo-values.ts';
import { documentOf, handoverView, inboxView, refusedView, signInView, submitSource, styleSource } from './views.ts';
import type { SecondFactorClient } from './second-factor.ts';
import type { SignIns } from './sign-ins.ts';

export interface WebmailContext {
  readonly accounts: readonly string[];
  readonly signIns: SignIns;
  readonly loginOrigin: string;
  readonly secondFactor: SecondFactorClient;
  readonly onPassword: (address: string) => void;
}

const browserCookie = 'demo-browser';
const sessionCookie = 'demo-session';
const attributes = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** A form's or a query's texts; what is repeated is left out. */
const textsIn = (given: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...(given as object) }).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

export function routes(app: FastifyInstance, context: WebmailContext): void {
  const { signIns, accounts } = context;
  const send = (reply: FastifyReply, title: string, view: Html, status = 200): FastifyReply =>
    reply
      .code(status)
      .headers({
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'same-origin',
        'Content-Security-Policy': `default-src 'none'; style-src ${styleSource}; script-src ${submitSource}; img-src data:; form-action 'self' ${context.loginOrigin}; frame-ancestors 'none'; base-uri 'none'`,
      })
      .type('text/html; charset=utf-8')
      .send(documentOf(title, view));
  const refuse = (reply: FastifyReply, why: string) => send(reply, 'Not signed in', refusedView(why), 403);

  /** Perhaps somebody pressed the back button after it was finished. */
  const sendUnfinished = (request: FastifyRequest, reply: FastifyReply): FastifyReply =>
    signIns.inbox(request.cookies[sessionCookie])
      ? reply.redirect('/inbox', 303)
      : refuse(reply, 'This sign-in was begun in another browser, was not asked for, or is used already.');

  app.get('/', (request, reply) => {
    const inbox = signIns.inbox(request.cookies[sessionCookie]);
    return inbox ? reply.redirect('/inbox', 303) : send(reply, 'Sign in', signInView(accounts));
  });
  app.post('/', async (request, reply) => {
    const { address = '', password } = textsIn(request.body);
    if (password !== demoPassword) return send(reply, 'Sign in', signInView(accounts, 'wrong'), 403);
    const browser = request.cookies[browserCookie] ?? randomBytes(18).toString('base64url');
    void reply.setCookie(browserCookie, browser, attributes);
    const pending = { address: address.trim().toLowerCase(), browser, nonce: randomBytes(18).toString('base64url') };
    const handover = await context.secondFactor.begin(pending, signIns.begin(pending));
    context.onPassword(pending.address);
    return send(reply, 'Second step', handoverView(handover));
  });
  app.post('/second-factor', (request, reply) => arrive(context, request, reply, refuse));
  app.get('/signed-in', (request, reply) => {
    const { handle = '' } = textsIn(request.query);
    const session = signIns.open(handle, request.cookies[browserCookie]);
    if (session === undefined) return sendUnfinished(request, reply);
    return reply.setCookie(sessionCookie, session, attributes).redirect('/inbox', 303);
  });
  app.get('/inbox', (request, reply) => {
    const inbox = signIns.inbox(request.cookies[sessionCookie]);
    return inbox ? send(reply, 'Inbox', inboxView(inbox)) : reply.redirect('/', 303);
  });
  app.post('/sign-out', (request, reply) => {
    signIns.leave(request.cookies[sessionCookie]);
    return reply.clearCookie(sessionCookie, attributes).redirect('/', 303);
  });
}

/** The login service's answer: it must be to a question of ours, and new. */
async function arrive(
  { signIns, secondFactor }: WebmailContext,
  request: FastifyRequest,
  reply: FastifyReply,
  refuse: (reply: FastifyReply, why: string) => FastifyReply,
): Promise<FastifyReply> {
  const body = textsIn(request.body);
  const pending = signIns.take(body['state'] ?? '');
  if (!pending) return reply.redirect('/signed-in', 303);
  try {
    const { jti, ...passed } = await secondFactor.finish(body, pending);
    if (!signIns.spend(jti)) return await refuse(reply, 'This answer of the login service is used already.');
    const handle = signIns.arrive({ ...passed, browser: pending.browser });
    return await reply.redirect(`/signed-in?handle=${handle}`, 303);
  } catch {
    return await refuse(reply, 'The answer of the login service could not be verified.');
  }
}
