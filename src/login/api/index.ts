import swagger from '@fastify/swagger';
import type { FastifyError, FastifyInstance, FastifyPluginAsync } from 'fastify';
import type { Audit } from '../audit.ts';
import type { LoginConfig } from '../config/config.ts';
import type { LoginDependencies } from '../dependencies.ts';
import { answeringOtherMethods } from '../other-methods.ts';
import { Callers } from './callers.ts';
import { documentOptions } from './document.ts';
import { routes } from './routes.ts';
import type { TokenReviewer } from './token-review.ts';
import { answerHeaders, problemOfError, sendProblem } from './send.ts';

export interface ApiOptions extends LoginDependencies {
  readonly reviewer: TokenReviewer;
  readonly audit: Audit;
}

/** Where the API is, below the path of the issuer. */
export const prefixOf = ({ issuer }: LoginConfig): string => `${new URL(issuer).pathname.replace(/\/$/, '')}/v1`;

const longestBodyBytes = 16 * 1024;

/** What can't be handled becomes a problem too. */
const faults = (app: FastifyInstance, { log }: ApiOptions): void => {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOfError(error);
    // The message may carry what was sent.
    if (problem.name === 'internal') {
      log.error({ error: error.name, code: error.code, path: request.routeOptions.url }, 'a request failed');
    }
    return sendProblem(reply, problem);
  });
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, { name: 'not-found' }));
};

/** The JSON API for login services in any language, under `/v1` of the issuer's path; its description is served beside it. */
export const api: FastifyPluginAsync<ApiOptions> = async (app, options) => {
  const { config, clock, reviewer, audit } = options;
  await app.register(
    async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.bodyLimit ??= longestBodyBytes;
      });
      // Answers are described, not filtered: JSON.stringify is told in send.ts.
      scope.setSerializerCompiler(() => JSON.stringify);
      faults(scope, options);
      await scope.register(swagger, documentOptions(config.issuer));
      const answerOtherMethods = answeringOtherMethods(scope, (_request, reply) =>
        sendProblem(reply, { name: 'method-not-allowed' }),
      );
      routes(scope, options, new Callers(config, reviewer, clock, audit));
      scope.get('/openapi.json', { schema: { hide: true } }, (_request, reply) =>
        reply.headers(answerHeaders).type('application/json').send(scope.swagger()),
      );
      answerOtherMethods();
    },
    { prefix: prefixOf(config) },
  );
};
