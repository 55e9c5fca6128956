import { formatSeconds, secondMs, type Instant } from '../../api/instants.ts';
import { systemClock } from '../../host/clock.ts';
import { keyOf } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import { isBehind, type Account } from '../cluster/objects.ts';
import { watchAccounts } from '../cluster/watch.ts';
import { inForce, notInForce, notKnown, troubleOf } from './outcomes.ts';
import type { Deed, Outcome, Surroundings } from './plan.ts';

/** A request whose time comes, and an operator whose clock is behind, are looked at again. */
const lookAgainMs = 500;

/** What the status says against a request is believed once the operator has had so long since it was due. */
const settleMs = 3 * secondMs;

interface Wait {
  readonly around: Surroundings;
  /** When the waiting is over, at the API server. */
  readonly end: Instant;
}

/**
 * What can be said of a request now; undefined: nothing yet. One that is due only after the waiting has been taken up once
 * the operator has seen it.
 */
export const judge = (
  deed: Deed,
  written: Account,
  account: Account,
  { around, end }: Wait,
  now: Instant,
): Outcome | undefined => {
  if (account.metadata.uid !== written.metadata.uid) return notInForce('it was deleted and made anew meanwhile');
  if (isBehind(account, written.metadata)) return undefined;
  const due = deed.isDated ? around.requestedAt : -Infinity;
  if (now < due) {
    if (due <= end) return undefined;
    const untilThen = troubleOf(account, ['SeedLost', 'SecretInvalid', 'StorageWentBack']);
    return untilThen ?? inForce(`taken up; it takes effect ${formatSeconds(due)}`);
  }
  const outcome = deed.outcome(account, around);
  return outcome && !outcome.isInForce && now < due + settleMs ? undefined : outcome;
};

/** Why nothing could be said in time. */
const late = (seen: Account | undefined, written: Account, seconds: number, trouble: string | undefined): Outcome => {
  if (trouble !== undefined) return notKnown(` after ${seconds} s: ${trouble}`);
  return seen && !isBehind(seen, written.metadata)
    ? notInForce(`the operator has seen it, and not done it within ${seconds} s: kubectl twofactor explain says more`)
    : notInForce(`the operator has not taken it up within ${seconds} s (kubectl twofactor doctor says why)`);
};

/**
 * Follows the written accounts until of each something can be said, the time is over, or Ctrl-C came: then it says that.
 */
export const waitFor = async (
  cluster: Cluster,
  deed: Deed,
  written: readonly Account[],
  options: { readonly around: Surroundings; readonly timeoutMs: number; readonly stopped: AbortSignal },
): Promise<ReadonlyMap<Account, Outcome>> => {
  const { around, timeoutMs, stopped } = options;
  const wait = { around, end: cluster.now() + timeoutMs };
  const waiting = new Map(written.map((account) => [keyOf(account.metadata), account]));
  const latest = new Map<string, Account>();
  const outcomes = new Map<Account, Outcome>();
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const settle = (key: string, account: Account, outcome: Outcome | undefined): void => {
    if (!outcome) return;
    outcomes.set(account, outcome);
    waiting.delete(key);
    if (waiting.size === 0) resolve(undefined);
  };
  const look = (key: string): void => {
    const [account, seen] = [waiting.get(key), latest.get(key)];
    if (account && seen) settle(key, account, judge(deed, account, seen, wait, cluster.now()));
  };
  const gone = (key: string): void => {
    const account = waiting.get(key);
    if (account) settle(key, account, notInForce('it was deleted meanwhile'));
  };
  const watch = watchAccounts(cluster, {
    namespace: cluster.namespace,
    name: written.length === 1 ? written[0]?.metadata.name : undefined,
    onAccount: (account) => {
      const key = keyOf(account.metadata);
      latest.set(key, account);
      look(key);
    },
    onGone: gone,
    onSynced: () => [...waiting.keys()].filter((key) => !latest.has(key)).forEach(gone),
  });
  const again = setInterval(() => [...waiting.keys()].forEach(look), lookAgainMs);
  const cancel = systemClock.after(timeoutMs, () => resolve(undefined));
  const onStop = (): void => resolve(undefined);
  stopped.addEventListener('abort', onStop);
  if (stopped.aborted) onStop();
  try {
    await Promise.race([over, watch.failed]);
  } finally {
    cancel();
    clearInterval(again);
    stopped.removeEventListener('abort', onStop);
    await watch.stop();
  }
  for (const [key, account] of waiting) {
    const why = stopped.aborted
      ? notKnown(': interrupted')
      : late(latest.get(key), account, timeoutMs / secondMs, watch.trouble());
    outcomes.set(account, why);
  }
  return outcomes;
};
