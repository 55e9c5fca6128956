import { type ClusterOptions, withCluster } from '../cluster/connect.ts';
import { someOf } from '../frame/by-reason.ts';
import type { ActForm, DryRun } from '../frame/choices.ts';
import { confirm } from '../frame/confirm.ts';
import { SilentExit, exit, usageFailure } from '../frame/failure.ts';
import { endedWell } from '../frame/run-many.ts';
import { printable, tell } from '../frame/terminal.ts';
import { perform, type Planned } from './perform.ts';
import { factorWith, type AccountCommand, type PlanContext } from './plan.ts';
import { prepare, type AccountResult } from './run-one.ts';
import { platformsOf, select, type Selected, type SelectOptions } from './select.ts';
import { codeLine, showCode, showIn, tellEnd } from './show.ts';

export interface ActOptions extends ClusterOptions, SelectOptions {
  readonly yes?: boolean;
  readonly dryRun?: DryRun;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly print?: boolean;
  readonly force?: boolean;
  readonly output?: ActForm;
}

/** `90`, `90s` or `2m`. */
const timeoutOf = (text = '60s'): number => {
  const parts = /^(\d+)(s|m)?$/.exec(text);
  if (!parts) throw usageFailure(`--timeout ${text} is not a duration: write it as 90s or 2m`);
  return Number(parts[1]) * (parts[2] === 'm' ? 60_000 : 1000);
};

const formFor = ({ output: form = 'text', print }: ActOptions): ActForm => {
  if (!print || form === 'text' || form === 'yaml') return form;
  throw usageFailure(`--print writes YAML for a commit: not with -o ${form}`);
};

/** What is planned for the accounts for which nothing is written, and what a change takes the place of. */
const tellPlans = (planned: readonly Planned[]): void => {
  for (const { account, plan } of planned) {
    const { name } = account.metadata;
    if (plan.kind !== 'change') tell(`${name}: ${printable(plan.why)}`, 'attention');
    else if (plan.replaces !== undefined) tell(`${name}: takes the place of ${printable(plan.replaces)}`, 'attention');
  }
};

const printCommit = async (planned: readonly Planned[]): Promise<void> => {
  const { commitYaml } = await import('./commit.ts');
  const changes = planned.flatMap(({ account, plan }) =>
    plan.kind === 'change' ? [[account, plan.changes] as const] : [],
  );
  if (changes.length > 0) process.stdout.write(commitYaml(changes));
  for (const { account, plan } of planned) {
    if (plan.kind !== 'change' || !plan.code) continue;
    tell(codeLine(account, { ...plan.code, hash: 'notWritten' }));
  }
  tellPlans(planned);
  if (planned.some(({ plan }) => plan.kind === 'refused')) throw new SilentExit(exit.failed);
};

const wouldBe = ({ account, plan }: Planned, force: boolean): AccountResult => {
  const ready = prepare(account, plan, force);
  if (ready.kind !== 'ready') return ready;
  const { changes, done, tookFrom } = ready;
  const twoFactor = factorWith(account.spec.twoFactor, changes);
  const changed = { ...account, spec: { ...account.spec, twoFactor } };
  return { kind: 'done', account: changed, says: `${done} (dry run)`, tookFrom };
};

/** What each account would be, without asking the API server whether it may. */
const printClientRun = async (planned: readonly Planned[], force: boolean, form: ActForm): Promise<void> => {
  const show = await showIn(form);
  const ended = planned.map((each) => wouldBe(each, force));
  for (const each of ended) {
    if (each.kind === 'done') show(each.account, each.says);
    else showCode(each, form);
  }
  await tellEnd(ended, form);
  if (!ended.every(endedWell)) throw new SilentExit(exit.failed);
};

/** A script that names an account means it; a person may have slipped. */
const isSlip = ({ isIrreversible }: AccountCommand, planned: readonly Planned[]): boolean =>
  isIrreversible === true && process.stdin.isTTY && planned.some(({ plan }) => plan.kind === 'change');

/** What somebody would want to know before: how many accounts, which request would be lost, or what nothing brings back. */
const ask = async (
  command: AccountCommand,
  { isBulk, fromInput, phrase }: Selected,
  planned: readonly Planned[],
): Promise<void> => {
  const replaced = planned.flatMap(({ account, plan }) =>
    plan.kind === 'change' && plan.replaces !== undefined ? [`${account.metadata.name} ${plan.replaces}`] : [],
  );
  if (!isBulk && replaced.length === 0 && !isSlip(command, planned)) return;
  const question = [
    `This will ${command.asks} ${phrase}.`,
    ...(replaced.length > 0 ? [`It takes the place of what was asked for: of ${someOf(replaced)}.`] : []),
  ];
  await confirm(printable(question.join(' ')), !fromInput);
};

/**
 * Runs a command that changes accounts.
 *
 * @param make the command, from the API server's time; a usage failure for options that make no sense
 */
export const act = async (
  make: (now: number) => AccountCommand,
  words: readonly string[],
  options: ActOptions,
): Promise<void> => {
  const timeoutMs = timeoutOf(options.timeout);
  if (options.timeout !== undefined && !options.wait) throw usageFailure('--timeout is of --wait: say --wait too');
  const form = formFor(options);
  if (options.print && options.wait) throw usageFailure('--print writes nothing that --wait could wait for: not both');
  make(Date.now());
  await withCluster(options, async (cluster) => {
    const selected = await select(cluster, words, options);
    const platformOf = await platformsOf(cluster);
    const plan = () => {
      const now = cluster.now();
      const command = make(now);
      const context: PlanContext = { now, requestedAt: command.requestedAt ?? cluster.requestInstant(), platformOf };
      return {
        command,
        context,
        planned: selected.accounts.map((account) => ({ account, plan: command.plan(account, context) })),
      };
    };
    const first = plan();
    if (options.print) return printCommit(first.planned);
    if (options.dryRun === 'client') return printClientRun(first.planned, options.force ?? false, form);
    const isDryRun = options.dryRun === 'server';
    const asks = !options.yes && !isDryRun;
    if (asks) await ask(first.command, selected, first.planned);
    // once more: somebody may have thought about the question for minutes
    const { command, context, planned } = asks ? plan() : first;
    const force = options.force ?? false;
    const wait = options.wait && !isDryRun ? { timeoutMs } : undefined;
    return perform(cluster, command, planned, { context, isDryRun, form, force, ...(wait && { wait }) });
  });
};
