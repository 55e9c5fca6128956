import { systemClock } from '../../host/clock.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import type { ActForm } from '../frame/choices.ts';
import { SilentExit, exit } from '../frame/failure.ts';
import { stopOnInterrupt, type Interruption } from '../frame/interrupt.ts';
import { Progress } from '../frame/progress.ts';
import { endedWell, runMany } from '../frame/run-many.ts';
import { tellSummary } from '../frame/summary.ts';
import { tell } from '../frame/terminal.ts';
import { Patience } from './patience.ts';
import type { AccountCommand, AccountPlan, PlanContext } from './plan.ts';
import { runOne, type AccountResult } from './run-one.ts';
import { showCode, showIn, tellEnd, tellWaitResults } from './show.ts';
import { waitFor } from './wait.ts';

/** An account and what is to become of it. */
export interface Planned {
  readonly account: Account;
  readonly plan: AccountPlan;
}

export interface PerformOptions {
  readonly context: PlanContext;
  readonly isDryRun: boolean;
  readonly force: boolean;
  readonly form: ActForm;
  readonly wait?: { readonly timeoutMs: number };
}

const busy =
  'The API server has too much to do, or is away: going on as it lets, until nothing gets through for a minute.';

/** Writes all plans, several at a time, and shows each as it is done. */
const writeAll = async (
  cluster: Cluster,
  command: AccountCommand,
  planned: readonly Planned[],
  options: PerformOptions,
  { stopped, abandoned }: Interruption,
): Promise<{ readonly ended: readonly AccountResult[]; readonly notBegun: readonly Planned[] }> => {
  const { form, isDryRun, force } = options;
  const progress = new Progress(planned.length);
  const show = await showIn(form);
  const patience = new Patience(systemClock, () => {
    progress.clear();
    tell(busy, 'attention');
  });
  const how = { isDryRun, force, stopped, abandoned, patience };
  const ended: AccountResult[] = [];
  const notBegun = await runMany(planned, ({ account, plan }) => runOne(cluster, command, account, plan, how), {
    progress,
    stopped,
    onEnd: (done) => {
      ended.push(done);
      progress.clear();
      if (done.kind === 'done') show(done.account, isDryRun ? `${done.says} (server dry run)` : done.says);
      // what is to be committed is printed in a dry run too, and is worth nothing without its code
      if (!isDryRun || done.kind === 'owned') showCode(done, form);
    },
  });
  progress.clear();
  return { ended, notBegun };
};

/** Waits until the requests are in force; whether all are. */
const wait = async (
  cluster: Cluster,
  command: AccountCommand,
  ended: readonly AccountResult[],
  { wait: waits, context, form }: PerformOptions,
  { stopped }: Interruption,
): Promise<boolean> => {
  const accounts = ended.filter(({ kind }) => kind === 'done').map(({ account }) => account);
  if (!waits || accounts.length === 0 || stopped.aborted) return true;
  const results = await waitFor(cluster, command, accounts, { context, timeoutMs: waits.timeoutMs, stopped });
  tellWaitResults(results, form);
  return [...results.values()].every(({ isInForce }) => isInForce === true);
};

/** Writes the plans and tells what became of each. */
export const perform = async (
  cluster: Cluster,
  command: AccountCommand,
  planned: readonly Planned[],
  options: PerformOptions,
): Promise<void> => {
  const interruption = stopOnInterrupt();
  try {
    const { ended, notBegun } = await writeAll(cluster, command, planned, options, interruption);
    await tellEnd(ended, options.form);
    const left = notBegun.map(({ account }) => account.metadata.name);
    tellSummary('done', ended, left, interruption.stopped.aborted);
    const isInForce = await wait(cluster, command, ended, options, interruption);
    if (interruption.stopped.aborted) throw new SilentExit(exit.interrupted);
    if (!ended.every(endedWell) || !isInForce) throw new SilentExit(exit.failed);
  } finally {
    interruption.release();
  }
};
