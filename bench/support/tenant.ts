import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  accountNamed,
  accountObject,
  accountsPath,
  platformObject,
  platformsPath,
  type AccountExtras,
} from '../raw-client/objects.ts';
import { inFlight } from './in-flight.ts';
import type { Setting } from './setting.ts';

const tenantFolder = join(import.meta.dirname, '../../manifests/tenant');
const createInFlight = 32;

export interface TenantOptions extends AccountExtras {
  readonly accounts: number;
  readonly platform?: object;
}

let tenants = 0;

/** A namespace with the operator's Role, a platform and new accounts that nobody has touched yet; returns its name. */
export const makeTenant = async (setting: Setting, options: TenantOptions): Promise<string> => {
  const namespace = `bench-${++tenants}`;
  const { admin } = setting;
  await admin.ask({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: JSON.stringify({ metadata: { name: namespace } }),
  });
  await setting.kubectl('apply', '-k', tenantFolder, '-n', namespace);
  await untilAllowed(setting, namespace);
  const platform = JSON.stringify(platformObject(namespace, options.platform));
  await admin.ask({ method: 'POST', path: platformsPath(namespace), body: platform });
  await createAccounts(setting, namespace, options);
  return namespace;
};

export const createAccounts = async (
  { admin }: Setting,
  namespace: string,
  { accounts, prefix = 'user', ...extras }: AccountExtras & { readonly accounts: number; readonly prefix?: string },
): Promise<void> => {
  const names = Array.from({ length: accounts }, (_, index) => accountNamed(prefix, index));
  await inFlight(names, createInFlight, (name) =>
    admin.ask({
      method: 'POST',
      path: accountsPath(namespace),
      body: JSON.stringify(accountObject(namespace, name, extras)),
    }),
  );
};

/** The API server learns of a new Role by a watch of its own. */
const untilAllowed = async (setting: Setting, namespace: string): Promise<void> => {
  const connection = setting.asOperator();
  const asking = { method: 'GET', path: `${accountsPath(namespace)}?limit=1` } as const;
  while ((await connection.status(asking)) !== 200) await sleep(50);
  await connection.close();
};

interface AccountRow {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly observedGeneration?: number; readonly phase?: string };
}

/** How many accounts of a namespace are in a phase at their present generation. */
export const accountsIn = async ({ admin }: Setting, namespace: string, phase: string): Promise<number> => {
  const { items } = await admin.get<{ readonly items: readonly AccountRow[] }>(accountsPath(namespace));
  return items.filter(
    ({ metadata, status }) => status?.phase === phase && status.observedGeneration === metadata.generation,
  ).length;
};
