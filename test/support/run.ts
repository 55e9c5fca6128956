import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** How a program ended. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly input?: string | undefined;
  /** Sent once, when the program has said this. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly whenOutputSays: string } | undefined;
}

/** Runs a program to its end, whatever that is. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { environment, input = '', signal } = options;
  const child = spawn(program, args, { env: environment, stdio: 'pipe' });
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
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
