import { accountsPlural, group } from '../../api/names.ts';
import { readPlatform } from '../../core/wishes.ts';
import { findPlatform, listAccounts } from '../cluster/accounts.ts';
import { withCluster, type Cluster, type ClusterOptions } from '../cluster/connect.ts';
import { accountName } from '../cluster/objects.ts';
import { may, whoAmI } from '../cluster/rights.ts';
import { byReason } from '../frame/by-reason.ts';
import { importFormats, type ImportFormat } from '../frame/choices.ts';
import { confirm } from '../frame/confirm.ts';
import { count } from '../frame/count.ts';
import { readSources } from '../frame/documents.ts';
import { SilentExit, exit, Failure, usageFailure } from '../frame/failure.ts';
import { stopOnInterrupt, type Interruption } from '../frame/interrupt.ts';
import { Progress } from '../frame/progress.ts';
import { endedWell, runMany } from '../frame/run-many.ts';
import { tellSummary } from '../frame/summary.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import { checkObject } from '../manifests/check.ts';
import { readSchemas } from '../manifests/crds.ts';
import { readEntries, type Entry } from './entries.ts';
import { importedAccount, nameFor, type Target } from './objects.ts';
import { checkOne, importOne, type Imported, type Item } from './write.ts';

export interface ImportOptions extends ClusterOptions {
  readonly platform?: string;
  readonly format?: ImportFormat;
  readonly domain?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** As the API server will judge the account of an address. */
export const addressCheck = async (): Promise<(address: string) => boolean> => {
  const schemas = await readSchemas();
  const anywhere = { namespace: 'default', platform: 'any' };
  return (address) => checkObject(schemas, importedAccount('any', address, anywhere)).length === 0;
};

/** Validated first: one wrong line, and nothing is written. */
const readAll = async (files: readonly string[], options: ImportOptions): Promise<readonly Entry[]> => {
  const { format, domain } = options;
  if (format === undefined) throw usageFailure(`--format is missing: one of ${importFormats.join(', ')}`);
  const [sources, isAddress] = await Promise.all([readSources(files), addressCheck()]);
  const { entries, problems } = readEntries(sources, { format, domain, isAddress });
  for (const { place, message } of problems) tell(`${place}: error: ${printable(message)}`, 'bad');
  if (problems.length > 0)
    throw new Failure(
      `${count(problems.length, 'line')} ${problems.length === 1 ? 'is' : 'are'} wrong; nothing was imported`,
    );
  if (entries.length === 0) throw new Failure('there are no seeds in these files');
  return entries;
};

const targetOf = async (cluster: Cluster, name: string): Promise<Target> => {
  const platform = await findPlatform(cluster, name);
  const wishes = readPlatform(platform.spec);
  if ('misunderstood' in wishes)
    throw new Failure(`ExchangePlatform ${name} can't be understood: ${wishes.misunderstood}`);
  const { retainDeletedHours, totp } = wishes;
  if (retainDeletedHours === 0) {
    throw new Failure(
      `ExchangePlatform ${name} says retainDeletedHours 0: a seed would be erased before its account takes it; say more`,
    );
  }
  return { namespace: cluster.namespace, platform: name, issuer: totp.issuer, retainDeletedHours };
};

const plan = async (cluster: Cluster, entries: readonly Entry[], target: Target): Promise<readonly Item[]> => {
  const accounts = await listAccounts(cluster, { namespace: cluster.namespace });
  const byAddress = new Map(accounts.map((account) => [account.spec.address, account]));
  const taken = new Set(accounts.map(({ metadata }) => metadata.name));
  return entries.map((entry) => {
    const present = byAddress.get(entry.address);
    const platform = present?.spec.platformRef.name ?? target.platform;
    if (platform !== target.platform)
      throw new Failure(
        `${entry.place}: the account of ${entry.address} is of ExchangePlatform ${platform}; nothing was imported`,
      );
    const name = present?.metadata.name ?? nameFor(entry.address, taken);
    taken.add(name);
    return { entry, name, exists: present !== undefined };
  });
};

/** Said before the first Secret is made, not at the hundredth. */
const requireRights = async (cluster: Cluster, items: readonly Item[]): Promise<void> => {
  const { namespace } = cluster;
  const onAccounts = ['restore', ...(items.every(({ exists }) => exists) ? [] : ['create'])];
  const wanted = [
    ...onAccounts.map((verb) => ({ verb, group, resource: accountsPlural, namespace })),
    ...['create', 'get'].map((verb) => ({ verb, group: '', resource: 'secrets', namespace })),
  ];
  const answers = await Promise.all(wanted.map((attributes) => may(cluster, attributes)));
  const missing = wanted.filter((_, index) => answers[index] === false);
  if (missing.length === 0) return;
  const verbs = missing.map(({ verb, resource }) => `${verb} on ${resource}`).join(', ');
  const user = (await whoAmI(cluster)) ?? 'this identity';
  throw new Failure(
    `${user} lacks ${verbs} in namespace ${namespace}; no shipped role has all that an import needs: a Role as in manifests/tenant-backup does`,
  );
};

const tellFailed = (ended: readonly Imported[]): void => {
  for (const [kind, prefix] of [
    ['failed', 'error'],
    ['uncertain', 'uncertain'],
  ] as const) {
    const told = ended.filter((imported) => imported.kind === kind);
    const lines = byReason(told.map(({ item, says }) => ({ name: item.entry.address, says })));
    for (const line of lines) tell(`${prefix}: ${line}`, 'bad');
  }
};

/** An address that has another seed refuses the whole import, while nothing is written yet. */
const refuseTaken = async (cluster: Cluster, items: readonly Item[]): Promise<void> => {
  const progress = new Progress(items.length);
  const refused: Imported[] = [];
  await runMany(items, (item) => checkOne(cluster, item), {
    progress,
    stopped: new AbortController().signal,
    onEnd: (checked) => {
      if (!endedWell(checked)) refused.push(checked);
    },
  });
  progress.clear();
  tellFailed(refused);
  if (refused.length > 0) throw new Failure(`${count(refused.length, 'seed')} can't be imported; nothing was imported`);
};

/** Writes all, several at a time, and says of each that it is done. */
const writeAll = async (
  cluster: Cluster,
  items: readonly Item[],
  target: Target,
  { stopped, abandoned }: Interruption,
): Promise<{ readonly ended: readonly Imported[]; readonly notBegun: readonly Item[] }> => {
  const progress = new Progress(items.length);
  const ended: Imported[] = [];
  const notBegun = await runMany(items, (item) => importOne(cluster, item, target, abandoned), {
    progress,
    stopped,
    onEnd: (imported) => {
      ended.push(imported);
      progress.clear();
      if (endedWell(imported)) say(`${accountName(imported.item.name)} ${imported.says}`);
    },
  });
  progress.clear();
  return { ended, notBegun };
};

/** Whatever is cut short is taken up by the next import. */
const perform = async (cluster: Cluster, items: readonly Item[], target: Target): Promise<void> => {
  const interruption = stopOnInterrupt();
  try {
    const { ended, notBegun } = await writeAll(cluster, items, target, interruption);
    const isInterrupted = interruption.stopped.aborted;
    tellFailed(ended);
    const left = notBegun.map(({ entry }) => entry.address);
    tellSummary('imported', ended, left, isInterrupted);
    if (isInterrupted) throw new SilentExit(exit.interrupted);
    if (!ended.every(endedWell)) throw new SilentExit(exit.failed);
  } finally {
    interruption.release();
  }
};

/** Existing seeds become Secrets, and accounts whose enrolment is kept. Repeating it goes on where it ended. */
export const importSeeds = async (files: readonly string[], options: ImportOptions): Promise<void> => {
  const { platform } = options;
  if (files.length === 0) throw usageFailure('name files with seeds, or - for standard input');
  if (platform === undefined) throw usageFailure('--platform is missing: to which do the accounts belong?');
  const entries = await readAll(files, options);
  await withCluster(options, async (cluster) => {
    const target = await targetOf(cluster, platform);
    const items = await plan(cluster, entries, target);
    await requireRights(cluster, items);
    await refuseTaken(cluster, items);
    if (options.dryRun) {
      for (const { name, entry, exists } of items)
        say(`${accountName(name)} ${entry.address}${exists ? ' (there already)' : ''} (dry run)`);
      return;
    }
    if (!options.yes)
      await confirm(`This will import ${count(items.length, 'seed')} into ${cluster.namespace}.`, !files.includes('-'));
    await perform(cluster, items, target);
  });
};
