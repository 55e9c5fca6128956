import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Runs kubectl and answers with its standard output; throws with what it said if it fails. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** The real kubectl, always against the same kubeconfig. */
export function kubectlWith(
  [program = '', ...prefix]: readonly string[],
  kubeconfig: string,
  signal: AbortSignal,
): Kubectl {
  return async (args, input = '') => {
    const child = spawn(program, [...prefix, '--kubeconfig', kubeconfig, ...args], { stdio: 'pipe', signal });
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? -1));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr.trim()}`);
    return stdout;
  };
}
