import fastify, { type FastifyInstance } from 'fastify';
import type { LoginMetrics } from './metrics.ts';

/** Metrics and health, on an address of their own: they are for nobody outside the cluster. */
export const createFigures = ({ registry }: LoginMetrics): FastifyInstance => {
  const app = fastify();
  app.get('/healthz', () => 'ok\n');
  // A replica without an API server still tells people what to do, so it stays ready; and one tenant that lacks its Role
  // must not take the service from all others: the log says at the start where nobody can be judged.
  app.get('/readyz', () => 'ok\n');
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  return app;
};
