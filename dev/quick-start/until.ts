import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Said when it was in vain. */
  readonly seen?: () => string;
}

const pollMs = 150;

/** Looks again and again until there is something to see. Throws when the time is over, or what `look` throws. */
export async function until<T>(what: string, look: () => Promise<T | undefined>, patience: Patience): Promise<T> {
  const { timeoutMs, signal, seen } = patience;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) {
      const instead = seen === undefined ? '' : `; seen instead: ${seen()}`;
      throw new Error(`not within ${timeoutMs / 1000} s: ${what}${instead}`);
    }
    await sleep(pollMs, undefined, { signal });
  }
}
