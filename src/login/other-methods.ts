import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers, at every path that is routed between this call and that of what it returns, the methods that no route takes
 * there: 405, with those that are taken (RFC 9110, section 15.5.6).
 */
export const answeringOtherMethods = (
  app: FastifyInstance,
  answer: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): (() => void) => {
  const taken = new Map<string, readonly string[]>();
  app.addHook('onRoute', ({ routePath, method }) => {
    taken.set(routePath, [...(taken.get(routePath) ?? []), ...[method].flat()]);
  });
  return () => {
    for (const [url, methods] of [...taken]) {
      const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
        answer(request, reply.header('allow', methods.join(', ')));
      const method = app.supportedMethods.filter((each) => !methods.includes(each));
      // On request: whatever is in the body.
      app.route({ url, method, schema: { hide: true }, exposeHeadRoute: false, onRequest: refuse, handler: refuse });
    }
  };
};
