import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Ends our processes and removes our folder, if there is one, even when this process is killed. */
export interface Guard {
  watch(pid: number): void;
  forget(pid: number): void;
  /** Lets the guard do its work now: nothing that it still watches survives. */
  close(): Promise<void>;
}

export function startGuard(folder: string | undefined): Guard {
  // In a session of its own: Ctrl-C goes to every process of the terminal's group, and the guard must outlive them.
  const child = spawn('/bin/sh', [join(import.meta.dirname, 'guard.sh'), folder ?? ''], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  // A guard that somebody killed has no reader: not a reason to fall over.
  child.stdin.on('error', () => undefined);
  child.unref();
  return {
    watch: (pid) => void child.stdin.write(`+ ${pid}\n`),
    forget: (pid) => void child.stdin.write(`- ${pid}\n`),
    close: () => {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
