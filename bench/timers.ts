import { setTimeout as sleep } from 'node:timers/promises';
import { convergeExisting, type Side } from './support/converge.ts';
import { formatSeconds, hourMs } from '../src/api/instants.ts';
import { monotonicMs } from './support/instants.ts';
import { inPairs } from './support/paired.ts';
import type { Figure } from './support/report.ts';
import { tell, type Setting } from './support/setting.ts';
import { median } from './support/statistics.ts';
import { StatusObserver } from './support/status-observer.ts';
import { accountsIn, makeTenant } from './support/tenant.ts';

const target = 1.3;
/** Time enough to create the accounts and to see them suspended; twice as long where it was not. */
const leadMs = 30_000;
const timeoutMs = 120_000;

/** From the end of the suspensions to the last status seen. */
const endSuspensions = async (setting: Setting, accounts: number, lead = leadMs): Promise<number> => {
  const endsUnixMs = Math.ceil((Date.now() + lead) / 1000) * 1000;
  const suspension = { requestedAt: formatSeconds(endsUnixMs - hourMs), hours: 1 };
  const namespace = await makeTenant(setting, { accounts, twoFactor: { suspension } });
  const operator = setting.operator(namespace);
  while ((await accountsIn(setting, namespace, 'Suspended')) < accounts) {
    if (Date.now() > endsUnixMs) {
      await operator.stop();
      return endSuspensions(setting, accounts, 2 * lead);
    }
    await sleep(500);
  }
  const observer = await StatusObserver.open(setting.admin, namespace);
  const endsMs = monotonicMs() + endsUnixMs - Date.now();
  await observer.settled(accounts, timeoutMs);
  await observer.close();
  await operator.stop();
  return (observer.lastChangeMs ?? Number.NaN) - endsMs;
};

/** With the bench's observer, as for the operator: what it costs the API server meets both. */
const writeStatuses = async (setting: Setting, namespace: string, accounts: number): Promise<number> => {
  await setting.rest();
  const observer = await StatusObserver.open(setting.admin, namespace);
  const raw = setting.raw({ kind: 'statuses', namespace, inFlight: setting.concurrency });
  const { objects, beganMs, endedMs } = await raw.done.finally(() => observer.close());
  if (objects !== accounts) throw new Error(`${objects} statuses written, not ${accounts}`);
  return endedMs - beganMs;
};

/** Many suspensions that end in the same second: only the report of the end takes time, the login knows it by itself. */
export const timers = async (setting: Setting): Promise<Figure[]> => {
  const { suspensions, rounds } = setting.scale;
  const { namespace } = await convergeExisting(setting, 'raw', suspensions);
  const told = async (side: Side, work: Promise<number>): Promise<number> => {
    const ms = await work;
    tell(`${suspensions} suspensions, ${side}: ${ms.toFixed(0)} ms`);
    return ms;
  };
  const pairs = await inPairs(rounds, {
    raw: () => told('raw', writeStatuses(setting, namespace, suspensions)),
    subject: () => told('operator', endSuspensions(setting, suspensions)),
  });
  const ratios = pairs.map(({ raw, subject }) => subject / raw);
  const last = pairs.map(({ subject }) => subject / 1000);
  const raw = pairs.map((pair) => pair.raw / 1000);
  const what = `${suspensions} suspensions of one second`;
  return [
    {
      name: `${what}: last status / raw client`,
      value: median(ratios),
      of: ratios,
      unit: '×',
      atMost: target,
      how: `their end to the last status seen, against ${suspensions} status writes of a warm raw client`,
    },
    { name: `${what}: last status`, value: median(last), of: last, unit: 's', how: 'after the end' },
    { name: `${what}: raw client`, value: median(raw), of: raw, unit: 's', how: `${suspensions} status writes` },
  ];
};
