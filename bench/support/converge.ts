import { count, readServer, writesBetween, type Requests } from './api-server.ts';
import { monotonicMs } from './instants.ts';
import type { Setting } from './setting.ts';
import { StatusObserver } from './status-observer.ts';
import { accountsIn, createAccounts, makeTenant } from './tenant.ts';

export type Side = 'raw' | 'operator';

/** What it took to bring all accounts of a namespace to their Secret and status. */
export interface Convergence {
  readonly namespace: string;
  readonly accounts: number;
  /** To the last status seen: from the first Secret seen, or from the first account that arrives. */
  readonly wallMs: number;
  /** From the start of the process to the last status seen. */
  readonly fromSpawnMs: number;
  /** Of the whole process, its start included. */
  readonly cpuMs: number;
  /** Of the API server meanwhile. */
  readonly serverCpuMs: number;
  /** Secrets and statuses of accounts. */
  readonly writes: number;
  /** 409 of any write. */
  readonly conflicts: number;
  readonly requests: Requests;
}

const timeoutMs = 10 * 60_000;

interface Work {
  readonly namespace: string;
  readonly accounts: number;
  /** Changes of accounts that are seen until all is done. */
  readonly changes: number;
  readonly begin: () => Promise<Worker>;
}

interface Worker {
  readonly spawnedMs: number;
  /** From when the work counts, if not from the first Secret. */
  readonly beganMs?: number;
  /** CPU time of the process; asked once, when all is done. */
  readonly cpuMs: () => Promise<number>;
}

const measure = async (setting: Setting, { namespace, accounts, changes, begin }: Work): Promise<Convergence> => {
  await setting.rest();
  const observer = await StatusObserver.open(setting.admin, namespace);
  const before = await readServer(setting.admin);
  const worker = await begin();
  await observer.settled(changes, timeoutMs);
  const cpuMs = await worker.cpuMs();
  const after = await readServer(setting.admin);
  const requests = writesBetween(before, after);
  await observer.close();
  const enrolling = await accountsIn(setting, namespace, 'Enrolling');
  if (enrolling !== accounts) throw new Error(`only ${enrolling} of ${accounts} accounts are enrolling`);
  const endedMs = observer.lastChangeMs ?? Number.NaN;
  return {
    namespace,
    accounts,
    wallMs: endedMs - (worker.beganMs ?? observer.firstSecretMs ?? Number.NaN),
    fromSpawnMs: endedMs - worker.spawnedMs,
    cpuMs,
    serverCpuMs: after.cpuMs - before.cpuMs,
    writes: count(requests, /^\w+ (secrets|mailaccounts\/status) 20\d$/),
    conflicts: count(requests, / 409$/),
    requests,
  };
};

/** The accounts are there before anybody looks at them. */
export const convergeExisting = async (setting: Setting, side: Side, accounts: number): Promise<Convergence> => {
  const namespace = await makeTenant(setting, { accounts });
  const work = { namespace, accounts, changes: accounts };
  if (side === 'raw') {
    return measure(setting, {
      ...work,
      begin: () => {
        const raw = setting.raw({ kind: 'converge', namespace, inFlight: setting.concurrency });
        return Promise.resolve({ spawnedMs: raw.spawnedMs, cpuMs: async () => (await raw.done).cpuMs });
      },
    });
  }
  const started = Promise.withResolvers<{ stop(): Promise<void> }>();
  const convergence = await measure(setting, {
    ...work,
    begin: () => {
      const operator = setting.operator(namespace);
      started.resolve(operator);
      return Promise.resolve(operator);
    },
  });
  await (await started.promise).stop();
  return convergence;
};

/** The accounts are created while the operator, or the raw client, watches. */
export const convergeArriving = async (setting: Setting, side: Side, accounts: number): Promise<Convergence> => {
  const namespace = await makeTenant(setting, { accounts: 0 });
  const { worker, end } = await watching(setting, side, namespace);
  const convergence = await measure(setting, {
    namespace,
    accounts,
    // The API server tells of the creation and of the status.
    changes: 2 * accounts,
    begin: async () => {
      const beganMs = monotonicMs();
      await createAccounts(setting, namespace, { accounts });
      return { ...worker, beganMs };
    },
  });
  await end();
  return convergence;
};

interface Watching {
  readonly worker: Worker;
  readonly end: () => Promise<void>;
}

/** A process that stands by for new accounts. */
export const watching = async (setting: Setting, side: Side, namespace: string): Promise<Watching> => {
  if (side === 'operator') {
    const operator = setting.operator(namespace);
    await operator.ready();
    return {
      worker: { spawnedMs: operator.spawnedMs, cpuMs: () => operator.cpuMs() },
      end: () => operator.stop(),
    };
  }
  const raw = setting.raw({ kind: 'follow', namespace, inFlight: setting.concurrency });
  await raw.ready;
  return {
    worker: { spawnedMs: raw.spawnedMs, cpuMs: async () => (await raw.stop()).cpuMs },
    end: () => raw.kill(),
  };
};
