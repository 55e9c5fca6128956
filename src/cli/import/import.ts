import { annotation } from '../../api/record.ts';
import { secretNameFor, accountsResource } from '../../api/names.ts';
import { readPlatform } from '../../core/wishes.ts';
import { secretsResource } from '../../kube/resource.ts';
import { runMany } from '../act/run-many.ts';
import { findPlatform, listAccounts } from '../cluster/accounts.ts';
import { withCluster, type Cluster, type ClusterOptions } from '../cluster/connect.ts';
import { accountName } from '../cluster/objects.ts';
import { sentenceOf } from '../cluster/sentences.ts';
import { confirm } from '../frame/confirm.ts';
import { readSources } from '../frame/documents.ts';
import { Ended, exit, Failure, usageFailure } from '../frame/failure.ts';
import { formOf } from '../frame/format.ts';
import { stopOnInterrupt } from '../frame/interrupt.ts';
import { Progress } from '../frame/progress.ts';
import { printable, say, tell } from '../frame/terminal.ts';
import { formats, readEntries, type Entry } from './entries.ts';
import { importedAccount, importedSecret, nameFor, type Target } from './objects.ts';

export interface ImportOptions extends ClusterOptions {
  readonly platform?: string;
  readonly format?: string;
  readonly domain?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

interface Item {
  readonly entry: Entry;
  readonly name: string;
  /** There is an account of this address already. */
  readonly exists: boolean;
}

interface Imported {
  readonly kind: 'done' | 'nothing' | 'failed';
  readonly item: Item;
  readonly says: string;
}

/** Validated first: one wrong line, and nothing is written. */
const readAll = async (files: readonly string[], options: ImportOptions): Promise<readonly Entry[]> => {
  if (options.format === undefined) throw usageFailure(`--format is missing: one of ${formats.join(', ')}`);
  const format = formOf(options.format, formats);
  const { entries, problems } = readEntries(await readSources(files), format, options.domain);
  for (const { place, message } of problems) tell(`${place}: error: ${printable(message)}`, 'bad');
  if (problems.length > 0) throw new Failure(`${problems.length} lines are wrong; nothing was imported`);
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

const plan = async (cluster: Cluster, entries: readonly Entry[]): Promise<readonly Item[]> => {
  const accounts = await listAccounts(cluster, { namespace: cluster.namespace });
  const byAddress = new Map(accounts.map(({ spec, metadata }) => [spec.address, metadata.name]));
  const taken = new Set(accounts.map(({ metadata }) => metadata.name));
  return entries.map((entry) => {
    const present = byAddress.get(entry.address);
    const name = present ?? nameFor(entry.address, taken);
    taken.add(name);
    return { entry, name, exists: present !== undefined };
  });
};

type SecretOutcome = 'made' | 'there' | { readonly failure: string };

/** Makes the Secret; one that is there and enrolled is left as it is, so that an import can be repeated. */
const makeSecret = async (cluster: Cluster, { entry }: Item, target: Target): Promise<SecretOutcome> => {
  const { namespace } = target;
  const answer = await cluster.client.create(secretsResource, importedSecret(entry, target, cluster.now()));
  if (answer.ok) return 'made';
  const { kind } = answer.error;
  if (kind !== 'alreadyExists' && kind !== 'unknownOutcome') {
    const why = await sentenceOf(cluster, answer.error, { verbs: ['restore'], namespace });
    return { failure: why };
  }
  const name = secretNameFor(entry.address) ?? '';
  const present = await cluster.client.get(secretsResource, { namespace, name }, { metadataOnly: true });
  if (present.ok && present.value.metadata.annotations?.[annotation.enrolledAt] !== undefined) return 'there';
  return {
    failure: `its address has a Secret already that is not enrolled: delete its account and ${name} first, or let it enrol`,
  };
};

const importOne = async (cluster: Cluster, item: Item, target: Target): Promise<Imported> => {
  const secret = await makeSecret(cluster, item, target);
  if (typeof secret === 'object') return { kind: 'failed', item, says: secret.failure };
  if (!item.exists) {
    const answer = await cluster.client.create(
      accountsResource,
      importedAccount(item.name, item.entry.address, target),
    );
    if (!answer.ok && answer.error.kind !== 'alreadyExists') {
      const about = { verbs: ['create'], namespace: target.namespace, name: item.name };
      return { kind: 'failed', item, says: await sentenceOf(cluster, answer.error, about) };
    }
  }
  return secret === 'made' || !item.exists
    ? { kind: 'done', item, says: 'imported, enrolled' }
    : { kind: 'nothing', item, says: 'is enrolled already; its seed is left as it is' };
};

const perform = async (cluster: Cluster, items: readonly Item[], target: Target): Promise<void> => {
  const { stopped, abandoned, release } = stopOnInterrupt();
  // whatever is cut short is taken up by the next import
  abandoned.addEventListener('abort', () => process.exit(exit.interrupted));
  const progress = new Progress(items.length);
  const ended: Imported[] = [];
  const notBegun = await runMany(items, (item) => importOne(cluster, item, target), {
    progress,
    stopped,
    onEnd: (imported) => ended.push(imported),
  });
  release();
  progress.clear();
  for (const { kind, item, says } of ended) {
    if (kind === 'failed') tell(`error: ${item.entry.address}: ${printable(says)}`, 'bad');
    else say(`${accountName(item.name)} ${says}`);
  }
  const failed = ended.filter(({ kind }) => kind === 'failed').length;
  const done = ended.filter(({ kind }) => kind === 'done').length;
  const counts = `${done} imported, ${ended.length - done - failed} unchanged, ${failed} failed, ${notBegun.length} not begun`;
  tell(stopped.aborted ? `Interrupted: ${counts}` : counts);
  for (const { entry } of notBegun) tell(`  ${entry.address}`);
  if (stopped.aborted) throw new Ended(exit.interrupted);
  if (failed > 0) throw new Ended(exit.failed);
};

/** Existing seeds become Secrets, and accounts whose enrolment is kept. Repeating it goes on where it ended. */
export const importSeeds = async (files: readonly string[], options: ImportOptions): Promise<void> => {
  const { platform } = options;
  if (files.length === 0) throw usageFailure('name files with seeds, or - for standard input');
  if (platform === undefined) throw usageFailure('--platform is missing: to which do the accounts belong?');
  const entries = await readAll(files, options);
  await withCluster(options, async (cluster) => {
    const target = await targetOf(cluster, platform);
    const items = await plan(cluster, entries);
    if (options.dryRun) {
      for (const { name, entry, exists } of items)
        say(`${accountName(name)} ${entry.address}${exists ? ' (there already)' : ''} (dry run)`);
      return;
    }
    if (!options.yes)
      await confirm(`This will import ${items.length} seeds into ${cluster.namespace}.`, !files.includes('-'));
    await perform(cluster, items, target);
  });
};
