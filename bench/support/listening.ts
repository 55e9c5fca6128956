import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { listeningIn } from '../../dev/listening.ts';
import { monotonicMs } from './instants.ts';

const startTimeoutMs = 60_000;
const askMs = 10;

/** Throws with the end of its log if the process has ended. */
export const mustRun = (child: ChildProcess, logFile: string): void => {
  if (child.exitCode === null && child.signalCode === null) return;
  throw new Error(`the process has ended: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
};

/** Where a program of ours listens, once its log says so. */
export const listeningAddress = async (child: ChildProcess, logFile: string): Promise<string> => {
  const deadline = monotonicMs() + startTimeoutMs;
  for (;;) {
    const address = listeningIn(readFileSync(logFile, 'utf8'));
    if (address !== undefined) return address;
    mustRun(child, logFile);
    if (monotonicMs() > deadline) throw new Error(`the process does not listen; see ${logFile}`);
    await sleep(askMs);
  }
};
