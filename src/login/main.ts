import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino, type Logger } from 'pino';
import { systemClock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { type Listen, listenAt, urlOf } from '../host/listen.ts';
import type { LogLevel } from '../host/options.ts';
import { runMain } from '../host/run-main.ts';
import { systemRandom } from '../host/random.ts';
import { shutDownOn } from '../host/shutdown.ts';
import { chooseCredentials } from '../kube/credentials/choose-credentials.ts';
import { createUndiciTransport } from '../kube/transport/undici-transport.ts';
import { type LoginConfig, readConfig } from './config/config.ts';
import { createFigures } from './figures.ts';
import { openKeys } from './keys/open-keys.ts';
import { type Options, readOptions, usage } from './options.ts';
import { createLoginProgram } from './program.ts';

const listen = async (app: FastifyInstance, option: string, where: Listen): Promise<string> => {
  await listenAt(option, where, ({ host, port }) => app.listen({ host, port }));
  return urlOf(app.server.address() as AddressInfo);
};

/** Who observes and who enforces is a decision to be found in the log. */
const tellModes = ({ relyingParties, apiCallers }: LoginConfig, log: Log): void => {
  for (const { clientId, namespace, mode } of relyingParties)
    log.info({ relyingParty: clientId, namespace, mode }, 'serves');
  for (const { name, namespace, mode, scopes } of apiCallers)
    log.info({ apiCaller: name, namespace, mode, scopes }, 'serves');
};

/**
 * Each line is in the pipe before its verdict is answered; while nobody reads the log, nobody is let in. A login that can't
 * write whom it lets in ends.
 */
const createLog = (level: LogLevel): Logger => {
  const destination = pino.destination({ dest: 1, sync: true });
  destination.on('error', () => process.exit(1));
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
};

const run = async (options: Options): Promise<void> => {
  const log = createLog(options.logLevel);
  const config = await readConfig(options.config);
  const credentials = await chooseCredentials({ ...options, clock: systemClock, log });
  const keys = await openKeys({ directory: options.keys, clock: systemClock, log });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  // Who was let in and who enforces is written at every level.
  const auditLog = log.child({}, { level: 'info' });
  const machine = { transport, clock: systemClock, random: systemRandom, log, auditLog };
  const { app, metrics, tryOut } = await createLoginProgram(config, keys, machine, log);
  const figures = createFigures(metrics);
  const address = await listen(app, '--listen', options.listen);
  const figuresAddress = await listen(figures, '--listen-metrics', options.listenMetrics);
  tellModes(config, auditLog);
  log.info({ address, metrics: figuresAddress, issuer: config.issuer }, 'listening');
  shutDownOn(['SIGTERM', 'SIGINT'], log, async () => {
    await app.close();
    await transport.close();
    await figures.close();
    keys.close();
    log.info({}, 'ended');
  });
  await tryOut();
};

await runMain({ name: 'login', usage, readOptions, run });
