import { accountKind, apiVersion } from '../../src/api/names.ts';
import { formatSeconds } from '../../src/api/instants.ts';
import { type Connection, mergePatch, metadataOnly } from './connection.ts';
import { accountsPath, enrollingStatus, secretObject, secretsPath } from './objects.ts';

/** What is known of an account before it is written to. */
export interface SeenAccount {
  readonly name: string;
  readonly address: string;
  readonly resourceVersion: string;
  readonly generation: number;
}

interface AccountItem {
  readonly metadata: { readonly name: string; readonly resourceVersion: string; readonly generation: number };
  readonly spec: { readonly address: string };
}

export const seen = ({ metadata, spec }: AccountItem): SeenAccount => ({
  name: metadata.name,
  address: spec.address,
  resourceVersion: metadata.resourceVersion,
  generation: metadata.generation,
});

const pageSize = 500;

interface Page {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly unknown[];
}

/** Every object of a collection, page by page. */
export const eachPage = async (
  connection: Connection,
  { path, query = '', accept }: { readonly path: string; readonly query?: string; readonly accept?: string },
  onItems: (items: readonly unknown[]) => void,
): Promise<void> => {
  let token = '';
  do {
    const continued = token && `&continue=${encodeURIComponent(token)}`;
    const page = await connection.get<Page>(`${path}?limit=${pageSize}${query}${continued}`, accept);
    onItems(page.items);
    token = page.metadata.continue ?? '';
  } while (token !== '');
};

export const readAccounts = async (connection: Connection, namespace: string): Promise<SeenAccount[]> => {
  const accounts: SeenAccount[] = [];
  await eachPage(connection, { path: accountsPath(namespace) }, (items) => {
    accounts.push(...(items as readonly AccountItem[]).map(seen));
  });
  return accounts;
};

export const writeStatus = (
  connection: Connection,
  namespace: string,
  account: SeenAccount,
  mintedAt: string,
): Promise<string> => {
  const now = formatSeconds(Date.now());
  const status = enrollingStatus({ generation: account.generation, address: account.address, mintedAt, now });
  return connection.ask({
    method: 'PATCH',
    path: `${accountsPath(namespace)}/${account.name}/status`,
    contentType: mergePatch,
    accept: metadataOnly,
    body: JSON.stringify({
      apiVersion,
      kind: accountKind,
      metadata: { resourceVersion: account.resourceVersion },
      status,
    }),
  });
};

/** A Secret, then a status: what every new account costs. */
export const enroll = async (connection: Connection, namespace: string, account: SeenAccount): Promise<void> => {
  const mintedAt = new Date().toISOString();
  await connection.ask({
    method: 'POST',
    path: secretsPath(namespace),
    accept: metadataOnly,
    body: JSON.stringify(secretObject(namespace, account, { mintedAt })),
  });
  await writeStatus(connection, namespace, account, mintedAt);
};
