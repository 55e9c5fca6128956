import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { type Resource, secretsResource } from '../../../src/kube/client/resource.ts';
import { kubeStage } from './kube-stage.ts';
import { configMaps, errorOf, namespaces, object, thing, tokenOf } from './world.ts';

const stage = kubeStage();

const canary = 'JBSWY3DPEHPK3PXP';

it('another uid in a patch is invalid: it is another object', async () => {
  await stage.world.put(stage.space, 'a', '');
  const metadata = { uid: '00000000-0000-0000-0000-000000000000' };
  expect((await errorOf(stage.client.mergePatch(configMaps, stage.named('a'), { metadata }))).kind).toMatch(
    /^(invalid|conflict)$/,
  );
});

it('an immutable Secret refuses data, not annotations, and its values are not in the error', async () => {
  const secret = object({ metadata: stage.named('s'), immutable: true, stringData: { seed: canary } });
  const { metadata } = orThrow(await stage.client.create(secretsResource, secret));
  const at = (resourceVersion: string, more: object) => ({ metadata: { resourceVersion, ...more } });
  const error = await errorOf(
    stage.client.mergePatch(secretsResource, stage.named('s'), {
      ...at(metadata.resourceVersion, {}),
      stringData: { seed: 'x' },
    }),
  );
  expect(error).toMatchObject({ kind: 'invalid', causes: [{ field: 'data' }] });
  expect(JSON.stringify(error)).not.toContain(canary);
  const annotations = { note: 'x' };
  const result = await stage.client.mergePatch(
    secretsResource,
    stage.named('s'),
    at(metadata.resourceVersion, { annotations }),
  );
  expect(orThrow(result)).not.toHaveProperty('data');
});

describe('a namespace', () => {
  it('that does not exist is not found', async () => {
    expect((await errorOf(stage.client.create(configMaps, thing('no-such-namespace', 'a')))).kind).toBe('notFound');
  });

  it('that is being deleted takes nothing new', async () => {
    const finalizers = ['transport.test/hold'];
    const held = object({ metadata: { ...stage.named('held'), finalizers } });
    const { metadata } = orThrow(await stage.client.create(configMaps, held));
    const { metadata: present } = orThrow(await stage.client.get(namespaces, { name: stage.space }));
    orThrow(await stage.client.delete(namespaces, { name: stage.space }, present));
    const error = await errorOf(stage.client.create(configMaps, thing(stage.space, 'late')));
    expect(error).toMatchObject({ kind: 'forbidden', because: 'namespaceTerminating' });
    // An object with finalizers is deleted as well, but stays until they are gone.
    await expect
      .poll(async () => orThrow(await stage.client.get(configMaps, stage.named('held'))).metadata.deletionTimestamp, {
        timeout: 30_000,
      })
      .toBeTypeOf('string');
    orThrow(await stage.client.mergePatch(configMaps, { ...metadata }, { metadata: { finalizers: null } }));
  });
});

it('an object with a finalizer is deleted twice without harm, and stays until that is gone', async () => {
  const metadata = { ...stage.named('a'), finalizers: ['transport.test/hold'] };
  orThrow(await stage.client.create(configMaps, object({ metadata })));
  for (let round = 0; round < 2; round += 1) {
    const present = await stage.world.look(stage.space, 'a');
    orThrow(await stage.client.delete(configMaps, stage.named('a'), present.metadata));
  }
  expect((await stage.world.look(stage.space, 'a')).metadata.deletionTimestamp).toBeTypeOf('string');
  orThrow(await stage.client.mergePatch(configMaps, stage.named('a'), { metadata: { finalizers: null } }));
  expect((await errorOf(stage.client.get(configMaps, stage.named('a')))).kind).toBe('notFound');
});

it('a quota that is used up is said as such', async () => {
  const quotas: Resource = { ...configMaps, plural: 'resourcequotas' };
  const hard = { 'count/configmaps': '1' };
  orThrow(await stage.client.create(quotas, object({ metadata: stage.named('one'), spec: { hard } })));
  // A control plane without the quota controller: its status is written here.
  const status = { hard, used: { 'count/configmaps': '1' } };
  orThrow(await stage.client.mergePatch(quotas, stage.named('one'), { status }, { subresource: 'status' }));
  await expect
    .poll(() => errorOf(stage.client.create(configMaps, thing(stage.space, 'more'))), { timeout: 20_000 })
    .toMatchObject({ kind: 'forbidden', because: 'quota' });
});

it('a right that is taken away is missing from then on, and back when it is given again', async () => {
  const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true };
  const bindings = { ...rbac, plural: 'rolebindings' };
  const roleRef = { apiGroup: rbac.group, kind: 'Role', name: 'w' };
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }];
  orThrow(await stage.client.create({ ...rbac, plural: 'roles' }, object({ metadata: stage.named('w'), rules })));
  const binding = object({
    metadata: stage.named('w'),
    roleRef,
    subjects: [{ kind: 'ServiceAccount', ...stage.named('w') }],
  });
  orThrow(await stage.client.create({ ...configMaps, plural: 'serviceaccounts' }, { metadata: stage.named('w') }));
  const { metadata } = orThrow(await stage.client.create(bindings, binding));
  const writer = stage.world.connect(await tokenOf(stage.world.kubeconfig, stage.space, 'w'));
  const write = () => writer.client.create(configMaps, thing(stage.space, `n-${performance.now()}`.replace('.', '-')));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(true);
  orThrow(await stage.client.delete(bindings, stage.named('w'), metadata));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(false);
  expect(await errorOf(write())).toMatchObject({ kind: 'forbidden', because: 'permission' });
  orThrow(await stage.client.create(bindings, binding));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(true);
  await writer.transport.close();
});

it.each([
  ['Invalid', { kind: 'invalid' }],
  ['Forbidden', { kind: 'forbidden', because: 'denied' }],
])('an admission policy that denies as %s is named, and what it says of values is left out', async (reason, kind) => {
  const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false };
  const name = `transport-${stage.space}`;
  const inSpace = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': stage.space } } };
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }];
  const validations = [{ expression: 'false', messageExpression: "'never ' + string(object.data.seed)", reason }];
  const spec = { matchConstraints: { resourceRules, ...inSpace }, validations };
  const policies = { ...admission, plural: 'validatingadmissionpolicies' };
  orThrow(await stage.client.create(policies, object({ metadata: { name }, spec })));
  const binding = object({ metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } });
  orThrow(await stage.client.create({ ...admission, plural: 'validatingadmissionpolicybindings' }, binding));
  const create = () =>
    stage.client.create(
      secretsResource,
      object({ metadata: stage.named(`s-${Date.now()}`), stringData: { seed: canary } }),
    );
  await expect.poll(async () => (await create()).ok, { timeout: 30_000, interval: 200 }).toBe(false);
  await wait(5);
  const error = await errorOf(create());
  expect(error).toMatchObject({ ...kind, denial: { by: 'policy', name } });
  expect(error.text).toContain(`denied by admission policy ${name}`);
  expect(JSON.stringify(error)).not.toMatch(/JBSWY3DPEHPK3PXP|SkJTV1kzRFBFSFBLM1BYUA|never/);
});
