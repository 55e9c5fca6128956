import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyRequest } from 'fastify';
import type { LoginDependencies } from '../dependencies.ts';
import { answeringOtherMethods } from '../other-methods.ts';
import { discoveryDocument, jwks, paths } from '../oidc/discovery.ts';
import { Rate } from '../rate.ts';
import { authorize } from './authorize.ts';
import { sendNotice, type PagesContext } from './context.ts';
import { secureHeaders } from './send.ts';
import { answer, sessionPage, signedIn } from './session-page.ts';
import { withForm, withSession } from './session-visit.ts';
import { codeTyped, enrollmentCodeTyped } from './typed.ts';

/** Room for an id_token_hint, a state and a nonce. */
const longestAuthorizeBytes = 16 * 1024;
/** Room for a code and what the page says of itself. */
const longestFormBytes = 4 * 1024;

const discovery = (app: FastifyInstance, { config, keys }: PagesContext): void => {
  app.get(paths.discovery, (_request, reply) => reply.headers(secureHeaders).send(discoveryDocument(config.issuer)));
  app.get(paths.jwks, (_request, reply) => reply.headers(secureHeaders).send(jwks(keys.current())));
};

/**
 * A front line only: how many codes may be guessed is counted in the Secret. By session, not by address: a whole company
 * may come from one.
 */
const limited = {
  config: {
    rateLimit: {
      max: 60,
      timeWindow: 60_000,
      keyGenerator: ({ params }: FastifyRequest) => (params as { readonly id: string }).id,
    },
  },
};

const sessions = (app: FastifyInstance, context: PagesContext): void => {
  app.get(
    '/s/:id',
    limited,
    withSession(context, (...visit) => sessionPage(context, ...visit)),
  );
  app.get(
    '/s/:id/answer',
    limited,
    withSession(context, (...visit) => answer(context, ...visit)),
  );
  app.get(
    '/s/:id/signed-in',
    limited,
    withSession(context, (...visit) => signedIn(context, ...visit)),
  );
  app.post(
    '/s/:id/code',
    { ...limited, bodyLimit: longestFormBytes },
    withForm(context, (...visit) => codeTyped(context, ...visit)),
  );
  app.post(
    '/s/:id/enrolment-code',
    { ...limited, bodyLimit: longestFormBytes },
    withForm(context, (...visit) => enrollmentCodeTyped(context, ...visit)),
  );
};

/** Faults become pages: what was sent is at fault, or it came too often, or we are. */
const faults = (app: FastifyInstance, context: PagesContext): void => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode: status = 500, code } = error;
    if (status === 429) return sendNotice(context, request, reply, ({ tooMany }) => tooMany, { status });
    if (status < 500) return sendNotice(context, request, reply, ({ badRequest }) => badRequest, { status });
    context.log.error({ code, error: error.name, path: request.routeOptions.url }, 'a page failed');
    return sendNotice(context, request, reply, ({ broken }) => broken, { status: 500 });
  });
  app.setNotFoundHandler((request, reply) =>
    sendNotice(context, request, reply, ({ notFound }) => notFound, { status: 404 }),
  );
};

/**
 * The pages for people, and what a relying party's OpenID Connect library needs: discovery, keys, `/authorize`.
 * Registers the cookie and form plugins unless they are there already.
 */
export const pages: FastifyPluginAsync<LoginDependencies> = async (app, dependencies) => {
  const base = new URL(dependencies.config.issuer).pathname.replace(/\/$/, '');
  const context: PagesContext = { ...dependencies, base, told: new Rate(dependencies.clock) };
  if (!app.hasDecorator('parseCookie')) await app.register(cookie);
  if (!app.hasContentTypeParser('application/x-www-form-urlencoded')) await app.register(formbody);
  await app.register(
    async (scope) => {
      await scope.register(rateLimit, { global: false });
      // As a path that is not there: somebody followed a link, or reloaded where only a form is sent to.
      const answerOtherMethods = answeringOtherMethods(scope, (request, reply) =>
        sendNotice(context, request, reply, ({ notFound }) => notFound, { status: 405 }),
      );
      discovery(scope, context);
      faults(scope, context);
      scope.post(paths.authorize, { bodyLimit: longestAuthorizeBytes }, (request, reply) =>
        authorize(context, request, reply),
      );
      sessions(scope, context);
      answerOtherMethods();
    },
    { prefix: base },
  );
};
