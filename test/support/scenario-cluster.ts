import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ask } from './api-request.ts';
import { type Cluster, kubectl, type KubectlOptions } from './kubectl.ts';
import type { RunResult } from './run.ts';
import type { Ref } from './scenario-objects.ts';
import type { Seen } from './scenario-view.ts';

export const system = 'exchange2fa-system';

/** Everything that kubectl printed, for the search for seeds; only who asks for a Secret itself is left out. */
export const printed: string[] = [];

export const sharedCluster = (): Cluster => ({ kubeconfig: inject('kubeconfig'), kubectl: inject('kubectl') });

/** kubectl against one cluster; its output is kept. */
export const say = async (
  cluster: Cluster,
  args: readonly string[],
  options: Omit<KubectlOptions, 'cluster'> = {},
): Promise<RunResult> => {
  const result = await kubectl(args, { ...options, cluster });
  const showsSecrets = args.includes('get') && args.some((arg) => /^secrets?\b/.test(arg));
  if (!showsSecrets) printed.push(result.stdout, result.stderr);
  return result;
};

export const sayOk = async (...[cluster, args, options]: Parameters<typeof say>): Promise<string> => {
  const { code, stdout, stderr } = await say(cluster, args, options);
  if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
};

const collections: Readonly<Record<string, string>> = {
  MailAccount: 'apis/exchange2fa.io/v1alpha1/namespaces/NS/mailaccounts',
  ExchangePlatform: 'apis/exchange2fa.io/v1alpha1/namespaces/NS/exchangeplatforms',
  Secret: 'api/v1/namespaces/NS/secrets',
  Event: 'apis/events.k8s.io/v1/namespaces/NS/events',
  Lease: 'apis/coordination.k8s.io/v1/namespaces/NS/leases',
};

const collectionPath = (kind: string, namespace: string): string =>
  `/${(collections[kind] ?? '').replace('NS', namespace)}`;

/** A consistent read as administrator, not through kubectl: for looking many times a second. */
export const see = async ({ kubeconfig }: Cluster, namespace: string, ref: Ref): Promise<Seen | undefined> => {
  const path = `${collectionPath(ref.kind, namespace)}/${ref.metadata.name}`;
  const { status, body, message } = await ask({ method: 'GET', path, kubeconfig });
  if (status === 404) return undefined;
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${message}`);
  return body as unknown as Seen;
};

/** All objects of a kind in a namespace. */
export const seeAll = async <T = Seen>({ kubeconfig }: Cluster, namespace: string, kind: string): Promise<T[]> => {
  const { body } = await ask({ method: 'GET', path: collectionPath(kind, namespace), kubeconfig });
  return (body['items'] ?? []) as T[];
};

export const applyList = async (cluster: Cluster, items: readonly object[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await sayOk(cluster, ['apply', '--server-side', '-f', '-'], { input });
};

/** Calls until it holds. */
export const until = async (
  what: string,
  holds: () => Promise<boolean> | boolean,
  withinMs = 60_000,
): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await wait(100);
  }
};

/** A Secret of another type under one of our names, as there may be from before the policies: they go for that moment. */
export const placeForeign = async (cluster: Cluster, namespace: string, { metadata }: Ref): Promise<void> => {
  await applyList(cluster, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  const binding = ['validatingadmissionpolicybinding', 'totp-secrets.exchange2fa.io'];
  await sayOk(cluster, ['delete', ...binding, '--ignore-not-found', '--wait=false']);
  const body = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata,
    stringData: { password: 'of something else' },
  };
  const path = collectionPath('Secret', namespace);
  await until('a Secret of another type can be placed', async () => {
    const { status } = await ask({ method: 'POST', path, body, kubeconfig: cluster.kubeconfig });
    return status === 201 || status === 409;
  });
};

/** The whole installation, and the login's identity; returns once the policies act. */
export const install = async (cluster: Cluster): Promise<void> => {
  await sayOk(cluster, ['apply', '-k', 'manifests']);
  await sayOk(cluster, ['apply', '-k', 'manifests/login']);
  await sayOk(cluster, ['wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s']);
  const probe = { apiVersion: 'v1', kind: 'Secret', metadata: { name: `totp-${'0'.repeat(40)}` } };
  const path = '/api/v1/namespaces/default/secrets?dryRun=All';
  await until('the policies act', async () => {
    const { message } = await ask({ method: 'POST', path, body: probe, kubeconfig: cluster.kubeconfig });
    return message.includes('names totp-<40 hex digits> are kept for');
  });
};

const bound = (namespace: string, user: string, clusterRole: string): object => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: user, namespace },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: clusterRole },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
});

interface Manifest {
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The documents that `kubectl kustomize` makes of a folder. */
export const rendered = async <T = Manifest>(cluster: Cluster, folder: string): Promise<readonly T[]> =>
  parseAllDocuments(await sayOk(cluster, ['kustomize', folder])).map((document) => document.toJS() as T);

/** Namespaces with the Roles of operator and login as in manifests, a pipeline (`gitops`) and a `helpdesk`. */
export const openNamespaces = async (
  cluster: Cluster,
  namespaces: readonly string[],
  folders: readonly string[] = ['manifests/tenant', 'manifests/tenant-login'],
): Promise<void> => {
  const roles = (await Promise.all(folders.map((folder) => rendered(cluster, folder)))).flat();
  const inside = (namespace: string): readonly object[] => [
    ...roles.map(({ metadata, ...rest }) => ({ ...rest, metadata: { ...metadata, namespace } })),
    bound(namespace, 'gitops', 'exchange2fa-admin'),
    bound(namespace, 'helpdesk', 'exchange2fa-helpdesk'),
  ];
  const spaces = namespaces.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  await applyList(cluster, [...spaces, ...namespaces.flatMap(inside)]);
};

/** A ServiceAccount's own token, as `kubectl create token` gives it. */
export const tokenOf = async ({ kubeconfig }: Cluster, name: string): Promise<string> => {
  const { status, message, body } = await ask({
    method: 'POST',
    path: `/api/v1/namespaces/${system}/serviceaccounts/${name}/token`,
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
    kubeconfig,
  });
  if (status !== 201) throw new Error(`no token for ${name}: ${message}`);
  return (body.status as { token: string }).token;
};
