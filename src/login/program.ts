import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { Random } from '../host/random.ts';
import { version } from '../host/version.ts';
import { createClient } from '../kube/client/create-client.ts';
import { resourceName } from '../kube/client/resource.ts';
import { doubtfulMs, ServerClock, warnedMs } from '../kube/client/server-clock.ts';
import type { Transport } from '../kube/transport/transport.ts';
import { api } from './api/index.ts';
import { TokenReviewer } from './api/token-review.ts';
import { Audit } from './audit.ts';
import { answerBadAddress } from './bad-address.ts';
import { answerBrokenRequest } from './broken-request.ts';
import type { LoginConfig } from './config/config.ts';
import { createAuthenticator } from './authenticator/create-authenticator.ts';
import type { KeyStore } from './keys/keys.ts';
import { LoginMetrics } from './metrics.ts';
import { sendNotice } from './pages/context.ts';
import { pages } from './pages/index.ts';
import { SecretStore } from './secrets/secret-store.ts';
import { Turns } from './authenticator/turns.ts';

/** The machine that a replica runs on, or a simulated one. */
export interface Machine {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** For what is to be found later whatever the level of the other lines. */
  readonly auditLog: Log;
}

export interface LoginProgram {
  /** Pages and API; not listening yet. */
  readonly app: FastifyInstance;
  readonly metrics: LoginMetrics;
  /** Reads once in each namespace that is served, asks once about a token, and says in the log what can't be done. */
  readonly tryOut: () => Promise<void>;
}

const userAgent = `exchange2fa-login/${version}`;

/** Time for a slow form; what takes longer holds a connection for nothing. */
const requestTimeoutMs = 30_000;

/** Requests are not logged: the address of a page names a session, and verdicts have their own lines. */
const createApp = (config: LoginConfig, log: Log, logger: FastifyBaseLogger | undefined): FastifyInstance => {
  const app = fastify({
    ...(logger && {
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
      // Nor has each a logger of its own: its number would name a request that no line tells of.
      childLoggerFactory: (parent: FastifyBaseLogger) => parent,
    }),
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    requestTimeout: requestTimeoutMs,
    // What is not described is refused, not dropped or guessed at.
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    frameworkErrors: answerBadAddress(config),
    clientErrorHandler: answerBrokenRequest(log),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  });
  // Where the issuer has a path, neither pages nor API answer what is beside it.
  if (new URL(config.issuer).pathname !== '/') {
    app.setNotFoundHandler((request, reply) =>
      sendNotice({ config }, request, reply, ({ notFound }) => notFound, { status: 404 }),
    );
  }
  return app;
};

const watchClocks = (clock: Clock, log: Log): ServerClock =>
  new ServerClock(clock, {
    beyondMs: warnedMs,
    tell: (offsetMs) => {
      const alsoDoubtful = Math.abs(offsetMs) > doubtfulMs ? ', and no suspension is honoured' : '';
      const text = `this clock and the API server's differ: codes may be refused${alsoDoubtful}`;
      log.warn({ offsetMs: Math.round(offsetMs) }, text);
    },
  });

/** Wires a replica together. */
export const createLoginProgram = async (
  config: LoginConfig,
  keys: KeyStore,
  { transport, clock, random, log, auditLog }: Machine,
  logger?: FastifyBaseLogger,
): Promise<LoginProgram> => {
  const serverClock = watchClocks(clock, log);
  const metrics = new LoginMetrics(() => serverClock.offsetMs, keys.reads);
  const client = createClient({
    transport,
    clock,
    random,
    userAgent,
    onServerTime: (sample) => serverClock.sample(sample),
    onAnswer: (method, resource, status) => metrics.asked(method, resourceName(resource), status),
  });
  const store = new SecretStore(client, log);
  const audit = new Audit(auditLog, metrics);
  const authenticator = createAuthenticator(
    { store, turns: new Turns(), keys, serverClock, clock, random, log },
    audit,
  );
  const dependencies = { config, keys, authenticator, clock, random, log };
  const reviewer = new TokenReviewer(client, clock, log, config.tokenAudience);
  const app = createApp(config, log, logger);
  await app.register(api, { ...dependencies, reviewer, audit });
  await app.register(pages, dependencies);
  await app.ready();
  const namespaces = new Set([...config.relyingParties, ...config.apiCallers].map(({ namespace }) => namespace));
  const tryOut = async (): Promise<void> => {
    const isReviewed = config.apiCallers.some(({ serviceAccount }) => serviceAccount);
    await Promise.all([
      ...[...namespaces].map((namespace) => store.tryOut(namespace)),
      ...(isReviewed ? [reviewer.tryOut()] : []),
    ]);
  };
  return { app, metrics, tryOut };
};
