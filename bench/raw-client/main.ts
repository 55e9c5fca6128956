import { inFlight } from '../support/in-flight.ts';
import { monotonicMs } from '../support/instants.ts';
import { Connection } from './connection.ts';
import { Follower } from './follow.ts';
import type { FromRawClient, Job, Outcome, ToRawClient } from './jobs.ts';
import { readBoth } from './read.ts';
import { enroll, readAccounts, type SeenAccount, writeStatus } from './writes.ts';

/**
 * The raw client: the yardstick of every ratio. A process of its own, as the operator is, so that starting Node, warming up
 * V8 and opening connections count on both sides. It is told what to do by message, so that no token is an argument.
 */

type Measured = Omit<Outcome, 'cpuMs'>;

const tell = (message: FromRawClient): void => void process.send?.(message);

type Write = (account: SeenAccount) => Promise<unknown>;

const writeEach = async (connection: Connection, job: Job & { inFlight: number }, write: Write): Promise<Measured> => {
  const accounts = await readAccounts(connection, job.namespace);
  const beganMs = monotonicMs();
  await inFlight(accounts, job.inFlight, write);
  return { beganMs, endedMs: monotonicMs(), objects: accounts.length };
};

const converge = (connection: Connection, job: Job & { kind: 'converge' }): Promise<Measured> =>
  writeEach(connection, job, (account) => enroll(connection, job.namespace, account));

const statuses = async (connection: Connection, job: Job & { kind: 'statuses' }): Promise<Measured> => {
  const pass = (): Promise<Measured> => {
    const mintedAt = new Date().toISOString();
    return writeEach(connection, job, (account) => writeStatus(connection, job.namespace, account, mintedAt));
  };
  await pass();
  await pass();
  return pass();
};

const read = async (connection: Connection, job: Job & { kind: 'read' }): Promise<Measured> => {
  const beganMs = monotonicMs();
  const objects = await readBoth(connection, job.namespace, job.style);
  return { beganMs, endedMs: monotonicMs(), objects };
};

const follow = async (
  connection: Connection,
  job: Job & { kind: 'follow' },
  stop: Promise<undefined>,
): Promise<Measured> => {
  const follower = new Follower(connection, job.namespace, job.inFlight);
  await follower.open();
  const beganMs = monotonicMs();
  tell({ kind: 'ready' });
  await Promise.race([stop, follower.failure]);
  await follower.close();
  return { beganMs, endedMs: monotonicMs(), objects: follower.enrolled };
};

const run = (connection: Connection, job: Job, stop: Promise<undefined>): Promise<Measured> => {
  switch (job.kind) {
    case 'converge':
      return converge(connection, job);
    case 'statuses':
      return statuses(connection, job);
    case 'read':
      return read(connection, job);
    case 'follow':
      return follow(connection, job, stop);
  }
};

const stop = Promise.withResolvers<undefined>();

const obey = async (message: ToRawClient): Promise<void> => {
  if (message.kind === 'stop') {
    stop.resolve(undefined);
    return;
  }
  const connection = new Connection(message.order.endpoint);
  try {
    const measured = await run(connection, message.order.job, stop.promise);
    const { user, system } = process.cpuUsage();
    tell({ kind: 'done', outcome: { ...measured, cpuMs: (user + system) / 1000 } });
  } catch (error) {
    tell({ kind: 'failed', text: error instanceof Error ? error.message : String(error) });
  }
  await connection.close();
  process.disconnect();
};

// The bench has ended, however it did.
process.on('disconnect', () => process.exit());
process.on('message', (message) => void obey(message as ToRawClient));
