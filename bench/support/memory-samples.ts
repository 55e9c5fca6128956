import { memoryOf } from './machine.ts';

const everyMs = 250;

/** Looks at a process's resident memory again and again, until `end` answers what was seen, in MB. */
export const sampleMemory = (pid: number): { end(): readonly number[] } => {
  const samples: number[] = [];
  const timer = setInterval(() => samples.push(memoryOf(pid).residentMb), everyMs);
  return {
    end: () => {
      clearInterval(timer);
      return [...samples, memoryOf(pid).residentMb];
    },
  };
};
