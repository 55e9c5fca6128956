import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Listen, listenAt, urlOf } from '../host/listen.ts';
import type { Metrics } from './metrics.ts';

/** An import would ask the module for all that it exports, WebSocket and fetch among it: 3 MB that nobody uses. */
const { createServer } = process.getBuiltinModule('node:http');

export interface Served {
  readonly metrics: Metrics;
  /** What is not ready yet, in words; empty once everything is. */
  readonly notReady: () => readonly string[];
  /** What is not served though all is ready, in words. */
  readonly shutOut: () => readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

const answerTo = async ({ metrics, notReady, shutOut }: Served, path: string): Promise<Answer> => {
  if (path === '/healthz') return { status: 200, body: 'ok\n' };
  if (path === '/readyz') {
    const missing = notReady();
    const [status, lines] = missing.length === 0 ? [200, ['ok', ...shutOut()]] : [503, missing];
    return { status, body: `${lines.join('\n')}\n` };
  }
  if (path === '/metrics') {
    const { registry } = metrics;
    return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
  }
  return { status: 404, body: 'there are /healthz, /readyz and /metrics\n' };
};

/** Serves health and metrics; answers with the address once it listens. */
export const serve = async (
  served: Served,
  listen: Listen,
): Promise<{ readonly address: string; readonly server: Server }> => {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/\?.*$/s, '');
    void answerTo(served, path)
      .catch((): Answer => ({ status: 500, body: 'the figures could not be collected\n' }))
      .then(({ status, body, contentType = 'text/plain; charset=utf-8' }) => {
        response.writeHead(status, { 'content-type': contentType }).end(body);
      });
  });
  await listenAt('--listen', listen, ({ host, port }) => once(server.listen(port, host), 'listening'));
  return { address: urlOf(server.address() as AddressInfo), server };
};
