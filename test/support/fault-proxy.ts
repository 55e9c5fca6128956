/**
 * A loopback HTTP/1.1 proxy in front of a real API server, that does to requests and watches what a test says.
 *
 *     const proxy = await startFaultProxy({ upstream, upstreamTls: { ca } });
 *     proxy.add({ method: 'PATCH', path: /\/secrets\//, nth: 1, act: { do: 'drop-after' } });
 *
 * A rule names a method, a path (with query), perhaps which match of it, and an act; the first rule whose turn it is acts,
 * and what no rule meets passes. Acts on a request: pass, respond, drop-before, drop-after, delay, stall, hook. Acts on the
 * lines of a watch: cut, stall, hold-events, replay-events, swap-events, dup, split, drop-events (fault-proxy-rules.ts says
 * exactly what each does). Every request is kept in `requests` as RBAC sees it, with the body that was sent and how it
 * ended, so that a test can also say which rights were used, and that nothing was written.
 *
 * The client's own credentials go through, but for client certificates. With `certificate` it serves TLS.
 */

import { once } from 'node:events';
import {
  Agent as HttpAgent,
  createServer,
  type IncomingMessage,
  request as httpRequest,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, createServer as createTlsServer, request as httpsRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type LoggedRequest, logRequest } from './fault-proxy-log.ts';
import {
  type Act,
  type ActiveRule,
  type RequestAct,
  type Rule,
  RuleBook,
  type StreamAct,
} from './fault-proxy-rules.ts';
import { FaultyStream } from './fault-proxy-stream.ts';

export interface FaultProxyOptions {
  /** Of the API server: `https://127.0.0.1:6443`. */
  readonly upstream: string;
  readonly upstreamTls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Sent instead of the client's own, for instance when the client has a certificate, which no proxy can pass on. */
  readonly authorization?: string;
  /** Serves TLS; absent: plain HTTP. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** A loopback proxy in front of an API server that does to requests and watches what its rules say. */
export interface FaultProxy {
  readonly url: string;
  /** Every request since the start (or since `forget`), also those that the API server never got. */
  readonly requests: readonly LoggedRequest[];
  add(rule: Rule): ActiveRule;
  /** Forgets the requests. */
  forget(): void;
  /** Forgets the requests and the rules; what was held is let go. */
  reset(): void;
  /** New connections get this certificate. */
  useCertificate(certificate: { readonly cert: string; readonly key: string }): void;
  /** Loses the connections of the requests under way whose path matches. */
  cut(path: RegExp): void;
  /** Loses every open connection at once, like a restarted API server. */
  cutAll(): void;
  close(): Promise<void>;
}

const streamActs = new Set<Act['do']>([
  'hold-events',
  'replay-events',
  'swap-events',
  'dup',
  'split',
  'drop-events',
  'cut',
]);

const isStreamAct = (act: Act): act is StreamAct =>
  streamActs.has(act.do) || (act.do === 'stall' && 'afterEvents' in act);

const readBody = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

type Upstream = (request: IncomingMessage, body: Buffer, client: ServerResponse) => Promise<IncomingMessage>;

const upstreamOf = ({ upstream, upstreamTls, authorization }: FaultProxyOptions): Upstream => {
  const tls = upstream.startsWith('https:');
  const agent = tls ? new HttpsAgent({ keepAlive: true, ...upstreamTls }) : new HttpAgent({ keepAlive: true });
  const send = tls ? httpsRequest : httpRequest;
  return async (request, body, client) => {
    const headers = { ...request.headers, host: new URL(upstream).host };
    delete headers['transfer-encoding'];
    if (authorization !== undefined) headers.authorization = authorization;
    if (body.length > 0) headers['content-length'] = String(body.length);
    const outgoing = send(new URL(request.url ?? '/', upstream), { method: request.method ?? 'GET', headers, agent });
    outgoing.end(body);
    client.once('close', () => {
      // The client has gone: a watch must not go on for nobody.
      if (!client.writableFinished) outgoing.destroy();
    });
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    return answer;
  };
};

/** Sends an answer on, with the fault of a stream if there is one. */
const passOn = (answer: IncomingMessage, response: ServerResponse, fault: () => FaultyStream | undefined): void => {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.flushHeaders();
  const stream = fault();
  answer.on('data', (chunk: Buffer) => (stream ? stream.push(chunk) : response.write(chunk)));
  answer.on('end', () => (stream ? stream.end() : response.end()));
  answer.on('error', () => response.destroy());
};

/** What a request act does before forwarding; false if the request ends here. */
const before = async (act: RequestAct, logged: LoggedRequest, response: ServerResponse): Promise<boolean> => {
  switch (act.do) {
    case 'delay':
      await wait(act.ms);
      return true;
    case 'hook':
      await act.run(logged);
      return true;
    case 'drop-before':
      response.destroy();
      return false;
    case 'stall':
      return false;
    case 'respond':
      if (act.afterForwarding) return true;
      response.writeHead(act.status, { 'content-type': 'application/json', ...act.headers }).end(act.body);
      return false;
    case 'pass':
    case 'drop-after':
      return true;
  }
};

/** What a request act does once the API server has answered; false if the answer is not passed on. */
const after = async (act: RequestAct, answer: IncomingMessage, response: ServerResponse): Promise<boolean> => {
  if (act.do !== 'drop-after' && act.do !== 'respond') return true;
  await readBody(answer);
  if (act.do === 'drop-after') {
    act.run?.();
    response.destroy();
  } else response.writeHead(act.status, { 'content-type': 'application/json', ...act.headers }).end(act.body);
  return false;
};

const handle =
  (rules: RuleBook, log: LoggedRequest[], forward: Upstream) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const logged = logRequest(request.method ?? 'GET', request.url ?? '/');
    logged.accept = request.headers.accept ?? '';
    log.push(logged);
    const body = await readBody(request);
    logged.body = body.toString('utf8');
    const { act, released } = rules.actFor(logged);
    logged.act = act.do;
    const requestAct: RequestAct = isStreamAct(act) ? { do: 'pass' } : act;
    if (!(await before(requestAct, logged, response))) return;
    const answer = await forward(request, body, response);
    logged.status = answer.statusCode ?? 0;
    // The client left while it waited: what it wrote is written, but a watch must not go on for nobody.
    if (response.destroyed) answer.destroy();
    if (!(await after(requestAct, answer, response))) return;
    passOn(answer, response, () => (isStreamAct(act) ? new FaultyStream(act, response, released) : undefined));
  };

/** Starts a proxy on a free port. */
export const startFaultProxy = async (options: FaultProxyOptions): Promise<FaultProxy> => {
  const rules = new RuleBook();
  const requests: LoggedRequest[] = [];
  const sockets = new Set<Socket>();
  const handler = handle(rules, requests, upstreamOf(options));
  const underWay = new Map<ServerResponse, string>();
  const listener: RequestListener = (request, response) => {
    underWay.set(response, request.url ?? '');
    response.once('close', () => underWay.delete(response));
    handler(request, response).catch(() => response.destroy());
  };
  const tlsServer = options.certificate && createTlsServer(options.certificate, listener);
  const server = tlsServer ?? createServer(listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: `${tlsServer ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    add: (rule) => rules.add(rule),
    forget: () => void requests.splice(0),
    reset: () => {
      requests.splice(0);
      rules.clear();
    },
    useCertificate: (certificate) => tlsServer?.setSecureContext(certificate),
    cut: (path) => {
      for (const [response, its] of underWay) if (path.test(its)) response.destroy();
    },
    cutAll,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cutAll();
      await closed;
    },
  };
};
