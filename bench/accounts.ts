import { describe } from './support/api-server.ts';
import { convergeArriving, convergeExisting, type Convergence, type Side } from './support/converge.ts';
import { inPairs, type Pair } from './support/paired.ts';
import type { Figure } from './support/report.ts';
import { tell, type Setting } from './support/setting.ts';
import { median } from './support/statistics.ts';

const wallTarget = 1.15;
const cpuTargetMs = 0.7;
const writesTarget = 2;

type Arrange = typeof convergeExisting;

const runPairs = (
  setting: Setting,
  arrange: Arrange,
  accounts: number,
  rounds: number,
): Promise<Pair<Convergence>[]> => {
  const converge = async (side: Side): Promise<Convergence> => {
    const result = await arrange(setting, side, accounts);
    tell(
      `${accounts} accounts, ${side}: ${(result.wallMs / 1000).toFixed(2)} s, from start ${(result.fromSpawnMs / 1000).toFixed(2)} s, ` +
        `${(result.cpuMs / accounts).toFixed(2)} ms CPU an account, the API server ${(result.serverCpuMs / accounts).toFixed(2)}; ${describe(result.requests)}`,
    );
    return result;
  };
  return inPairs(rounds, { raw: () => converge('raw'), subject: () => converge('operator') });
};

const ratio = (pairs: readonly Pair<Convergence>[], of: (convergence: Convergence) => number): number[] =>
  pairs.map(({ raw, subject }) => of(subject) / of(raw));

const wallFigures = (what: string, pairs: readonly Pair<Convergence>[]): Figure[] => {
  const wall = ratio(pairs, ({ wallMs }) => wallMs);
  const spawn = ratio(pairs, ({ fromSpawnMs }) => fromSpawnMs);
  const raw = pairs.map((pair) => pair.raw.wallMs / 1000);
  return [
    {
      name: `${what}: time, operator / raw client`,
      value: median(wall),
      of: wall,
      unit: '×',
      atMost: wallTarget,
      how: 'accounts exist; first Secret seen to last status seen',
    },
    {
      name: `${what}: the same from the start of the process`,
      value: median(spawn),
      of: spawn,
      unit: '×',
      how: 'with starting Node and reading the accounts, on both sides',
    },
    {
      name: `${what}: the raw client's time`,
      value: median(raw),
      of: raw,
      unit: 's',
      how: 'first Secret to last status',
    },
  ];
};

/** Where both have to share the CPUs with others, this says more than the time does. */
const togetherFigure = (what: string, pairs: readonly Pair<Convergence>[]): Figure => {
  const together = ratio(pairs, ({ cpuMs, serverCpuMs }) => cpuMs + serverCpuMs);
  return {
    name: `${what}: CPU of API server and client together, operator / raw client`,
    value: median(together),
    of: together,
    unit: '×',
    how: 'what the time would be on CPUs that nobody else uses, nearly',
  };
};

const costFigures = (what: string, pairs: readonly Pair<Convergence>[]): Figure[] => {
  const cpu = pairs.map(({ subject }) => subject.cpuMs / subject.accounts);
  const rawCpu = pairs.map(({ raw }) => raw.cpuMs / raw.accounts);
  const writes = pairs.map(({ subject }) => subject.writes / subject.accounts);
  const conflicts = pairs.map(({ subject }) => subject.conflicts);
  return [
    {
      name: `${what}: own CPU an account`,
      value: median(cpu),
      of: cpu,
      unit: 'ms',
      atMost: cpuTargetMs,
      how: `whole process with its start; raw client ${median(rawCpu).toFixed(2)} ms`,
    },
    {
      name: `${what}: writes an account`,
      value: Math.max(...writes),
      unit: 'writes',
      atMost: writesTarget,
      how: "Secrets and statuses, from the API server's metrics; the highest",
    },
    {
      name: `${what}: conflicts`,
      value: Math.max(...conflicts),
      unit: 'conflicts',
      atMost: 0,
      how: '409 answers; the highest',
    },
  ];
};

const existing = async (setting: Setting, accounts: number, rounds: number): Promise<Figure[]> => {
  const pairs = await runPairs(setting, convergeExisting, accounts, rounds);
  const what = `${accounts} new accounts`;
  return [...wallFigures(what, pairs), togetherFigure(what, pairs), ...costFigures(what, pairs)];
};

export const fewAccounts = (setting: Setting): Promise<Figure[]> =>
  existing(setting, setting.scale.small, setting.scale.rounds);

export const manyAccounts = (setting: Setting): Promise<Figure[]> =>
  existing(setting, setting.scale.large, setting.scale.largeRounds);

/** The same while they are being created: what a pipeline that applies a tenant meets. */
export const arrivingAccounts = async (setting: Setting): Promise<Figure[]> => {
  const { small, rounds } = setting.scale;
  const pairs = await runPairs(setting, convergeArriving, small, rounds);
  const wall = ratio(pairs, ({ wallMs }) => wallMs);
  const what = `${small} accounts as they arrive`;
  return [
    {
      name: `${what}: time, operator / raw client`,
      value: median(wall),
      of: wall,
      unit: '×',
      atMost: wallTarget,
      how: 'first POST of an account to last status seen; both watch while 32 in flight create',
    },
    togetherFigure(what, pairs),
    ...costFigures(what, pairs),
  ];
};
