import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** How a program ended. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Signal {
  readonly name: NodeJS.Signals;
  readonly whenOutputSays?: string;
  readonly when?: (stdout: string, stderr: string) => boolean;
  /** One after the other; once if absent. */
  readonly times?: number;
}

export interface RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly input?: string | undefined;
  /** Sent when the program has said this, or at the first look at which `when` holds. */
  readonly signal?: Signal | undefined;
  /** Nobody reads standard output, from the beginning. */
  readonly closesOutput?: boolean | undefined;
}

const lookEveryMs = 20;
/** Long enough for a program to hear one signal before the next. */
const betweenSignalsMs = 300;

function sendInTime(child: ChildProcessWithoutNullStreams, { name, times = 1, ...hooks }: Signal): void {
  const said = { stdout: '', stderr: '' };
  let isSent = false;
  const look = (): void => {
    const isTime = hooks.when?.(said.stdout, said.stderr) ?? said.stdout.includes(hooks.whenOutputSays ?? '');
    if (isSent || !isTime) return;
    isSent = true;
    child.kill(name);
    for (let count = 1; count < times; count++) setTimeout(() => child.kill(name), count * betweenSignalsMs);
  };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].on('data', (chunk: Buffer) => {
      said[stream] += chunk.toString();
      look();
    });
  }
  const timer = setInterval(look, lookEveryMs);
  child.on('close', () => clearInterval(timer));
}

/** Runs a program to its end, whatever that is. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  const { environment, input = '', signal, closesOutput } = options;
  const child = spawn(program, args, { env: environment, stdio: 'pipe' });
  if (closesOutput) child.stdout.destroy();
  if (signal) sendInTime(child, signal);
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  child.stdin.end(input);
  const [code, stdout, stderr] = await Promise.all([ended, closesOutput ? '' : text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
