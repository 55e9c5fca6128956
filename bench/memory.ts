import { setTimeout as sleep } from 'node:timers/promises';
import type { MemoryReading } from './support/machine.ts';
import { reconciled, reconciling } from './support/reconciled.ts';
import type { Figure } from './support/report.ts';
import { tell, type Setting } from './support/setting.ts';
import { makeTenant } from './support/tenant.ts';
import { shippedTunings, type Tuning } from './support/tunings.ts';

const targetMb = { small: 90, large: 120 } as const;

interface Readings {
  readonly namespace: string;
  /** After it has converged them all: the heap has been larger. */
  readonly converged: MemoryReading;
  readonly restarted: MemoryReading;
}

const say = (what: string, { residentMb, privateMb }: MemoryReading): void =>
  tell(`memory, ${what}: ${residentMb.toFixed(1)} MB resident, ${privateMb.toFixed(1)} MB of it private`);

const afterConverging = async (setting: Setting, namespace: string, accounts: number): Promise<MemoryReading> => {
  const operator = await reconciling(setting, namespace, accounts);
  await sleep(setting.scale.settleMs);
  const memory = operator.memory();
  await operator.stop();
  return memory;
};

const afterRestart = async (
  setting: Setting,
  namespace: string,
  tunings?: readonly Tuning[],
): Promise<MemoryReading> => {
  const operator = setting.operator(namespace, tunings);
  await operator.ready();
  await sleep(setting.scale.settleMs);
  const memory = operator.memory();
  await operator.stop();
  return memory;
};

const read = async (setting: Setting, accounts: number): Promise<Readings> => {
  const namespace = await makeTenant(setting, { accounts });
  const converged = await afterConverging(setting, namespace, accounts);
  say(`${accounts} accounts, after converging`, converged);
  const restarted = await afterRestart(setting, namespace);
  say(`${accounts} accounts, after a restart`, restarted);
  return { namespace, converged, restarted };
};

const figuresOf = (accounts: number, { converged, restarted }: Readings, atMost: number): Figure[] => [
  {
    name: `memory at rest, ${accounts} accounts`,
    value: converged.residentMb,
    unit: 'MB',
    atMost,
    how: `resident, after converging them all and settling; ${converged.privateMb.toFixed(1)} MB of it private`,
  },
  {
    name: `memory at rest, ${accounts} accounts, after a restart`,
    value: restarted.residentMb,
    unit: 'MB',
    atMost,
    how: `the same; ${restarted.privateMb.toFixed(1)} MB of it private`,
  },
];

const bytesEach = (setting: Setting, few: MemoryReading, many: MemoryReading): number =>
  ((many.residentMb - few.residentMb) * 2 ** 20) / (setting.scale.large - setting.scale.small);

export const memoryAtRest = async (setting: Setting): Promise<Figure[]> => {
  const { small, large } = setting.scale;
  const few = await read(setting, small);
  const many = await read(setting, large);
  return [
    ...figuresOf(small, few, targetMb.small),
    ...figuresOf(large, many, targetMb.large),
    {
      name: 'memory for each further account',
      value: bytesEach(setting, few.restarted, many.restarted),
      unit: 'bytes',
      how: `between ${small} and ${large}, after a restart`,
    },
    {
      name: 'memory for each further account, after converging',
      value: bytesEach(setting, few.converged, many.converged),
      unit: 'bytes',
      how: `between ${small} and ${large}`,
    },
  ];
};

/** Nothing, all that ships, and that without one of it at a time: what each is worth. */
const candidates = (shipped: readonly Tuning[]): readonly (readonly Tuning[])[] => [
  [],
  shipped,
  ...shipped.map((left) => shipped.filter((tuning) => tuning !== left)),
];

/** What flags of V8 and the environment do to memory at rest, for choosing those that ship. */
export const memoryByTuning = async (setting: Setting): Promise<Figure[]> => {
  const { large } = setting.scale;
  const figures: Figure[] = [];
  const namespace = await reconciled(setting, large);
  for (const tunings of candidates(shippedTunings())) {
    const memory = await afterRestart(setting, namespace, tunings);
    const name = tunings.join(' ') || 'nothing';
    say(`${large} accounts, ${name}`, memory);
    const how = `${large} accounts, after a restart; ${memory.privateMb.toFixed(1)} MB of it private`;
    figures.push({ name: `memory at rest with ${name}`, value: memory.residentMb, unit: 'MB', how });
  }
  return figures;
};
