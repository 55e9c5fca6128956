import { pino } from 'pino';
import { systemClock } from '../host/clock.ts';
import { systemHeap, type Heap } from '../host/heap.ts';
import type { Log } from '../host/log.ts';
import { runMain } from '../host/run-main.ts';
import type { LogLevel } from '../host/options.ts';
import { systemRandom } from '../host/random.ts';
import { shutDownOn } from '../host/shutdown.ts';
import { chooseCredentials } from '../kube/credentials/choose-credentials.ts';
import { createUndiciTransport } from '../kube/transport/undici-transport.ts';
import { HeapCare } from './heap-care.ts';
import { readOptions, usage, type Options } from './options.ts';
import { createProgram, identityOf, type Program } from './program.ts';
import { serve } from './serve.ts';

/** Lines wait for each other at most this long: one system call for each of them cost a tenth of the program's CPU. */
const flushMs = 500;
const flushBytes = 8_192;

interface BufferedLog {
  readonly log: Log;
  /** Writes what waits now. */
  readonly flush: () => void;
}

/** JSON lines on standard output; what waits is written when the process exits, however it does. */
const createLog = (level: LogLevel): BufferedLog => {
  const destination = pino.destination({ dest: 1, sync: false, minLength: flushBytes, periodicFlush: flushMs });
  process.on('exit', () => destination.flushSync());
  const log = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return { log, flush: () => destination.flush() };
};

const heapCareFor = (program: Program, heap: Heap): HeapCare => {
  const isIdle = (): boolean => {
    const { interactive, bulk, running } = program.operator.queue.stats();
    return interactive.depth + bulk.depth + running + program.notReady().length === 0;
  };
  return new HeapCare({ heap, clock: systemClock, isIdle });
};

const run = async (options: Options): Promise<void> => {
  const { log, flush } = createLog(options.logLevel);
  const credentials = await chooseCredentials({ ...options, clock: systemClock, log });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  const machine = { transport, clock: systemClock, random: systemRandom, log };
  const identity = identityOf(process.env['POD_NAME'], systemRandom);
  const program = createProgram(options, machine, { identity, onLost: () => process.exit(1) });
  const { address, server } = await serve(program, options.listen);
  log.info({ address, identity, namespaces: options.namespaces }, 'listening');
  // Whoever started it waits for this line.
  flush();
  const care = systemHeap && heapCareFor(program, systemHeap);
  shutDownOn(['SIGTERM', 'SIGINT'], log, async () => {
    care?.stop();
    await program.stop();
    await transport.close();
    server.close();
    log.info({}, 'ended');
  });
  program.start();
  care?.start();
};

await runMain({ name: 'operator', usage, readOptions, run });
