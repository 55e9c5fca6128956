import { allNamespaces, findAccounts } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { watchAccounts } from '../cluster/watch.ts';
import { interrupted } from '../frame/interrupt.ts';
import { tableOf } from '../frame/table.ts';
import { say, tell } from '../frame/terminal.ts';
import { accountColumns, accountData, accountNameOf, rowOf, type AccountRow } from './account-rows.ts';
import type { StatusOptions } from './status.ts';

type Form = 'table' | 'wide' | 'json' | 'yaml' | 'name';

const keyOf = ({ metadata }: Account): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Prints rows as they come: as JSON one a line, otherwise as a table whose first rows set the widths. */
const printer = async (form: Form, namespaces: boolean): Promise<(rows: readonly AccountRow[]) => void> => {
  const columns = accountColumns({ namespaces, wide: form === 'wide' });
  const { yamlOf } = await import('../frame/output.ts');
  let headers = true;
  return (rows) => {
    if (form === 'json') for (const row of rows) say(JSON.stringify(accountData(row)));
    else if (form === 'yaml') for (const row of rows) say(`---\n${yamlOf(accountData(row)).trimEnd()}`);
    else if (form === 'name') for (const row of rows) say(accountNameOf(row));
    else for (const line of tableOf(columns, rows, { headers })) say(line);
    headers = false;
  };
};

/** Prints each account, and again whenever what its login meets changes, until Ctrl-C. */
export const watchStatus = async (
  cluster: Cluster,
  words: readonly string[],
  options: StatusOptions,
  form: Form,
): Promise<void> => {
  const named = words.length > 0 ? await findAccounts(cluster, words) : [];
  const wanted = new Set(named.map(keyOf));
  const print = await printer(form, options.allNamespaces === true);
  const told = new Map<string, string>();
  let first: AccountRow[] | undefined = [];
  const isWanted = ({ spec, status, metadata }: Account): boolean =>
    (wanted.size === 0 || wanted.has(`${metadata.namespace ?? ''}/${metadata.name}`)) &&
    (options.platform === undefined || spec.platformRef.name === options.platform) &&
    (options.phase === undefined || status?.phase === options.phase);
  const onAccount = (account: Account): void => {
    if (!isWanted(account)) return;
    const row = rowOf(account, cluster.now());
    const text = JSON.stringify(row.meets);
    if (told.get(keyOf(account)) === text) return;
    told.set(keyOf(account), text);
    if (first) first.push(row);
    else print([row]);
  };
  const [only, ...others] = named;
  const watch = watchAccounts(cluster, {
    namespace: options.allNamespaces ? allNamespaces : cluster.namespace,
    name: others.length === 0 ? only?.metadata.name : undefined,
    onAccount,
    onGone: (key) => void told.delete(key),
    onSynced: () => {
      if (first && first.length > 0) print(first);
      first = undefined;
    },
    onTrouble: (sentence) => tell(sentence, 'attention'),
  });
  try {
    await Promise.race([interrupted(), watch.failed]);
  } finally {
    await watch.stop();
  }
};
