import { systemClock } from '../../host/clock.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { watchAccounts } from '../cluster/watch.ts';
import type { Deed, Outcome, Surroundings } from './plan.ts';

/** A request in the near future is looked at again when it has come. */
const lookAgainMs = 500;

const hasSeen = (account: Account, generation: number): boolean =>
  (account.status?.observedGeneration ?? -1) >= generation;

/**
 * Follows the written accounts until the operator has said of each what became of the request. Those of which it has said
 * nothing when the time is over are in no outcome.
 */
export const waitFor = async (
  cluster: Cluster,
  deed: Deed,
  written: readonly Account[],
  options: { readonly around: Surroundings; readonly timeoutMs: number; readonly stopped: AbortSignal },
): Promise<ReadonlyMap<string, Outcome>> => {
  const waiting = new Map(written.map(({ metadata }) => [metadata.uid, metadata.generation ?? 0]));
  const latest = new Map<string, Account>();
  const outcomes = new Map<string, Outcome>();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const judge = (account: Account): void => {
    const { uid } = account.metadata;
    const generation = waiting.get(uid);
    if (generation === undefined) return;
    latest.set(uid, account);
    if (!hasSeen(account, generation)) return;
    const outcome = deed.outcome(account, options.around, cluster.now());
    if (!outcome) return;
    outcomes.set(uid, outcome);
    waiting.delete(uid);
    if (waiting.size === 0) resolve(undefined);
  };
  const [only] = written;
  const watch = watchAccounts(cluster, {
    namespace: cluster.namespace,
    onAccount: judge,
    ...(only && written.length === 1 && { fieldSelector: `metadata.name=${only.metadata.name}` }),
  });
  const again = setInterval(() => [...latest.values()].forEach(judge), lookAgainMs);
  const cancel = systemClock.after(options.timeoutMs, () => resolve(undefined));
  options.stopped.addEventListener('abort', () => resolve(undefined), { once: true });
  await promise;
  cancel();
  clearInterval(again);
  await watch.stop();
  return outcomes;
};
