import { pino } from 'pino';
import { systemClock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { systemRandom } from '../host/random.ts';
import { inClusterCredentials, isInCluster } from '../kube/in-cluster.ts';
import { kubeconfigCredentials } from '../kube/kubeconfig.ts';
import { createUndiciTransport } from '../kube/undici-transport.ts';
import { readOptions, usage, UsageError, type LogLevel, type Options } from './options.ts';
import { createProgram, identityOf } from './program.ts';
import { serve } from './serve.ts';

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

/** Lines wait for each other at most this long: one system call for each of them cost a tenth of the program's CPU. */
const flushMs = 500;
const flushBytes = 8_192;

/** JSON lines on standard output; what waits is written when the process exits, however it does. */
const createLog = (level: LogLevel): Log => {
  const destination = pino.destination({ dest: 1, sync: false, minLength: flushBytes, periodicFlush: flushMs });
  process.on('exit', () => destination.flushSync());
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
};

/** Ends the process once it has run dry, or after a deadline. */
const shutDownOn = (signals: readonly NodeJS.Signals[], log: Log, stop: () => Promise<void>): void => {
  let isStopping = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (isStopping) return;
    isStopping = true;
    log.info({ signal }, 'shutting down');
    systemClock.after(shutdownMs, () => {
      log.error({ shutdownMs }, 'not everything could be finished in time');
      process.exit(1);
    });
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  for (const signal of signals) process.on(signal, shutDown);
};

const run = async (options: Options): Promise<void> => {
  const log = createLog(options.logLevel);
  const credentials = credentialsFor(options, log);
  await credentials.current().catch((error: unknown) => {
    const source = options.kubeconfig ?? "the pod's ServiceAccount";
    throw new UsageError(`${source} can't be used: ${error instanceof Error ? error.message : 'no reason is known'}`);
  });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  const machine = { transport, clock: systemClock, random: systemRandom, log };
  const identity = identityOf(process.env['POD_NAME'], systemRandom);
  const program = createProgram(options, machine, { identity, onLost: () => process.exit(1) });
  const { address, server } = await serve(program, options.listen);
  log.info({ address, identity, namespaces: options.namespaces }, 'listening');
  shutDownOn(['SIGTERM', 'SIGINT'], log, async () => {
    await program.stop();
    await transport.close();
    server.close();
    log.info({}, 'ended');
  });
  program.start();
};

const main = async (): Promise<void> => {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === 'help') process.stdout.write(usage);
    else await run(options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`operator: ${error.message}\nTry --help.\n`);
    process.exitCode = 2;
  }
};

await main();
