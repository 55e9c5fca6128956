import { setTimeout as sleep } from 'node:timers/promises';
import { describe, readServer, writesBetween } from './support/api-server.ts';
import type { Figure } from './support/report.ts';
import { reconciled } from './support/reconciled.ts';
import { tell, type Setting } from './support/setting.ts';
import { median, sum } from './support/statistics.ts';

const readyTarget = 1.5;
/** What a restart wants to write it writes at once. */
const watchMs = 5_000;

interface Restart {
  readonly readyMs: number;
  readonly writes: number;
}

const restart = async (setting: Setting, namespace: string): Promise<Restart> => {
  await setting.rest();
  const before = await readServer(setting.admin);
  const operator = setting.operator(namespace);
  const readyMs = (await operator.ready()) - operator.spawnedMs;
  await sleep(watchMs);
  const requests = writesBetween(before, await readServer(setting.admin));
  await operator.stop();
  tell(`restart: ready after ${readyMs.toFixed(0)} ms; writes: ${describe(requests)}`);
  return { readyMs, writes: sum([...requests.values()]) };
};

/** From the start of a process to the last object of both lists. */
const readRaw = async (setting: Setting, namespace: string, style: 'pages' | 'stream'): Promise<number> => {
  await setting.rest();
  const raw = setting.raw({ kind: 'read', namespace, style });
  const { endedMs, beganMs, objects } = await raw.done;
  const readMs = endedMs - raw.spawnedMs;
  tell(
    `raw client, ${style}: ${objects} objects after ${readMs.toFixed(0)} ms (reading alone ${(endedMs - beganMs).toFixed(0)} ms)`,
  );
  return readMs;
};

type What = 'restart' | 'pages' | 'stream';

/**
 * Every order: the API server collects its garbage after every second or third reading of all, and whom that meets waits
 * for half a second more.
 */
const orders: readonly (readonly What[])[] = [
  ['pages', 'restart', 'stream'],
  ['restart', 'stream', 'pages'],
  ['stream', 'pages', 'restart'],
  ['stream', 'restart', 'pages'],
  ['pages', 'stream', 'restart'],
  ['restart', 'pages', 'stream'],
];

/** A restart with everything reconciled: it must read all, and write nothing. */
export const restarts = async (setting: Setting): Promise<Figure[]> => {
  const { large } = setting.scale;
  const namespace = await reconciled(setting, large);
  const restarted: Restart[] = [];
  const seconds: Record<'pages' | 'stream', number[]> = { pages: [], stream: [] };
  for (const what of orders.flat()) {
    if (what === 'restart') restarted.push(await restart(setting, namespace));
    else seconds[what].push((await readRaw(setting, namespace, what)) / 1000);
  }
  const { pages, stream } = seconds;
  const ready = restarted.map(({ readyMs }) => readyMs / 1000);
  const faster = sum(pages) < sum(stream) ? pages : stream;
  const what = `restart with ${large} accounts`;
  return [
    {
      name: `${what}: writes`,
      value: Math.max(...restarted.map(({ writes }) => writes)),
      unit: 'writes',
      atMost: 0,
      how: `Secrets, accounts, platforms, Events until ${watchMs / 1000} s after ready; the highest`,
    },
    {
      name: `${what}: ready / both lists read raw`,
      value: sum(ready) / sum(faster),
      of: ready.map((each, round) => each / (faster[round] ?? Number.NaN)),
      unit: '×',
      atMost: readyTarget,
      how: `start of the process to /readyz, against start of a raw process to both lists parsed, the faster way; ${ready.length} of each together`,
    },
    { name: `${what}: ready`, value: median(ready), of: ready, unit: 's', how: 'start of the process to /readyz' },
    {
      name: `${what}: lists raw, in pages`,
      value: median(pages),
      of: pages,
      unit: 's',
      how: 'limit=500, both at once',
    },
    {
      name: `${what}: lists raw, streamed`,
      value: median(stream),
      of: stream,
      unit: 's',
      how: 'watch-list, both at once',
    },
  ];
};
