import { join } from 'node:path';
import { run, type RunOptions, type RunResult } from './run.ts';

const program = join(import.meta.dirname, '../../src/cli/main.ts');

export interface CliOptions {
  readonly input?: string;
  /** `none`: a file that is not there. */
  readonly kubeconfig?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: RunOptions['signal'];
  readonly closesOutput?: boolean;
}

/** Runs the real program. How it ends is a result, not an exception. */
export const runCli = (args: readonly string[], options: CliOptions = {}): Promise<RunResult> => {
  const { input, signal, closesOutput, kubeconfig = '/nowhere' } = options;
  const environment = { PATH: process.env['PATH'], KUBECONFIG: kubeconfig, ...options.environment };
  return run(process.execPath, [program, ...args], { environment, input, signal, closesOutput });
};
