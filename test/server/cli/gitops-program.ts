import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'vitest';
import { findProgram } from '../../../dev/control-plane/search-path.ts';

const source = join(import.meta.dirname, '../../go');
const folder = join(import.meta.dirname, '../../../node_modules/.cache/exchange2fa');
const program = join(folder, 'gitops-proofs');

/** The scripts for Argo CD and the example for Flux. */
export const manifests = join(import.meta.dirname, '../../../manifests');

const go = findProgram('go');

/** Before each test that asks the GitOps tools' own code. */
export const needsGo = (context: TestContext): void => {
  context.skip(go === undefined, "there is no go on the PATH to build the GitOps tools' own code with");
};

const run = async (
  command: string,
  args: readonly string[],
  options: { cwd?: string; input?: string },
): Promise<string> => {
  const child = spawn(command, args, { stdio: 'pipe', ...(options.cwd !== undefined && { cwd: options.cwd }) });
  child.stdin.end(options.input ?? '');
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
};

export const buildTimeoutMs = 15 * 60_000;

/** Builds it from the Go module proxy: minutes the first time, a second afterwards. */
export const buildProofs = async (): Promise<void> => {
  if (go === undefined) return;
  await mkdir(folder, { recursive: true });
  await run(go, ['build', '-mod=readonly', '-trimpath', '-o', program, '.'], { cwd: source });
};

/** Asks one of the tools about objects. */
export const proof = async <Answer>(args: readonly string[], objects: readonly object[]): Promise<readonly Answer[]> =>
  JSON.parse(await run(program, args, { input: JSON.stringify(objects) })) as Answer[];
