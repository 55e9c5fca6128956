import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { systemClock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { UsageError } from '../host/options.ts';
import { systemRandom } from '../host/random.ts';
import { shutDownOn } from '../host/shutdown.ts';
import { chooseCredentials } from '../kube/credentials/choose-credentials.ts';
import { createUndiciTransport } from '../kube/transport/undici-transport.ts';
import { ConfigError, type LoginConfig, readConfig } from './config/config.ts';
import { createFigures } from './figures.ts';
import { KeyError, openKeys } from './keys.ts';
import { type Listen, type Options, readOptions, usage } from './options.ts';
import { createLoginProgram } from './program.ts';

const listen = async (app: FastifyInstance, { host, port }: Listen): Promise<string> => {
  await app.listen({ host, port });
  const { address, port: taken, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`;
};

/** Who observes and who enforces is a decision to be found in the log. */
const tellModes = ({ relyingParties, apiCallers }: LoginConfig, log: Log): void => {
  for (const { clientId, namespace, mode } of relyingParties)
    log.info({ relyingParty: clientId, namespace, mode }, 'serves');
  for (const { name, namespace, mode, scopes } of apiCallers)
    log.info({ apiCaller: name, namespace, mode, scopes }, 'serves');
};

const run = async (options: Options): Promise<void> => {
  const log = pino({ level: options.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const config = await readConfig(options.config);
  const keys = await openKeys({ directory: options.keys, clock: systemClock, log });
  const transport = createUndiciTransport({
    credentials: chooseCredentials({ ...options, clock: systemClock, log }),
    clock: systemClock,
  });
  // Who was let in and who enforces is written at every level.
  const auditLog = log.child({}, { level: 'info' });
  const machine = { transport, clock: systemClock, random: systemRandom, log, auditLog };
  const { app, metrics } = await createLoginProgram(config, keys, machine, log);
  const figures = createFigures(metrics);
  const address = await listen(app, options.listen);
  const figuresAddress = await listen(figures, options.listenMetrics);
  tellModes(config, auditLog);
  log.info({ address, metrics: figuresAddress, issuer: config.issuer }, 'listening');
  shutDownOn(['SIGTERM', 'SIGINT'], log, async () => {
    await app.close();
    await transport.close();
    await figures.close();
    keys.close();
    log.info({}, 'ended');
  });
};

const main = async (): Promise<void> => {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === 'help') process.stdout.write(usage);
    else await run(options);
  } catch (error) {
    const isWrongInput = error instanceof UsageError || error instanceof ConfigError || error instanceof KeyError;
    if (!isWrongInput) throw error;
    process.stderr.write(`login: ${error.message}\n${error instanceof UsageError ? 'Try --help.\n' : ''}`);
    process.exitCode = 2;
  }
};

await main();
