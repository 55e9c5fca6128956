import { type AddressInfo } from 'node:net';
import { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { systemClock } from '../host/clock.ts';
import { type Log } from '../host/log.ts';
import { systemRandom } from '../host/random.ts';
import { inClusterCredentials, isInCluster } from '../kube/in-cluster.ts';
import { kubeconfigCredentials } from '../kube/kubeconfig.ts';
import { createUndiciTransport } from '../kube/undici-transport.ts';
import { ConfigError, type LoginConfig, readConfig } from './config.ts';
import { createFigures } from './figures.ts';
import { KeyError, openKeys } from './keys.ts';
import { type Listen, type Options, readOptions, usage, UsageError } from './options.ts';
import { createLoginProgram } from './program.ts';

/** As kubelet waits 30 s before it kills: leaves time to say why. */
const shutdownMs = 25_000;

const credentialsFor = ({ kubeconfig, context }: Options, log: Log) => {
  if (kubeconfig !== undefined) {
    return kubeconfigCredentials({
      path: kubeconfig,
      clock: systemClock,
      log,
      ...(context !== undefined && { context }),
    });
  }
  if (isInCluster(process.env)) return inClusterCredentials({ clock: systemClock, log, environment: process.env });
  throw new UsageError('--kubeconfig: none is given, and this is not a pod; name the file of the cluster to work on');
};

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

const shutDownOn = (signals: readonly NodeJS.Signals[], log: Log, stop: () => Promise<void>): void => {
  let isStopping = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'shutting down');
    systemClock.after(shutdownMs, () => process.exit(1));
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of signals) process.on(signal, shutDown);
};

const run = async (options: Options): Promise<void> => {
  const log = pino({ level: options.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const config = await readConfig(options.config);
  const keys = await openKeys({ directory: options.keys, clock: systemClock, log });
  const transport = createUndiciTransport({ credentials: credentialsFor(options, log), clock: systemClock });
  const machine = { transport, clock: systemClock, random: systemRandom, log };
  const { app, metrics } = await createLoginProgram(config, keys, machine, log);
  const figures = createFigures(metrics);
  const address = await listen(app, options.listen);
  const figuresAddress = await listen(figures, options.listenMetrics);
  tellModes(config, log);
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
