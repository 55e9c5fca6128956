import { randomFillSync } from 'node:crypto';

/** Chance as the programs see it. Passed in, so that a simulated world can repeat itself. */
export interface Random {
  /** Bytes from a cryptographically secure source: what seeds are made of. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1), for jitter only: not fit for secrets. */
  fraction(): number;
}

const poolBytes = 4_096;

/** Asking the system for bytes costs 10 µs however few they are, so they are fetched in advance; none is left behind. */
const pooledBytes = (): ((count: number) => Uint8Array) => {
  const pool = new Uint8Array(poolBytes);
  let used = poolBytes;
  return (count) => {
    if (count > poolBytes) return randomFillSync(new Uint8Array(count));
    if (used + count > poolBytes) {
      randomFillSync(pool);
      used = 0;
    }
    const bytes = pool.slice(used, used + count);
    pool.fill(0, used, used + count);
    used += count;
    return bytes;
  };
};

export const systemRandom: Random = {
  bytes: pooledBytes(),
  fraction: () => Math.random(),
};
