import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const program = join(import.meta.dirname, '../../src/cli/main.ts');

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly input?: string;
  /** `none`: a file that is not there. */
  readonly kubeconfig?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: { readonly name: NodeJS.Signals; readonly whenOutputSays: string };
}

/** Runs the real program. How it ends is a result, not an exception. */
export const runCli = async (args: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], KUBECONFIG: options.kubeconfig ?? '/nowhere', ...options.environment },
    stdio: 'pipe',
  });
  const { signal } = options;
  if (signal) {
    let isSent = false;
    child.stdout.on('data', (chunk: Buffer) => {
      if (isSent || !chunk.toString().includes(signal.whenOutputSays)) return;
      isSent = true;
      child.kill(signal.name);
    });
  }
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  child.stdin.end(options.input ?? '');
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
};
