/**
 * The login service against a raw client that does the same GET and PATCH, side by side in one run:
 *
 *     node bench/login/main.ts [--quick]
 */

import { annotation } from '../../src/api/record.ts';
import { mergePatch, metadataOnly } from '../raw-client/connection.ts';
import { inFlight } from '../support/in-flight.ts';
import { loadByOthers, machine } from '../support/machine.ts';
import { sampleMemory } from '../support/memory-samples.ts';
import { inPairs, type Pair } from '../support/paired.ts';
import { table } from '../support/report.ts';
import { median, quantile, sum } from '../support/statistics.ts';
import { addressOf, codeNow, createAccounts, numbers, secretPath } from './accounts.ts';
import { spendMorning } from './morning.ts';
import { startSetting, type LoginSetting } from './setting.ts';

const isQuick = process.argv.includes('--quick');
/** Raw client and login take short turns, so that what else the machine does meets both. */
const [morning, aRound, rounds, single] = isQuick ? [1_000, 50, 12, 100] : [10_000, 150, 80, 400];
/** Three hours in little, so that the fullest second of 10,000 people has some 250 logins. */
const morningMs = isQuick ? 12_000 : 120_000;
const concurrency = 16;

type OneLogin = (index: number) => Promise<void>;

/** What the login service does at least: one read, one compare-and-swap. */
const rawLogin =
  ({ asLogin }: LoginSetting): OneLogin =>
  async (index) => {
    const path = secretPath(index);
    const { metadata } = await asLogin.get<{ readonly metadata: { readonly resourceVersion: string } }>(path);
    const annotations = {
      [annotation.lastStep]: String(Math.floor(Date.now() / 30_000)),
      [annotation.failures]: '{"row":0,"unknown":[],"known":[]}',
      [annotation.attempt]: 'AAAAAAAAAAAAAAAAAAAAAAAA:accepted:0',
    };
    const body = JSON.stringify({ metadata: { resourceVersion: metadata.resourceVersion, annotations } });
    await asLogin.ask({ method: 'PATCH', path, body, contentType: mergePatch, accept: metadataOnly });
  };

/** Asks about somebody; throws unless the answer is this: no login of the bench may fail. */
const askService = async (
  { asCaller }: LoginSetting,
  route: 'login' | 'verify',
  about: { readonly address: string; readonly code?: string },
  result: string,
): Promise<void> => {
  const text = await asCaller.ask({ method: 'POST', path: `/v1/${route}`, body: JSON.stringify(about) });
  if (!text.includes(`"result":"${result}"`)) throw new Error(`${about.address}: ${route} ${text}`);
};

const serviceVerdict =
  (setting: LoginSetting): OneLogin =>
  (index) =>
    askService(setting, 'verify', { address: addressOf(index), code: codeNow() }, 'accepted');

/** As a login service of somebody else does it: what is met, then the code. */
const serviceLogin =
  (setting: LoginSetting): OneLogin =>
  async (index) => {
    await askService(setting, 'login', { address: addressOf(index) }, 'code');
    await serviceVerdict(setting)(index);
  };

interface Turns {
  readonly from: number;
  readonly rounds: number;
  readonly verdicts: number;
  readonly inParallel: number;
}

/** How many milliseconds each round took, of raw client and login in turn. */
const inTurn = (
  setting: LoginSetting,
  { from, rounds, verdicts, inParallel }: Turns,
): Promise<readonly Pair<number>[]> => {
  let next = from;
  const turn = async (login: OneLogin): Promise<number> => {
    const indices = numbers(next, verdicts);
    next += verdicts;
    const startedMs = performance.now();
    await inFlight(indices, inParallel, login);
    return performance.now() - startedMs;
  };
  const [raw, subject] = [rawLogin(setting), serviceVerdict(setting)];
  return inPairs(rounds, { raw: () => turn(raw), subject: () => turn(subject) });
};

const bench = async (setting: LoginSetting): Promise<string> => {
  const afterMany = morning + 2 * rounds * aRound;
  await createAccounts(setting.admin, numbers(0, afterMany + 2 * single));
  const memory = sampleMemory(setting.pid);
  const inMorning = await spendMorning(numbers(0, morning), morningMs, serviceLogin(setting));
  const many = await inTurn(setting, { from: morning, rounds, verdicts: aRound, inParallel: concurrency });
  const singly = await inTurn(setting, { from: afterMany, rounds: single, verdicts: 1, inParallel: 1 });
  const residentMb = memory.end();
  const beyondMs = median(singly.map((pair) => pair.subject)) - median(singly.map((pair) => pair.raw));
  return table([
    {
      name: 'wall time / raw client',
      value: sum(many.map((pair) => pair.subject)) / sum(many.map((pair) => pair.raw)),
      unit: '×',
      of: many.map((pair) => pair.subject / pair.raw),
      atMost: 1.25,
      how: `${rounds} rounds of ${aRound} verdicts each, ${concurrency} in flight, in turn; all rounds together; 1.25 is 0.8 of its throughput`,
    },
    {
      name: 'beyond the two round trips',
      value: beyondMs,
      unit: 'ms',
      atMost: 2,
      how: `median of ${single} verdicts one at a time, less that of the raw client, one by one in turn`,
    },
    {
      name: 'memory under load',
      value: Math.max(...residentMb),
      unit: 'MB',
      of: residentMb,
      atMost: 120,
      how: `resident, the most of ${residentMb.length} looks in the morning and the rounds`,
    },
    {
      name: 'a morning: one login',
      value: quantile(inMorning.latenciesMs, 0.99),
      unit: 'ms',
      how: `99th percentile (median ${median(inMorning.latenciesMs).toFixed(1)} ms) of ${morning} accounts that arrive along a bell over ${morningMs / 1_000} s, no error; ${inMorning.mostASecond} in the fullest second, at most ${inMorning.mostAtOnce} at once`,
    },
  ]);
};

const setting = await startSetting();
try {
  const others = await loadByOthers();
  process.stdout.write(
    `${await bench(setting)}\n\n${machine()}; others used ${(100 * others).toFixed(0)} % of the CPUs\n`,
  );
} finally {
  await setting.stop();
}
