import { randomBytes } from 'node:crypto';

/** Chance as the programs see it. Passed in, so that a simulated world can repeat itself. */
export interface Random {
  /** Bytes from a cryptographically secure source: what seeds are made of. */
  bytes(count: number): Uint8Array;
  /** A number in [0, 1), for jitter only: not fit for secrets. */
  fraction(): number;
}

export const systemRandom: Random = {
  bytes: (count) => randomBytes(count),
  fraction: () => Math.random(),
};
