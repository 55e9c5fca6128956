/** Time as the programs see it. Passed in, so that a simulated world can run the real code. */
export interface Clock {
  /** Wall-clock time in Unix milliseconds: what instants in objects are compared with. */
  now(): number;
  /** Milliseconds from an arbitrary start, never set back: what durations and leases are judged by. */
  monotonic(): number;
  /** Calls `wake` once after at least `delayMs`; returns a function that cancels it. */
  after(delayMs: number, wake: () => void): () => void;
}

/** `setTimeout` keeps its delay in 32 bits; one beyond this fires at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (delayMs, wake) => {
    if (delayMs <= 0) {
      // A timer would wait for a millisecond.
      const immediate = setImmediate(wake);
      return () => clearImmediate(immediate);
    }
    const end = performance.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const leftMs = end - performance.now();
      timer = setTimeout(leftMs > longestTimerMs ? arm : wake, Math.min(Math.max(leftMs, 0), longestTimerMs));
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects. */
export const sleep = (clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
