import { type Connection, mergePatch, metadataOnly } from './raw-client/connection.ts';
import { accountNamed, accountObject, secretObject, secretsPath, type AccountName } from './raw-client/objects.ts';
import { enrollingStatus, secretNameOf } from './raw-client/objects.ts';
import { formatSeconds, hourMs } from '../src/api/instants.ts';
import { annotation } from '../src/api/record.ts';
import { serverCost } from './support/cost.ts';
import { forms, installForm } from './support/forms.ts';
import { inFlight } from './support/in-flight.ts';
import { admitStranger, setPolicies } from './support/policies.ts';
import type { Figure } from './support/report.ts';
import { tell, type Setting } from './support/setting.ts';
import { median } from './support/statistics.ts';
import { makeTenant } from './support/tenant.ts';

let created = 0;

const namesOf = (prefix: string, accounts: number): AccountName[] =>
  Array.from({ length: accounts }, (_, index) => accountNamed(prefix, index));

interface Bound {
  readonly setting: Setting;
  /** As the operator, for whom the policies must decide. */
  readonly connection: Connection;
  readonly namespace: string;
}

const createSecrets = async (
  { setting, connection, namespace }: Bound,
  names: readonly AccountName[],
): Promise<void> => {
  const mintedAt = new Date().toISOString();
  await inFlight(names, setting.concurrency, (account) =>
    connection.ask({
      method: 'POST',
      path: secretsPath(namespace),
      accept: metadataOnly,
      body: JSON.stringify(secretObject(namespace, account, { mintedAt })),
    }),
  );
};

/** The patch of a suspension. No resourceVersion, as the yardstick is what the server does with the patch. */
const annotateSecrets = async (bound: Bound, names: readonly AccountName[], round: number): Promise<void> => {
  const { setting, connection, namespace } = bound;
  const from = Date.UTC(2026, 0, 1 + round);
  const suspended = `${formatSeconds(from)}/${formatSeconds(from + hourMs)}`;
  const body = JSON.stringify({ metadata: { annotations: { [annotation.suspended]: suspended } } });
  await inFlight(names, setting.concurrency, ({ address }) =>
    connection.ask({
      method: 'PATCH',
      path: `${secretsPath(namespace)}/${secretNameOf(address)}`,
      contentType: mergePatch,
      accept: metadataOnly,
      body,
    }),
  );
};

const writeStatuses = async (bound: Bound, group: string, names: readonly AccountName[]): Promise<void> => {
  const { setting, connection, namespace } = bound;
  const mintedAt = new Date().toISOString();
  const now = formatSeconds(Date.now());
  await inFlight(names, setting.concurrency, ({ name, address }) =>
    connection.ask({
      method: 'PATCH',
      path: `/apis/${group}/v1alpha1/namespaces/${namespace}/mailaccounts/${name}/status`,
      contentType: mergePatch,
      accept: metadataOnly,
      body: JSON.stringify({ status: enrollingStatus({ generation: 1, address, mintedAt, now }) }),
    }),
  );
};

interface Costs {
  readonly create: number;
  readonly annotate: number;
  readonly status: number;
}

const costs = async (bound: Bound, standing: readonly AccountName[], round: number): Promise<Costs> => {
  const { admin } = bound.setting;
  const fresh = namesOf(`fresh-${++created}`, standing.length);
  const count = standing.length;
  return {
    create: await serverCost(admin, count, () => createSecrets(bound, fresh)),
    annotate: await serverCost(admin, count, () => annotateSecrets(bound, standing, round)),
    status: await serverCost(admin, count, () => writeStatuses(bound, 'exchange2fa.io', standing)),
  };
};

const figure = (name: string, of: readonly number[], how: string): Figure => ({
  name,
  value: median(of),
  of,
  unit: 'ms',
  how,
});

/** What the API server spends on a write, under the admission policies and without them. */
export const policyCosts = async (setting: Setting): Promise<Figure[]> => {
  const { costWrites, rounds } = setting.scale;
  const namespace = await makeTenant(setting, { accounts: costWrites });
  await admitStranger(setting, namespace);
  const bound = { setting, connection: setting.asOperator(), namespace };
  const standing = namesOf('user', costWrites);
  await createSecrets(bound, standing);
  await costs(bound, standing, 0);
  const rows: { readonly under: Costs; readonly without: Costs }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await setting.rest();
    await setPolicies(setting, namespace, true);
    const under = await costs(bound, standing, 2 * round);
    await setPolicies(setting, namespace, false);
    const without = await costs(bound, standing, 2 * round + 1);
    tell(`server cost, ms a write: under the policies ${JSON.stringify(under)}, without ${JSON.stringify(without)}`);
    rows.push({ under, without });
  }
  await setPolicies(setting, namespace, true);
  await bound.connection.close();
  const each = (name: string, key: keyof Costs): Figure[] => [
    figure(
      `API server: ${name}, under the policies`,
      rows.map(({ under }) => under[key]),
      `CPU a write, ${costWrites} at a time`,
    ),
    figure(
      `API server: ${name}, without policies`,
      rows.map(({ without }) => without[key]),
      'the same',
    ),
  ];
  return [
    ...each('a Secret created', 'create'),
    ...each('a Secret annotated', 'annotate'),
    ...each('a status written', 'status'),
  ];
};

/** What parts of the CRD cost: the same status in forms of MailAccount that differ from the shipped one in one thing. */
export const formCosts = async (setting: Setting): Promise<Figure[]> => {
  const { costWrites, rounds } = setting.scale;
  const namespace = await makeTenant(setting, { accounts: 0 });
  const bound = { setting, connection: setting.admin, namespace };
  const names = namesOf('user', costWrites);
  const groups: string[] = [];
  for (const [index, form] of forms.entries()) groups.push(await installForm(setting, form, index));
  for (const group of groups) {
    await inFlight(names, setting.concurrency, (account) => {
      const object = { ...accountObject(namespace, account), apiVersion: `${group}/v1alpha1` };
      const path = `/apis/${group}/v1alpha1/namespaces/${namespace}/mailaccounts`;
      return setting.admin.ask({ method: 'POST', path, body: JSON.stringify(object) });
    });
    await writeStatuses(bound, group, names);
  }
  const rows: number[][] = forms.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    await setting.rest();
    for (const [index, group] of groups.entries()) {
      const cost = await serverCost(setting.admin, costWrites, () => writeStatuses(bound, group, names));
      tell(`a status, ${forms[index]?.name ?? ''}: ${cost.toFixed(2)} ms`);
      rows[index]?.push(cost);
    }
  }
  return forms.map(({ name }, index) =>
    figure(`API server: a status, ${name}`, rows[index] ?? [], `CPU a write, ${costWrites} at a time`),
  );
};
