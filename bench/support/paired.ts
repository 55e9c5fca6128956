/** Of a raw client and of what is measured against it. */
export interface Pair<T> {
  readonly raw: T;
  /** The operator, the login or the command line. */
  readonly subject: T;
}

/**
 * Raw client and subject in turn, each first in every other round, so that what drifts reaches both alike; each learns
 * which round it is.
 */
export const inPairs = async <T>(
  rounds: number,
  run: Pair<(round: number) => Promise<T>>,
  onPair: (pair: Pair<T>) => void = () => undefined,
): Promise<Pair<T>[]> => {
  const pairs: Pair<T>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    // in the order in which they are written
    const pair: Pair<T> =
      round % 2 === 0
        ? { raw: await run.raw(round), subject: await run.subject(round) }
        : { subject: await run.subject(round), raw: await run.raw(round) };
    onPair(pair);
    pairs.push(pair);
  }
  return pairs;
};
