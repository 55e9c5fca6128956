import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

interface Ticks {
  readonly busy: number;
  readonly total: number;
}

/** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
const readTicks = (): Ticks => {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = user + nice + system + irq + softirq + steal;
  return { busy, total: busy + idle + iowait };
};

/** The share of all CPUs that is in use while we do nothing: what others take away from the measurement. */
export const loadByOthers = async (): Promise<number> => {
  const before = readTicks();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const after = readTicks();
  return (after.busy - before.busy) / Math.max(after.total - before.total, 1);
};

export interface MemoryReading {
  /** Resident set, as `kubectl top` counts it, nearly. */
  readonly residentMb: number;
  /** Of it, what belongs to this process alone: without the pages of the Node binary. */
  readonly privateMb: number;
}

const kilobytes = (text: string, names: readonly string[]): number =>
  names.reduce((total, name) => total + Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0), 0);

export const memoryOf = (pid: number): MemoryReading => {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return {
    residentMb: kilobytes(text, ['Rss']) / 1024,
    privateMb: kilobytes(text, ['Private_Clean', 'Private_Dirty']) / 1024,
  };
};

export const machine = (): string =>
  `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
