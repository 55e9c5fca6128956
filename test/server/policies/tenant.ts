import { ask } from '../../support/api-request.ts';
import { installCrds, kubectlOk } from '../../support/kubectl.ts';

/** The tenant in which every rule is tried, by real ServiceAccounts with tokens of their own. */
export const tenant = 'policies';
const system = 'exchange2fa-system';

const allSecrets = rule('', ['secrets'], ['get', 'list', 'create', 'update', 'patch', 'delete', 'deletecollection']);
const allAccounts = accounts('get', 'list', 'create', 'update', 'patch', 'delete');

/** Everybody with a Role of this test. Those of `manifests` (operator, login, reader, helpdesk, admin) are bound below. */
const roles = {
  /** Whatever RBAC can give on Secrets, and no verb of ours. */
  secretsAdmin: [allSecrets],
  /** A login service whose owner was too generous. */
  wideLogin: [allSecrets, accounts('verify')],
  backup: [allSecrets, allAccounts, accounts('restore', 'suspend', 'reset', 'unlock', 'remove')],
  mintAndVerify: [allSecrets, accounts('mint', 'verify')],
  restoreAndVerify: [allSecrets, accounts('restore', 'verify')],
  /** Whatever RBAC can give on MailAccounts, and no verb of ours. */
  editor: [allAccounts],
  suspender: [allAccounts, accounts('suspend')],
  resetter: [allAccounts, accounts('reset')],
  unlocker: [allAccounts, accounts('unlock')],
  remover: [allAccounts, accounts('remove')],
  suspenderOfAnna: [allAccounts, { ...accounts('suspend'), resourceNames: ['anna'] }],
  namespaceCleaner: [rule('*', ['*'], ['get', 'list', 'delete', 'deletecollection'])],
} as const;

const shipped = { reader: 'exchange2fa-reader', helpdesk: 'exchange2fa-helpdesk', admin: 'exchange2fa-admin' } as const;

export type Who = keyof typeof roles | keyof typeof shipped | 'operator' | 'login';

interface Identity {
  readonly user: string;
  readonly token: string;
}

export type Identities = Readonly<Record<Who, Identity>>;

function rule(group: string, resources: readonly string[], verbs: readonly string[]) {
  return { apiGroups: [group], resources, verbs };
}

function accounts(...verbs: readonly string[]) {
  return rule('exchange2fa.io', ['mailaccounts'], verbs);
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The same Role in another namespace for people of the tenant. */
export function rightsIn(namespace: string, people: readonly (keyof typeof roles)[]): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return people.flatMap((who) => {
    const metadata = { name: kebab(who), namespace };
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name };
    const subjects = [{ kind: 'ServiceAccount', name: metadata.name, namespace: tenant }];
    return [
      { apiVersion, kind: 'Role', metadata, rules: roles[who] },
      { apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects },
    ];
  });
}

/** Objects that stay, with what they give, while their namespace ends, until `end`. */
export async function placeLasting(
  namespace: string,
  objects: readonly object[],
): Promise<{ end(): Promise<unknown> }> {
  await applyObjects(objects);
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const finalizers = async (value: readonly string[] | null): Promise<unknown> => {
    const patch = JSON.stringify({ metadata: { finalizers: value } });
    return kubectlOk(['patch', '-n', namespace, '--type=merge', '-p', patch, '-f', '-'], { input });
  };
  await finalizers(['example.com/stays']);
  return { end: () => finalizers(null) };
}

function bound(name: string, roleRef: { readonly kind: string; readonly name: string }): readonly object[] {
  const metadata = { name, namespace: tenant };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...roleRef },
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
    },
  ];
}

function everybody(): readonly object[] {
  const ours = Object.entries(roles).flatMap(([who, rules]) => {
    const name = kebab(who);
    const metadata = { name, namespace: tenant };
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules };
    return [role, ...bound(name, { kind: 'Role', name })];
  });
  const theirs = Object.entries(shipped).flatMap(([who, name]) => bound(who, { kind: 'ClusterRole', name }));
  return [...ours, ...theirs];
}

export async function applyObjects(items: readonly object[]): Promise<void> {
  await kubectlOk(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
}

async function identify(who: Who): Promise<Identity> {
  const [namespace, name] =
    who === 'operator' || who === 'login' ? [system, `exchange2fa-${who}`] : [tenant, kebab(who)];
  const { status, message, body } = await ask({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
  });
  if (status !== 201) throw new Error(`no token for ${name}: ${message}`);
  return { user: `system:serviceaccount:${namespace}:${name}`, token: (body.status as { token: string }).token };
}

/** Installs all that is in manifests, the tenant with everybody in it, and a token for each. */
export async function prepareTenant(): Promise<Identities> {
  await installCrds();
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: tenant } }]);
  await kubectlOk(['apply', '-k', 'manifests']);
  await kubectlOk(['apply', '-k', 'manifests/login']);
  await kubectlOk(['apply', '-k', 'manifests/tenant', '-n', tenant]);
  await kubectlOk(['apply', '-k', 'manifests/tenant-login', '-n', tenant]);
  await applyObjects(everybody());
  const names = [...Object.keys(roles), ...Object.keys(shipped), 'operator', 'login'] as readonly Who[];
  const identities = await Promise.all(names.map(async (who) => [who, await identify(who)] as const));
  return Object.fromEntries(identities) as unknown as Identities;
}

/** A policy acts some seconds after it was applied: asks again until it does. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
