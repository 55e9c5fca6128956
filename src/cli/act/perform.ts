import type { Cluster } from '../cluster/connect.ts';
import { accountName } from '../cluster/objects.ts';
import { Ended, exit } from '../frame/failure.ts';
import { Progress } from '../frame/progress.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import type { Planned } from './act.ts';
import type { Deed, Surroundings } from './plan.ts';
import { runMany } from './run-many.ts';
import { runOne, type Done } from './run-one.ts';
import { waitFor } from './wait.ts';

export interface PerformOptions {
  readonly around: Surroundings;
  readonly isDryRun: boolean;
  readonly force: boolean;
  readonly form: 'text' | 'name' | 'json' | 'yaml';
  readonly wait?: { readonly timeoutMs: number };
}

type Ok = Done & { kind: 'done' };

/** Stops at the first Ctrl-C, and tells the second to end at once. */
const stopOnInterrupt = (): { readonly signal: AbortSignal; readonly release: () => void } => {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(exit.interrupted);
    tell('\nInterrupted: finishing what is under way; once more ends at once.', 'attention');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const release = (): void => void process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  return { signal: stop.signal, release };
};

const printer = async ({ form, isDryRun }: PerformOptions): Promise<(done: Ok) => void> => {
  const suffix = isDryRun ? ' (server dry run)' : '';
  if (form === 'json' || form === 'yaml') {
    const { documentOf } = await import('../frame/output.ts');
    return ({ account }) => say(form === 'json' ? JSON.stringify(account) : `---\n${documentOf(account, form)}`);
  }
  return ({ account, says, secret }) => {
    const name = accountName(account.metadata.name);
    say(form === 'name' ? name : `${name} ${says}${suffix}`);
    if (secret !== undefined && !isDryRun) say(`  ${account.spec.address}   code ${secret}`);
  };
};

const tellTaken = (ok: readonly Ok[]): void => {
  const managers = [...new Set(ok.flatMap(({ tookFrom }) => tookFrom))];
  if (managers.length === 0) return;
  tell(
    `Taken from ${managers.join(' and ')}: if that is a GitOps tool, its next sync puts back what Git says, or stops at ` +
      'a conflict. Commit the same change (--print shows it).',
    'attention',
  );
};

const tellOwned = async (owned: readonly (Done & { kind: 'owned' })[]): Promise<void> => {
  if (owned.length === 0) return;
  const { commitYaml } = await import('./commit.ts');
  process.stdout.write(commitYaml(owned.map(({ account, changes }) => [account, changes] as const)));
};

const tellFailures = (ended: readonly Done[]): void => {
  for (const { kind, account, says } of ended) {
    if (kind === 'done') continue;
    tell(
      `${kind === 'nothing' ? '' : 'error: '}${account.metadata.name}: ${printable(says)}`,
      kind === 'nothing' ? 'plain' : 'bad',
    );
  }
};

const tellNotBegun = (notBegun: readonly Planned[], ended: readonly Done[]): void => {
  const ok = ended.filter(({ kind }) => kind === 'done').length;
  const uncertain = ended.filter(({ kind }) => kind === 'uncertain').length;
  tell(
    `Interrupted: ${ok} done, ${ended.length - ok - uncertain} unchanged or failed, ${uncertain} uncertain, ${notBegun.length} not begun. Not begun:`,
    'attention',
  );
  for (const { account } of notBegun) tell(`  ${account.metadata.name}`);
};

const tellSummary = (ended: readonly Done[], total: number): void => {
  if (total < 2) return;
  const count = (...kinds: Done['kind'][]): number => ended.filter(({ kind }) => kinds.includes(kind)).length;
  tell(
    `${count('done')} done, ${count('nothing')} unchanged, ${count('failed', 'owned', 'uncertain')} failed, of ${total}`,
  );
};

/** Waits until the requests are in force; whether all are. */
const wait = async (
  cluster: Cluster,
  deed: Deed,
  ok: readonly Ok[],
  options: PerformOptions,
  stopped: AbortSignal,
): Promise<boolean> => {
  if (!options.wait || ok.length === 0) return true;
  const accounts = ok.map(({ account }) => account);
  const { timeoutMs } = options.wait;
  const outcomes = await waitFor(cluster, deed, accounts, { around: options.around, timeoutMs, stopped });
  let all = true;
  for (const { metadata } of accounts) {
    const outcome = outcomes.get(metadata.uid);
    if (outcome?.isInForce) {
      say(`${accountName(metadata.name)} in force: ${printable(outcome.says)}`);
      continue;
    }
    all = false;
    const late = `not in force after ${timeoutMs / 1000} s: the operator has not taken it up (kubectl twofactor doctor says why)`;
    tell(`error: ${metadata.name}: ${outcome ? `not in force: ${printable(outcome.says)}` : late}`, 'bad');
  }
  return all;
};

/** Writes the plans, several at a time, and tells what became of each. */
export const perform = async (
  cluster: Cluster,
  deed: Deed,
  planned: readonly Planned[],
  options: PerformOptions,
): Promise<void> => {
  const { signal, release } = stopOnInterrupt();
  const progress = new Progress(planned.length);
  const print = await printer(options);
  const ended: Done[] = [];
  const notBegun = await runMany(planned, ({ account, plan }) => runOne(cluster, deed, account, plan, options), {
    progress,
    stopped: signal,
    onEnd: (done) => {
      ended.push(done);
      if (done.kind !== 'done') return;
      progress.clear();
      print(done);
    },
  });
  progress.clear();
  const ok = ended.filter((done) => done.kind === 'done');
  tellTaken(ok);
  tellFailures(ended);
  await tellOwned(ended.filter((done) => done.kind === 'owned'));
  tellSummary(ended, planned.length);
  const isInForce = await wait(cluster, deed, ok, options, signal);
  release();
  if (signal.aborted) {
    if (notBegun.length > 0) tellNotBegun(notBegun, ended);
    throw new Ended(exit.interrupted);
  }
  const hasFailed = ended.some(({ kind }) => kind === 'failed' || kind === 'owned' || kind === 'uncertain');
  if (hasFailed || !isInForce) throw new Ended(exit.failed);
};
