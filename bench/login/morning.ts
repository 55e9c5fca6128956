import { setTimeout as sleep } from 'node:timers/promises';

/** The steepness of the bell: half of all people arrive within a sixth of the morning around its middle. */
const scaleShare = 1 / 13;

/**
 * When each of so many people arrives, in ms from the beginning of a morning, ascending: quantiles of a logistic
 * distribution around its middle, cut at its ends. The same each time.
 */
const arrivals = (count: number, morningMs: number): readonly number[] => {
  const scale = morningMs * scaleShare;
  const first = 1 / (1 + Math.exp(morningMs / 2 / scale));
  return Array.from({ length: count }, (_, index) => {
    const share = first + ((index + 0.5) / count) * (1 - 2 * first);
    return morningMs / 2 + scale * Math.log(share / (1 - share));
  });
};

export interface Morning {
  /** From the instant at which somebody was to arrive: what the bench itself was late for counts too. */
  readonly latenciesMs: readonly number[];
  readonly mostAtOnce: number;
  /** Logins that began in the fullest second. */
  readonly mostASecond: number;
}

/** Lets everybody arrive when it is time, however many are waiting still. The first error ends it. */
export const spendMorning = async (
  indices: readonly number[],
  morningMs: number,
  login: (index: number) => Promise<void>,
): Promise<Morning> => {
  const latenciesMs: number[] = [];
  const perSecond = new Map<number, number>();
  let [atOnce, mostAtOnce] = [0, 0];
  const startMs = performance.now();
  const one = async (index: number, dueMs: number): Promise<void> => {
    mostAtOnce = Math.max(mostAtOnce, (atOnce += 1));
    const second = Math.floor((dueMs - startMs) / 1_000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
    await login(index);
    atOnce -= 1;
    latenciesMs.push(performance.now() - dueMs);
  };
  const all: Promise<void>[] = [];
  const times = arrivals(indices.length, morningMs);
  for (const [at, index] of indices.entries()) {
    const dueMs = startMs + (times[at] ?? 0);
    const waitMs = dueMs - performance.now();
    if (waitMs > 1) await sleep(waitMs);
    all.push(one(index, dueMs));
  }
  await Promise.all(all);
  return { latenciesMs, mostAtOnce, mostASecond: Math.max(...perSecond.values()) };
};
