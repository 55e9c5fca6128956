import { systemClock } from '../../host/clock.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { Ended, exit } from '../frame/failure.ts';
import { stopOnInterrupt, type Interruption } from '../frame/interrupt.ts';
import { Progress } from '../frame/progress.ts';
import { tell } from '../frame/terminal.ts';
import { Patience } from './patience.ts';
import type { Deed, Plan, Surroundings } from './plan.ts';
import { runMany } from './run-many.ts';
import { runOne, type Done } from './run-one.ts';
import { showCode, showIn, tellFailures, tellOutcome, tellOwned, tellSummary, tellTaken, type Form } from './show.ts';
import { waitFor } from './wait.ts';

/** An account and what is to become of it. */
export interface Planned {
  readonly account: Account;
  readonly plan: Plan;
}

export interface PerformOptions {
  readonly around: Surroundings;
  readonly isDryRun: boolean;
  readonly force: boolean;
  readonly form: Form;
  readonly wait?: { readonly timeoutMs: number };
}

const busy =
  'The API server has too much to do, or is away: going on as it lets, until nothing gets through for a minute.';

/** Writes all plans, several at a time, and shows each as it is done. */
const writeAll = async (
  cluster: Cluster,
  deed: Deed,
  planned: readonly Planned[],
  options: PerformOptions,
  { stopped, abandoned }: Interruption,
): Promise<{ readonly ended: readonly Done[]; readonly notBegun: readonly Planned[] }> => {
  const { form, isDryRun, force } = options;
  const progress = new Progress(planned.length);
  const show = await showIn(form);
  const patience = new Patience(systemClock, () => {
    progress.clear();
    tell(busy, 'attention');
  });
  const how = { isDryRun, force, stopped, abandoned, patience };
  const ended: Done[] = [];
  const notBegun = await runMany(planned, ({ account, plan }) => runOne(cluster, deed, account, plan, how), {
    progress,
    stopped,
    onEnd: (done) => {
      ended.push(done);
      progress.clear();
      if (done.kind === 'done') show(done.account, isDryRun ? `${done.says} (server dry run)` : done.says);
      if (!isDryRun) showCode(done, form);
    },
  });
  progress.clear();
  return { ended, notBegun };
};

/** Waits until the requests are in force; whether all are. */
const wait = async (
  cluster: Cluster,
  deed: Deed,
  ended: readonly Done[],
  { wait: waits, around, form }: PerformOptions,
  { stopped }: Interruption,
): Promise<boolean> => {
  const accounts = ended.filter(({ kind }) => kind === 'done').map(({ account }) => account);
  if (!waits || accounts.length === 0 || stopped.aborted) return true;
  const outcomes = await waitFor(cluster, deed, accounts, { around, timeoutMs: waits.timeoutMs, stopped });
  for (const [account, outcome] of outcomes) tellOutcome(account, outcome, form);
  return [...outcomes.values()].every(({ isInForce }) => isInForce === true);
};

/** Writes the plans and tells what became of each. */
export const perform = async (
  cluster: Cluster,
  deed: Deed,
  planned: readonly Planned[],
  options: PerformOptions,
): Promise<void> => {
  const interruption = stopOnInterrupt();
  try {
    const { ended, notBegun } = await writeAll(cluster, deed, planned, options, interruption);
    tellTaken(ended);
    tellFailures(ended);
    await tellOwned(ended, options.form);
    tellSummary(
      ended,
      notBegun.map(({ account }) => account),
      interruption.stopped.aborted,
    );
    const isInForce = await wait(cluster, deed, ended, options, interruption);
    if (interruption.stopped.aborted) throw new Ended(exit.interrupted);
    const isGood = ended.every(({ kind }) => kind === 'done' || kind === 'nothing');
    if (!isGood || !isInForce) throw new Ended(exit.failed);
  } finally {
    interruption.release();
  }
};
