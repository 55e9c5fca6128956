import { type Cluster, type ClusterOptions, withCluster } from '../cluster/connect.ts';
import { accountName, type Account } from '../cluster/objects.ts';
import { confirm } from '../frame/confirm.ts';
import { Ended, exit, usageFailure } from '../frame/failure.ts';
import { formOf } from '../frame/format.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import type { Deed, Plan, Surroundings } from './plan.ts';
import { perform } from './perform.ts';
import { platformsOf, select, type Selected, type SelectOptions } from './select.ts';

export interface ActOptions extends ClusterOptions, SelectOptions {
  readonly yes?: boolean;
  readonly dryRun?: string | true;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly print?: boolean;
  readonly force?: boolean;
  readonly output?: string;
}

export type DryRun = 'none' | 'client' | 'server';
const dryRuns = ['none', 'client', 'server'] as const;

/** `--dry-run` alone means client, as kubectl once had it. */
const dryRunOf = ({ dryRun }: ActOptions): DryRun => {
  if (dryRun === true) return 'client';
  const found = dryRun === undefined ? 'none' : dryRuns.find((each) => each === dryRun);
  if (found !== undefined) return found;
  throw usageFailure(`--dry-run=${String(dryRun)} is not known: allowed are none, client and server`);
};

/** `90`, `90s` or `2m`. */
const timeoutOf = (text = '60s'): number => {
  const parts = /^(\d+)(s|m)?$/.exec(text);
  if (!parts) throw usageFailure(`--timeout ${text} is not a duration: write it as 90s or 2m`);
  return Number(parts[1]) * (parts[2] === 'm' ? 60_000 : 1000);
};

export interface Planned {
  readonly account: Account;
  readonly plan: Plan;
}

const printCommit = async (planned: readonly Planned[]): Promise<void> => {
  const { commitYaml } = await import('./commit.ts');
  const refused = planned.filter(({ plan }) => plan.kind === 'refused');
  const changes = planned.flatMap(({ account, plan }) =>
    plan.kind === 'change' ? [[account, plan.changes] as const] : [],
  );
  if (changes.length > 0) process.stdout.write(commitYaml(changes));
  for (const { account, plan } of planned) {
    if (plan.kind === 'change' && plan.secret !== undefined) tell(`${account.spec.address}   ${plan.secret}`);
    if (plan.kind !== 'change') tell(`${account.metadata.name}: ${printable(plan.why)}`, 'attention');
  }
  if (refused.length > 0) throw new Ended(exit.failed);
};

const printClientRun = (planned: readonly Planned[]): void => {
  for (const { account, plan } of planned) {
    const { name } = account.metadata;
    if (plan.kind === 'change') say(`${accountName(name)} ${plan.done} (dry run)`);
    else tell(`${name}: ${printable(plan.why)}`, 'attention');
  }
  if (planned.some(({ plan }) => plan.kind === 'refused')) throw new Ended(exit.failed);
};

const surroundingsOf = async (cluster: Cluster): Promise<Surroundings> => {
  const platformOf = await platformsOf(cluster);
  return { platformOf, now: cluster.now(), requestedAt: cluster.requestInstant() };
};

const ask = async (
  deed: Deed,
  { accounts, isBulk, fromInput, phrase }: Selected,
  options: ActOptions,
): Promise<void> => {
  if (!isBulk || options.yes) return;
  await confirm(`This will ${deed.asks} ${accounts.length} ${phrase}.`, !fromInput);
};

/**
 * Runs a command that changes accounts.
 *
 * @param make the deed, from the API server's time; a usage failure for options that make no sense
 */
export const act = async (
  make: (now: number) => Deed,
  words: readonly string[],
  options: ActOptions,
): Promise<void> => {
  const dryRun = dryRunOf(options);
  const timeoutMs = timeoutOf(options.timeout);
  const form = formOf(options.output, ['text', 'name', 'json', 'yaml']);
  if (options.print && options.wait) throw usageFailure('--print writes nothing that --wait could wait for: not both');
  make(Date.now());
  await withCluster(options, async (cluster) => {
    const selected = await select(cluster, words, options);
    const around = await surroundingsOf(cluster);
    const deed = make(around.now);
    const planned = selected.accounts.map((account) => ({ account, plan: deed.plan(account, around) }));
    if (options.print) return printCommit(planned);
    if (dryRun === 'client') {
      printClientRun(planned);
      return;
    }
    if (dryRun === 'none') await ask(deed, selected, options);
    const isDryRun = dryRun === 'server';
    const wait = options.wait && !isDryRun ? { timeoutMs } : undefined;
    return perform(cluster, deed, planned, {
      around,
      isDryRun,
      form,
      force: options.force ?? false,
      ...(wait && { wait }),
    });
  });
};
