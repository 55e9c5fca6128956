import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const answerTimeoutMs = 15_000;
const pollMs = 200;

/** Asks /readyz as the kubeconfig's user, whatever its kind of credentials; undefined when ready, or what was said. */
export async function askReady([program = '', ...args]: readonly string[]): Promise<string | undefined> {
  try {
    await promisify(execFile)(program, [...args, 'get', '--raw', '/readyz'], { timeout: answerTimeoutMs });
    return undefined;
  } catch (error) {
    return error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  }
}

export async function waitUntilReady(
  kubectl: readonly string[],
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const said = await askReady(kubectl);
    if (said === undefined) return;
    if (performance.now() > deadline)
      throw new Error(`the API server is not ready after ${timeoutMs / 1000} s: ${said}`);
    await sleep(pollMs);
  }
}
