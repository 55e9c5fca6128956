import type { Side } from './converge.ts';

export interface Pair<T> {
  readonly raw: T;
  /** The operator, or the login where that is measured. */
  readonly operator: T;
}

/** Raw client and operator in turn, each first in every other round, so that what drifts reaches both alike. */
export const inPairs = async <T>(rounds: number, run: (side: Side) => Promise<T>): Promise<Pair<T>[]> => {
  const pairs: Pair<T>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const raw = await run('raw');
      pairs.push({ raw, operator: await run('operator') });
    } else {
      const operator = await run('operator');
      pairs.push({ raw: await run('raw'), operator });
    }
  }
  return pairs;
};
