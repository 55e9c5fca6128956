import { formatSeconds } from '../../api/instants.ts';
import { systemClock } from '../../host/clock.ts';
import { keyOf } from '../../kube/client/resource.ts';
import { allNamespaces, findAccounts } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { watchAccounts } from '../cluster/watch.ts';
import type { StatusForm } from '../frame/choices.ts';
import { interrupted } from '../frame/interrupt.ts';
import { tableOf } from '../frame/table.ts';
import { say, tell } from '../frame/terminal.ts';
import { accountColumns, accountData, accountNameOf, type AccountRow } from './account-rows.ts';
import { Feed } from './feed.ts';
import type { StatusOptions } from './status-options.ts';

type Print = (rows: readonly AccountRow[]) => void;

/** Prints rows as they come: as JSON one a line, otherwise as a table whose first rows set the widths. */
const printer = async (form: StatusForm, namespaces: boolean): Promise<Print> => {
  const columns = accountColumns({ namespaces, wide: form === 'wide', watched: true });
  const dataOf = (row: AccountRow) => ({ seenAt: formatSeconds(row.seenAt), ...accountData(row) });
  const { yamlOf } = await import('../frame/output.ts');
  let headers = true;
  return (rows) => {
    if (form === 'json') for (const row of rows) say(JSON.stringify(dataOf(row)));
    else if (form === 'yaml') for (const row of rows) say(`---\n${yamlOf(dataOf(row)).trimEnd()}`);
    else if (form === 'name') for (const row of rows) say(accountNameOf(row));
    else for (const line of tableOf(columns, rows, { headers })) say(line);
    headers = false;
  };
};

/** Which accounts are watched: those that were named, or all that the options let through. */
const wantedBy = (named: readonly Account[], { platform, phase }: StatusOptions): ((account: Account) => boolean) => {
  const keys = new Set(named.map(({ metadata }) => keyOf(metadata)));
  return ({ spec, status, metadata }) =>
    (keys.size === 0 || keys.has(keyOf(metadata))) &&
    (platform === undefined || spec.platformRef.name === platform) &&
    (phase === undefined || status?.phase === phase);
};

/** Prints each account, and again whenever what its login meets changes, be it by the clock, until Ctrl-C. */
export const watchStatus = async (
  cluster: Cluster,
  words: readonly string[],
  options: StatusOptions,
  form: StatusForm,
): Promise<void> => {
  const named = words.length > 0 ? await findAccounts(cluster, words) : [];
  const feed = new Feed({
    clock: { ...systemClock, now: () => cluster.now() },
    isWanted: wantedBy(named, options),
    print: await printer(form, options.allNamespaces === true),
  });
  const watch = watchAccounts(cluster, {
    namespace: options.allNamespaces ? allNamespaces : cluster.namespace,
    name: named.length === 1 ? named[0]?.metadata.name : undefined,
    onAccount: (account) => feed.see(account),
    onGone: (key) => feed.forget(key),
    onSynced: () => feed.flush(),
    onTrouble: (sentence) => tell(sentence, 'attention'),
  });
  try {
    await Promise.race([interrupted(), watch.failed]);
  } finally {
    feed.stop();
    await watch.stop();
  }
};
