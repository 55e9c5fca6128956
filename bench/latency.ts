import { setTimeout as sleep } from 'node:timers/promises';
import { mergePatch } from './raw-client/connection.ts';
import { platformName, platformsPath } from './raw-client/objects.ts';
import { watching } from './support/converge.ts';
import { formatSeconds } from '../src/api/instants.ts';
import { Probe, probeLabel, probeSteadily } from './support/probe.ts';
import type { Figure } from './support/report.ts';
import { tell, type Setting } from './support/setting.ts';
import { quantile } from './support/statistics.ts';
import { StatusObserver } from './support/status-observer.ts';
import { createAccounts, makeTenant } from './support/tenant.ts';

const idleTarget = 1.5;
const loadTarget = 5;
const pauseMs = 15;
const timeoutMs = 10 * 60_000;
/** Twice so often for the operator as for the raw client: some 300 samples in the time that 10,000 accounts take. */
const operatorEveryMs = 75;
const rawEveryMs = 150;

interface Samples {
  readonly operator: readonly number[];
  readonly raw: readonly number[];
}

const percentiles = (values: readonly number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms, highest ${Math.max(...values).toFixed(0)} ms (${values.length})`;

const sayBoth = (when: string, { operator, raw }: Samples): void =>
  tell(`latency ${when}: operator ${percentiles(operator)}; raw client ${percentiles(raw)}`);

/** One after the other, operator and raw client in turn. */
const whileIdle = async (setting: Setting, operator: Probe, raw: Probe): Promise<Samples> => {
  const samples = { operator: [] as number[], raw: [] as number[] };
  const warmUp = Math.ceil(setting.scale.latencySamples / 4);
  for (let sample = -warmUp; sample < setting.scale.latencySamples; sample += 1) {
    const [byOperator, byRaw] = [await operator.create(), await sleep(pauseMs).then(() => raw.create())];
    await sleep(pauseMs);
    if (sample < 0) continue;
    samples.operator.push(byOperator);
    samples.raw.push(byRaw);
  }
  return samples;
};

interface Load {
  readonly namespace: string;
  readonly accounts: number;
  /** Changes of the other accounts until they are all done. */
  readonly changes: number;
  readonly begin: () => Promise<unknown>;
  /** What a person does meanwhile. */
  readonly single: 'create' | 'suspend';
}

/** While the others are converged: from the first of them until the last. */
const whileBusy = async (setting: Setting, load: Load, operator: Probe, raw: Probe): Promise<Samples> => {
  const { admin } = setting;
  const observer = await StatusObserver.open(
    admin,
    load.namespace,
    `&labelSelector=!${encodeURIComponent(probeLabel)}`,
  );
  const working = load.begin();
  while (observer.changes === 0) await sleep(1);
  const done = (): boolean => observer.changes >= load.changes;
  const [byOperator, byRaw] = await Promise.all([
    probeSteadily(() => operator[load.single](), operatorEveryMs, done),
    probeSteadily(() => raw.create(), rawEveryMs, done),
    working,
  ]);
  await observer.settled(load.changes, timeoutMs);
  await observer.close();
  return { operator: byOperator, raw: byRaw };
};

const requestReset = (setting: Setting, namespace: string): Promise<string> =>
  setting.admin.ask({
    method: 'PATCH',
    path: `${platformsPath(namespace)}/${platformName}`,
    contentType: mergePatch,
    body: JSON.stringify({ spec: { twoFactor: { reset: { requestedAt: formatSeconds(Date.now()) } } } }),
  });

const idleFigures = ({ operator, raw }: Samples): Figure[] =>
  [0.5, 0.99].flatMap((share) => {
    const [ours, floor] = [quantile(operator, share), quantile(raw, share)];
    const name = `one new account, idle: p${share * 100}`;
    return [
      { name, value: ours, unit: 'ms' as const, how: `POST to status seen in a watch, ${operator.length} samples` },
      {
        name: `${name}, operator / raw client`,
        value: ours / floor,
        unit: '×' as const,
        ...(share === 0.99 && { atMost: idleTarget }),
        how: `raw client ${floor.toFixed(1)} ms on the same path, sample by sample in turn`,
      },
    ];
  });

const busyFigures = (name: string, samples: Samples, idle: Samples, atMost?: number): Figure[] => {
  const [p50, p99] = [quantile(samples.operator, 0.5), quantile(samples.operator, 0.99)];
  const floor = quantile(samples.raw, 0.99);
  return [
    {
      name: `${name}: p50`,
      value: p50,
      unit: 'ms',
      how: `${samples.operator.length} samples, one every ${operatorEveryMs} ms`,
    },
    { name: `${name}: p99`, value: p99, unit: 'ms', how: `raw client at the same time ${floor.toFixed(1)} ms` },
    {
      name: `${name}: p99 / idle`,
      value: p99 / quantile(idle.operator, 0.99),
      unit: '×',
      ...(atMost !== undefined && { atMost }),
      how: "against the operator's own p99 when idle",
    },
    {
      name: `${name}: p99 / raw client at the same time`,
      value: p99 / floor,
      unit: '×',
      how: 'a raw client of its own namespace on the same busy server',
    },
  ];
};

/** How long a person waits: for one new account, while nothing else happens and while much does. */
export const latencies = async (setting: Setting): Promise<Figure[]> => {
  const { loadAccounts } = setting.scale;
  const rawNamespace = await makeTenant(setting, { accounts: 0 });
  const follower = await watching(setting, 'raw', rawNamespace);
  const raw = await Probe.open(setting.admin, rawNamespace);

  const idleNamespace = await makeTenant(setting, { accounts: 0 });
  const idleOperator = await watching(setting, 'operator', idleNamespace);
  const idleProbe = await Probe.open(setting.admin, idleNamespace);
  await setting.rest();
  const idle = await whileIdle(setting, idleProbe, raw);
  sayBoth('idle', idle);
  await idleProbe.close();
  await idleOperator.end();

  const namespace = await makeTenant(setting, { accounts: loadAccounts });
  const busy = await Probe.open(setting.admin, namespace);
  const load = { namespace, accounts: loadAccounts, changes: loadAccounts, single: 'create' } as const;
  await setting.rest();
  const started = Promise.withResolvers<{ stop(): Promise<void> }>();
  const begin = (): Promise<void> => {
    started.resolve(setting.operator(namespace));
    return Promise.resolve();
  };
  const starting = await whileBusy(setting, { ...load, begin }, busy, raw);
  sayBoth('while it starts', starting);
  await setting.rest();
  const reset = await whileBusy(setting, { ...load, begin: () => requestReset(setting, namespace) }, busy, raw);
  sayBoth('during a platform-wide reset', reset);
  await setting.rest();
  const arrive = (prefix: string) => (): Promise<void> =>
    createAccounts(setting, namespace, { accounts: loadAccounts, prefix });
  const arrival = { ...load, changes: 2 * loadAccounts };
  const arriving = await whileBusy(setting, { ...arrival, begin: arrive('later') }, busy, raw);
  sayBoth('while others are created', arriving);
  await setting.rest();
  const suspending = { ...arrival, begin: arrive('last'), single: 'suspend' } as const;
  const changing = await whileBusy(setting, suspending, busy, raw);
  sayBoth('of a suspension while others are created', changing);
  await busy.close();
  await (await started.promise).stop();
  await raw.close();
  await follower.end();
  return [
    ...idleFigures(idle),
    ...busyFigures(`one new account, while it starts with ${loadAccounts} others`, starting, idle, loadTarget),
    ...busyFigures(`one new account, while ${loadAccounts} others are reset`, reset, idle, loadTarget),
    ...busyFigures(`one new account, while a pipeline creates ${loadAccounts} others`, arriving, idle),
    ...busyFigures(`a suspension, while a pipeline creates ${loadAccounts} others`, changing, idle),
  ];
};
