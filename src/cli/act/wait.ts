import { formatSeconds, secondMs, type Instant } from '../../api/instants.ts';
import { sleep, systemClock } from '../../host/clock.ts';
import { keyOf } from '../../kube/client/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import { isBehind, type Account } from '../cluster/objects.ts';
import { watchAccounts } from '../cluster/watch.ts';
import { inForce, notInForce, notKnown, troubleOf } from './wait-results.ts';
import type { AccountCommand, WaitResult, PlanContext } from './plan.ts';

/** A request whose time comes, and an operator whose clock is behind, are looked at again. */
const lookAgainMs = 500;

/** What the status says against a request is believed once the operator has had so long since it was due. */
const settleMs = 3 * secondMs;

interface Wait {
  readonly context: PlanContext;
  /** When the waiting is over, at the API server. */
  readonly end: Instant;
}

/**
 * What can be said of a request now; undefined: nothing yet. One that is due only after the waiting has been taken up once
 * the operator has seen it.
 */
export const judge = (
  command: AccountCommand,
  written: Account,
  account: Account,
  { context, end }: Wait,
  now: Instant,
): WaitResult | undefined => {
  if (account.metadata.uid !== written.metadata.uid) return notInForce('it was deleted and made anew meanwhile');
  if (isBehind(account, written.metadata)) return undefined;
  const due = command.isDated ? context.requestedAt : -Infinity;
  if (now < due) {
    if (due <= end) return undefined;
    const untilThen = troubleOf(account, ['SeedLost', 'SecretInvalid', 'StorageWentBack']);
    return untilThen ?? inForce(`taken up; it takes effect ${formatSeconds(due)}`);
  }
  const result = command.waitResult(account, context);
  return result && !result.isInForce && now < due + settleMs ? undefined : result;
};

/** Why nothing could be said in time. */
const late = (
  seen: Account | undefined,
  written: Account,
  seconds: number,
  trouble: string | undefined,
): WaitResult => {
  if (trouble !== undefined) return notKnown(` after ${seconds} s: ${trouble}`);
  return seen && !isBehind(seen, written.metadata)
    ? notInForce(`the operator has seen it, and not done it within ${seconds} s: kubectl twofactor explain says more`)
    : notInForce(`the operator has not taken it up within ${seconds} s (kubectl twofactor doctor says why)`);
};

type Judge = (written: Account, seen: Account) => WaitResult | undefined;

/** The accounts of which nothing can be said yet, and what was said of the others. */
class Waiting {
  readonly #judge: Judge;
  readonly #left: Map<string, Account>;
  readonly #latest = new Map<string, Account>();
  readonly #results = new Map<Account, WaitResult>();
  readonly #over = Promise.withResolvers<undefined>();

  constructor(written: readonly Account[], judgeOne: Judge) {
    this.#judge = judgeOne;
    this.#left = new Map(written.map((account) => [keyOf(account.metadata), account]));
  }

  /** Resolves once something was said of each. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  see(account: Account): void {
    const key = keyOf(account.metadata);
    this.#latest.set(key, account);
    this.#look(key);
  }

  lookAgain(): void {
    for (const key of [...this.#left.keys()]) this.#look(key);
  }

  gone(key: string): void {
    this.#settle(key, notInForce('it was deleted meanwhile'));
  }

  /** All accounts that there are have been seen. */
  synced(): void {
    for (const key of [...this.#left.keys()]) if (!this.#latest.has(key)) this.gone(key);
  }

  /** @param lastWord on an account of which nothing could be said in time */
  results(lastWord: (written: Account, seen: Account | undefined) => WaitResult): ReadonlyMap<Account, WaitResult> {
    const unsaid = [...this.#left].map(
      ([key, account]) => [account, lastWord(account, this.#latest.get(key))] as const,
    );
    return new Map([...this.#results, ...unsaid]);
  }

  #look(key: string): void {
    const [account, seen] = [this.#left.get(key), this.#latest.get(key)];
    const result = account && seen && this.#judge(account, seen);
    if (result) this.#settle(key, result);
  }

  #settle(key: string, result: WaitResult): void {
    const account = this.#left.get(key);
    if (!account) return;
    this.#results.set(account, result);
    this.#left.delete(key);
    if (this.#left.size === 0) this.#over.resolve(undefined);
  }
}

/**
 * Follows the written accounts until of each something can be said, the time is over, or Ctrl-C came: then it says that.
 */
export const waitFor = async (
  cluster: Cluster,
  command: AccountCommand,
  written: readonly Account[],
  options: { readonly context: PlanContext; readonly timeoutMs: number; readonly stopped: AbortSignal },
): Promise<ReadonlyMap<Account, WaitResult>> => {
  const { context, timeoutMs, stopped } = options;
  const wait = { context, end: cluster.now() + timeoutMs };
  const waiting = new Waiting(written, (account, seen) => judge(command, account, seen, wait, cluster.now()));
  const watch = watchAccounts(cluster, {
    namespace: cluster.namespace,
    name: written.length === 1 ? written[0]?.metadata.name : undefined,
    onAccount: (account) => waiting.see(account),
    onGone: (key) => waiting.gone(key),
    onSynced: () => waiting.synced(),
  });
  const again = setInterval(() => waiting.lookAgain(), lookAgainMs);
  const ended = new AbortController();
  const timeOver = sleep(systemClock, timeoutMs, AbortSignal.any([stopped, ended.signal]));
  try {
    await Promise.race([waiting.over, timeOver, watch.failed]);
  } finally {
    ended.abort();
    clearInterval(again);
    await watch.stop();
  }
  return waiting.results((account, seen) =>
    stopped.aborted ? notKnown(': interrupted') : late(seen, account, timeoutMs / secondMs, watch.trouble()),
  );
};
