import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../../host/clock.ts';
import type { Credentials, CredentialSource, TlsOptions } from '../credentials/credentials.ts';
import { TransportFailure, type RawRequest, type RawResponse, type RawStream, type Transport } from './transport.ts';
import { transportFailure } from './transport-failure.ts';
import { StreamExchange, WholeExchange } from './undici-exchange.ts';

/** HTTP/1.1 over this many connections is faster than HTTP/2; 16 to 32 requests in flight saturate a server. */
const requestConnections = 32;
const keepAliveMs = 60_000;
const connectTimeoutMs = 5_000;

/** A Transport with connections to give back. */
export interface UndiciTransport extends Transport {
  /** Ends all requests and streams. */
  close(): Promise<void>;
}

/** Requests and streams each have their own connections, so that watches never wait for requests nor the reverse. */
interface Connections {
  readonly server: string;
  readonly origin: string;
  /** Of the server's URL, without a slash at its end. */
  readonly basePath: string;
  readonly tls: TlsOptions;
  readonly requests: Agent;
  readonly streams: Agent;
}

const openConnections = ({ server, tls }: Credentials): Connections => {
  const options = {
    allowH2: false,
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    // Each request has its own deadline instead.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: connectTimeoutMs,
      rejectUnauthorized: tls.insecure !== true,
      ...(tls.ca !== undefined && { ca: tls.ca }),
      ...(tls.cert !== undefined && { cert: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
      ...(tls.serverName !== undefined && { servername: tls.serverName }),
    },
  };
  const url = new URL(server);
  return {
    server,
    origin: url.origin,
    basePath: url.pathname.replace(/\/+$/, ''),
    tls,
    requests: new Agent({ ...options, connections: requestConnections }),
    streams: new Agent(options),
  };
};

const sameConnections = (connections: Connections, { server, tls }: Credentials): boolean =>
  connections.server === server &&
  connections.tls.ca === tls.ca &&
  connections.tls.cert === tls.cert &&
  connections.tls.key === tls.key &&
  connections.tls.serverName === tls.serverName &&
  connections.tls.insecure === tls.insecure;

const dispatchOptions = (
  connections: Connections,
  authorization: string | undefined,
  request: RawRequest,
): Dispatcher.DispatchOptions => ({
  origin: connections.origin,
  path: connections.basePath + request.path,
  method: request.method,
  headers: authorization ? { ...request.headers, authorization } : request.headers,
  body: request.body ?? null,
});

type Attempt<Answer> = (
  connections: Connections,
  options: Dispatcher.DispatchOptions,
  request: RawRequest,
) => Promise<Answer>;

class SharedTransport implements UndiciTransport {
  readonly #credentials: CredentialSource;
  readonly #clock: Clock;
  #connections: Connections | undefined;
  /** Replaced by newer ones; what is under way on them ends there. */
  readonly #retired = new Set<Connections>();

  constructor(credentials: CredentialSource, clock: Clock) {
    this.#credentials = credentials;
    this.#clock = clock;
  }

  send(request: RawRequest): Promise<RawResponse> {
    return this.#withCredentials(request, (connections, options, left) => {
      const exchange = new WholeExchange(left, this.#clock);
      connections.requests.dispatch(options, exchange);
      return exchange.answer;
    });
  }

  stream(request: RawRequest): Promise<RawStream> {
    return this.#withCredentials(request, (connections, options, left) => {
      const exchange = new StreamExchange(left, this.#clock);
      connections.streams.dispatch(options, exchange);
      return exchange.answer;
    });
  }

  async close(): Promise<void> {
    const all = [...(this.#connections ? [this.#connections] : []), ...this.#retired];
    this.#connections = undefined;
    await Promise.all(all.flatMap(({ requests, streams }) => [requests.destroy(), streams.destroy()]));
  }

  /**
   * Once more, at once and with credentials read anew, after a 401 or an untrusted certificate: both say that nothing was
   * done, so it is safe for a write too.
   */
  async #withCredentials<Answer extends RawResponse | RawStream>(
    request: RawRequest,
    attempt: Attempt<Answer>,
  ): Promise<Answer> {
    const end = this.#clock.monotonic() + request.deadlineMs;
    const once = async (source: Promise<Credentials>): Promise<Answer> => {
      const credentials = await source.catch((error: unknown) => {
        throw new TransportFailure('credentials', false, transportFailure(error, false).message);
      });
      const left = { ...request, deadlineMs: Math.max(end - this.#clock.monotonic(), 0) };
      const connections = this.#connectionsFor(credentials);
      return attempt(connections, dispatchOptions(connections, credentials.authorization, request), left);
    };
    try {
      const answer = await once(this.#credentials.current());
      if (answer.status !== 401) return answer;
      if ('close' in answer) answer.close();
    } catch (error) {
      if (!(error instanceof TransportFailure) || error.kind !== 'tls' || error.sent) throw error;
    }
    return once(this.#credentials.renew());
  }

  #connectionsFor(credentials: Credentials): Connections {
    const present = this.#connections;
    if (present && sameConnections(present, credentials)) return present;
    this.#connections = openConnections(credentials);
    if (present) void this.#retire(present);
    return this.#connections;
  }

  async #retire(connections: Connections): Promise<void> {
    this.#retired.add(connections);
    await Promise.allSettled([connections.requests.close(), connections.streams.close()]);
    this.#retired.delete(connections);
  }
}

/** The transport of the real programs: one shared set of connections to one API server. */
export const createUndiciTransport = (options: {
  readonly credentials: CredentialSource;
  readonly clock: Clock;
}): UndiciTransport => new SharedTransport(options.credentials, options.clock);
