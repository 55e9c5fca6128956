import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiRequest, ask } from '../../support/api-request.ts';
import { sentence, grantedTo, type Manifest } from '../../support/rbac.ts';
import { kubectl, kubectlOk } from '../../support/kubectl.ts';
import { parseAllDocuments } from 'yaml';
import { anAddress, code, given, namespace, raise, secretPath, type Stage, system, unscanned } from './stage.ts';

const address = anAddress();
const prefix = 'exchange2fa.io/';
let stage: Stage;

beforeAll(async () => {
  stage = await raise();
  await given(address, unscanned);
  await kubectlOk(['create', 'secret', 'generic', 'other', '-n', namespace, '--from-literal=key=value']);
  await policyActs();
});
afterAll(() => stage.lower());

const asLogin = (request: ApiRequest) => ask({ ...request, token: stage.loginToken });
const secrets = `/api/v1/namespaces/${namespace}/secrets`;
const annotate = (annotations: Readonly<Record<string, string | null>>): ApiRequest => ({
  method: 'PATCH',
  path: `${secretPath(address)}?dryRun=All`,
  body: { metadata: { annotations } },
});

/** A policy acts some seconds after it was applied. */
async function policyActs(): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const { status } = await asLogin(annotate({ [`${prefix}second-factor`]: 'off' }));
    if (status === 403 || status === 422) return;
    if (Date.now() > deadline) throw new Error('the policies do not act');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

test.each<[string, () => ApiRequest]>([
  ['list Secrets', () => ({ method: 'GET', path: secrets })],
  ['watch Secrets', () => ({ method: 'GET', path: `${secrets}?watch=true&timeoutSeconds=1` })],
  [
    'create a Secret',
    () => ({ method: 'POST', path: secrets, body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } } }),
  ],
  ['delete the Secret', () => ({ method: 'DELETE', path: secretPath(address) })],
  ['delete all Secrets', () => ({ method: 'DELETE', path: secrets })],
  [
    'replace the Secret',
    () => ({
      method: 'PUT',
      path: secretPath(address),
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
    }),
  ],
  ['change another Secret', () => ({ method: 'PATCH', path: `${secrets}/other`, body: { data: { key: 'eA==' } } })],
  ['change the seed', () => ({ method: 'PATCH', path: secretPath(address), body: { data: { seed: 'eA==' } } })],
  ['take the seed away', () => ({ method: 'PATCH', path: secretPath(address), body: { data: null } })],
  ['label it', () => ({ method: 'PATCH', path: secretPath(address), body: { metadata: { labels: { x: 'y' } } } })],
  ['own it', () => ({ method: 'PATCH', path: secretPath(address), body: { metadata: { finalizers: ['a.b/c'] } } })],
  [
    'give it an owner',
    () => ({
      method: 'PATCH',
      path: secretPath(address),
      body: { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }] } },
    }),
  ],
  ['make it immutable', () => ({ method: 'PATCH', path: secretPath(address), body: { immutable: true } })],
  ...[
    'second-factor',
    'suspended',
    'minted-at',
    'enroll-until',
    'enrollment-code',
    'unlocked-at',
    'orphaned-at',
    'erased-at',
    'erase-after',
    'account',
    'address',
  ].map((key): [string, () => ApiRequest] => [`write ${key}`, () => annotate({ [prefix + key]: 'off' })]),
  ['write enrolled-at without last-step', () => annotate({ [`${prefix}enrolled-at`]: '2026-01-01T00:00:00Z' })],
  ['write last-step without enrolled-at', () => annotate({ [`${prefix}last-step`]: '1' })],
  ['take minted-at away', () => annotate({ [`${prefix}minted-at`]: null })],
  ['annotate for others', () => annotate({ 'example.com/x': 'y' })],
  [
    'write an Event',
    () => ({ method: 'POST', path: `/api/v1/namespaces/${namespace}/events`, body: { metadata: { name: 'x' } } }),
  ],
  [
    'read MailAccounts',
    () => ({ method: 'GET', path: `/apis/exchange2fa.io/v1alpha1/namespaces/${namespace}/mailaccounts` }),
  ],
  [
    'read a Secret of the system’s namespace',
    () => ({ method: 'GET', path: `/api/v1/namespaces/${system}/secrets/x` }),
  ],
  ['read a Secret of another tenant', () => ({ method: 'GET', path: '/api/v1/namespaces/default/secrets/x' })],
  ['read ConfigMaps', () => ({ method: 'GET', path: `/api/v1/namespaces/${namespace}/configmaps` })],
])('the login may not %s', async (_, request) => {
  const { status } = await asLogin(request());
  expect([403, 422]).toContain(status);
});

test.each(['first-shown-at', 'failures', 'attempt', 'data-invalid'])('the login may write %s', async (key) => {
  expect((await asLogin(annotate({ [prefix + key]: 'x' }))).status).toBe(200);
});

test('once enrolled, nobody enrols again and no step falls', async () => {
  const answer = await stage.replicas[0].ask('verify', stage.gatewayToken, { address, code: code() });
  expect(answer.status).toBe(200);
  for (const annotations of [
    { [`${prefix}last-step`]: '1' },
    { [`${prefix}last-step`]: null },
    { [`${prefix}enrolled-at`]: null },
    { [`${prefix}enrolled-at`]: '2026-01-01T00:00:00Z' },
  ]) {
    expect([403, 422]).toContain((await asLogin(annotate(annotations))).status);
  }
});

test('what it used is what it is granted, and nothing else is', async () => {
  const used = stage.proxy.requests.map(({ verb, resource, namespace: where }) => `${verb} ${resource} ${where}`);
  expect([...new Set(used)].toSorted()).toEqual([
    'create tokenreviews ',
    `get secrets ${namespace}`,
    `patch secrets ${namespace}`,
  ]);
  const text = await Promise.all(
    ['manifests/login', 'manifests/tenant-login'].map((path) => kubectlOk(['kustomize', path])),
  );
  const manifests = text.flatMap((each) => parseAllDocuments(each).map((document) => document.toJS() as Manifest));
  expect(grantedTo('exchange2fa-login', manifests).map(sentence).toSorted()).toEqual([
    'create tokenreviews.authentication.k8s.io everywhere',
    'get secrets in a tenant',
    'patch secrets in a tenant',
    'verify mailaccounts.exchange2fa.io in a tenant',
  ]);
});

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext: object;
        readonly containers: readonly { readonly securityContext: object }[];
        readonly volumes: readonly { readonly name: string; readonly secret?: { readonly defaultMode: number } }[];
      };
    };
  };
}

test('its Deployment is as the API server and Pod Security `restricted` want it, and its keys are its own', async () => {
  const dryRun = ['apply', '-k', 'manifests/login/service', '--dry-run=server', '-o', 'json'];
  const { code: exitCode, stdout, stderr } = await kubectl(dryRun);
  // The namespace warns of what is not restricted.
  expect([exitCode, stderr]).toEqual([0, '']);
  const { items } = JSON.parse(stdout) as { readonly items: readonly Deployment[] };
  const { securityContext, containers, volumes } = items.find(({ kind }) => kind === 'Deployment')!.spec.template.spec;
  expect(securityContext).toMatchObject({ runAsUser: 65532, runAsGroup: 65532, fsGroup: 65532 });
  expect(containers[0]!.securityContext).toMatchObject({ readOnlyRootFilesystem: true });
  // Owned by root, read by the group that this process alone is in.
  expect(volumes.find(({ name }) => name === 'keys')?.secret?.defaultMode).toBe(0o440);
  expect(items.map(({ kind }) => kind)).toContain('NetworkPolicy');
});
