import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import type { ControlPlane, ProviderName } from '../../dev/control-plane/index.ts';

/** The provider of real processes that this machine has. */
export const localProvider: ProviderName = (process.env['KUBEBUILDER_ASSETS'] ?? '') === '' ? 'go' : 'assets';

export async function kubectl({ kubectl }: Pick<ControlPlane, 'kubectl'>, ...args: string[]): Promise<string> {
  const [program = '', ...prefix] = kubectl;
  const { stdout } = await promisify(execFile)(program, [...prefix, ...args]);
  return stdout.trim();
}

/** Asks until there is an answer other than undefined, false or an error. */
export async function eventually<T>(ask: () => T | Promise<T>, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) return await ask();
    await sleep(100);
  }
}

/** The processes that name the folder in their arguments, as all parts of a control plane do. */
export function processesOf(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => commandLine(pid).includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The folder that a control plane without kept data makes for itself. */
export function runFolder(kubeconfig: string): string {
  return join(kubeconfig, '..', '..');
}

export function isGone(folder: string): boolean {
  return !existsSync(folder) && processesOf(folder).length === 0;
}

export interface RunningProgram {
  readonly process: ChildProcess;
  readonly firstLine: string;
}

/** Runs the program that a newcomer runs, up to its first line. */
export async function runProgram(...args: string[]): Promise<RunningProgram> {
  const child = spawn(process.execPath, ['dev/control-plane-main.ts', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const [firstLine] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    once(child, 'exit').then(() => Promise.reject(new Error(said.join('\n')))),
  ])) as [string];
  return { process: child, firstLine };
}
