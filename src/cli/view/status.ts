import { allNamespaces, findAccounts, listAccounts, listPlatforms, requireKnown } from '../cluster/accounts.ts';
import { type Cluster, withCluster } from '../cluster/connect.ts';
import type { Account, Platform } from '../cluster/objects.ts';
import type { StatusForm } from '../frame/choices.ts';
import { usageFailure } from '../frame/failure.ts';
import { tableOf } from '../frame/table.ts';
import { say, tell } from '../frame/terminal.ts';
import { accountColumns, accountData, accountNameOf, rowOf, type AccountRow } from './account-rows.ts';
import { platformColumns, platformData } from './overview.ts';
import type { StatusOptions } from './status-options.ts';

interface Seen {
  readonly accounts: readonly Account[];
  /** Only where no account was named. */
  readonly platforms: readonly Platform[];
}

const namespaceOf = (cluster: Cluster, { allNamespaces: all }: StatusOptions): string =>
  all ? allNamespaces : cluster.namespace;

const look = async (cluster: Cluster, words: readonly string[], options: StatusOptions): Promise<Seen> => {
  if (words.length > 0) return { accounts: await findAccounts(cluster, words), platforms: [] };
  const namespace = namespaceOf(cluster, options);
  const [accounts, platforms] = await Promise.all([
    listAccounts(cluster, { namespace, platform: options.platform, phase: options.phase }),
    listPlatforms(cluster, { namespace }),
  ]);
  const { platform: wanted } = options;
  return { accounts, platforms: platforms.filter(({ metadata }) => wanted === undefined || metadata.name === wanted) };
};

const printTables = (
  rows: readonly AccountRow[],
  { platforms }: Seen,
  form: StatusForm,
  options: StatusOptions,
): void => {
  const namespaces = options.allNamespaces === true;
  const { headers } = options;
  const columns = accountColumns({ namespaces, wide: form === 'wide', watched: false });
  if (platforms.length > 0) {
    for (const line of tableOf(platformColumns(namespaces), platforms, { headers })) say(line);
    if (rows.length > 0) say('');
  }
  if (rows.length > 0) {
    for (const line of tableOf(columns, rows, { headers })) say(line);
  }
};

const print = async (seen: Seen, form: StatusForm, options: StatusOptions, now: number): Promise<void> => {
  const rows = seen.accounts.map((account) => rowOf(account, now));
  if (form === 'name') {
    for (const row of rows) say(accountNameOf(row));
    return;
  }
  if (form === 'table' || form === 'wide') {
    printTables(rows, seen, form, options);
    return;
  }
  const { documentOf } = await import('../frame/output.ts');
  say(documentOf({ platforms: seen.platforms.map(platformData), accounts: rows.map(accountData) }, form));
};

/** What a login meets now, until when, and why: from MailAccounts and ExchangePlatforms alone. */
export const status = (words: readonly string[], options: StatusOptions): Promise<void> =>
  withCluster(options, async (cluster) => {
    const form = options.output ?? 'table';
    if (words.length > 0 && (options.allNamespaces || options.platform !== undefined || options.phase !== undefined)) {
      throw usageFailure('name accounts, or select them with -A, --platform and --phase: not both');
    }
    if (options.platform !== undefined) {
      const selection = { namespace: namespaceOf(cluster, options), platform: options.platform };
      await requireKnown(cluster, selection, await listAccounts(cluster, selection));
    }
    if (options.watch) {
      const { watchStatus } = await import('./watch-status.ts');
      return watchStatus(cluster, words, options, form);
    }
    const seen = await look(cluster, words, options);
    if (seen.accounts.length === 0 && (form === 'table' || form === 'wide')) {
      tell(`No MailAccounts found in ${options.allNamespaces ? 'any namespace' : `namespace ${cluster.namespace}`}.`);
    }
    await print(seen, form, options, cluster.now());
  });
