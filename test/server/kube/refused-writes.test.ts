import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Client } from '../../../src/kube/client.ts';
import { type KubeError, orThrow, type Result } from '../../../src/kube/errors.ts';
import { type KubeObject, type Resource, secretsResource } from '../../../src/kube/resource.ts';
import { configMaps, namespaces, object, thing, type Thing, tokenOf, World } from './world.ts';

let world: World;
let client: Client;
let space: string;

beforeAll(async () => {
  world = await World.open(inject('kubeconfig'));
  ({ client } = world);
});
afterAll(() => world.close());
beforeEach(async () => {
  space = await world.newNamespace();
});

const canary = 'JBSWY3DPEHPK3PXP';
const named = (name: string) => ({ namespace: space, name });

const errorOf = async (call: Promise<Result<unknown>>): Promise<KubeError> => {
  const result = await call;
  if (result.ok) throw new Error('expected a refusal');
  return result.error;
};

/** A thing that somebody else has changed since it was looked at. */
const overtaken = async () => {
  const { metadata } = await world.put(space, 'a', 'seen');
  await world.put(space, 'a', 'of a second writer');
  return metadata;
};

describe('a stale write is a conflict, and changes nothing', () => {
  it.each([
    [
      'a merge patch',
      (version: string) => client.mergePatch(configMaps, named('a'), { metadata: { resourceVersion: version } }),
    ],
    [
      'a PUT',
      (version: string) => {
        const { metadata, data } = thing(space, 'a', 'mine');
        const body = { metadata: { ...metadata, resourceVersion: version }, data };
        return client.request({ method: 'PUT', resource: configMaps, address: named('a'), body });
      },
    ],
    [
      'an apply',
      (version: string) => {
        const metadata = { ...named('a'), resourceVersion: version };
        const mine = object({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { mine: 'x' } });
        return client.apply(configMaps, mine, { fieldManager: 'me', force: true });
      },
    ],
    [
      'a delete',
      (version: string, uid: string) => client.delete(configMaps, named('a'), { uid, resourceVersion: version }),
    ],
  ] as const)('%s', async (_what, write) => {
    const { resourceVersion, uid } = await overtaken();
    expect((await errorOf(write(resourceVersion, uid))).kind).toBe('conflict');
    expect((await world.look(space, 'a')).data).toEqual({ text: 'of a second writer' });
  });

  it('a delete of an object that has been made again under its name', async () => {
    const { metadata } = await world.put(space, 'a', 'old');
    await world.remove(space, 'a');
    const { metadata: present } = await world.put(space, 'a', 'new');
    const stale = { uid: metadata.uid, resourceVersion: present.resourceVersion };
    expect((await errorOf(client.delete(configMaps, named('a'), stale))).kind).toBe('conflict');
    expect((await world.look(space, 'a')).data).toEqual({ text: 'new' });
  });

  it('of twenty writers at one version one wins', async () => {
    const { metadata } = await world.put(space, 'a', '');
    const patch = (text: string) => ({ metadata: { resourceVersion: metadata.resourceVersion }, data: { text } });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => client.mergePatch(configMaps, named('a'), patch(`${n}`))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(result.error.kind).toBe('conflict');
  });
});

it('a field of another manager is a conflict that names the field', async () => {
  const applied = (text: string): KubeObject =>
    object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: named('a'), data: { text } });
  orThrow(await client.apply(configMaps, applied('theirs'), { fieldManager: 'they' }));
  const error = await errorOf(client.apply(configMaps, applied('mine'), { fieldManager: 'me' }));
  expect(error).toMatchObject({ kind: 'conflict', fields: ['.data.text'] });
});

describe('a JSON patch', () => {
  const jsonPatch = (...body: readonly object[]) =>
    client.request<Thing>({
      method: 'PATCH',
      resource: configMaps,
      address: named('a'),
      contentType: 'application/json-patch+json',
      body,
    });
  const change = { op: 'replace', path: '/data/text', value: 'new' };

  it('whose test fails is a conflict', async () => {
    await world.put(space, 'a', 'old');
    const error = await errorOf(jsonPatch({ op: 'test', path: '/data/text', value: 'other' }, change));
    expect(error.kind).toBe('conflict');
    expect(orThrow(await jsonPatch({ op: 'test', path: '/data/text', value: 'old' }, change)).data).toEqual({
      text: 'new',
    });
  });

  it('without a test that fails is invalid for good', async () => {
    await world.put(space, 'a', 'old');
    expect((await errorOf(jsonPatch({ op: 'remove', path: '/data/absent' }))).kind).toBe('invalid');
  });

  it('whose test holds and whose result is refused is invalid, with the field', async () => {
    await world.put(space, 'a', 'old');
    const test = { op: 'test', path: '/data/text', value: 'old' };
    const error = await errorOf(jsonPatch(test, { op: 'add', path: '/metadata/labels/x', value: 'no label value!' }));
    expect(error).toMatchObject({ kind: 'invalid', causes: [{ field: 'metadata.labels' }] });
  });
});

it('another uid in a patch is invalid: it is another object', async () => {
  await world.put(space, 'a', '');
  const metadata = { uid: '00000000-0000-0000-0000-000000000000' };
  expect((await errorOf(client.mergePatch(configMaps, named('a'), { metadata }))).kind).toMatch(/^(invalid|conflict)$/);
});

it('an immutable Secret refuses data, not annotations, and its values are not in the error', async () => {
  const secret = object({ metadata: named('s'), immutable: true, stringData: { seed: canary } });
  const { metadata } = orThrow(await client.create(secretsResource, secret));
  const at = (resourceVersion: string, more: object) => ({ metadata: { resourceVersion, ...more } });
  const error = await errorOf(
    client.mergePatch(secretsResource, named('s'), { ...at(metadata.resourceVersion, {}), stringData: { seed: 'x' } }),
  );
  expect(error).toMatchObject({ kind: 'invalid', causes: [{ field: 'data' }] });
  expect(JSON.stringify(error)).not.toContain(canary);
  const annotations = { note: 'x' };
  const result = await client.mergePatch(secretsResource, named('s'), at(metadata.resourceVersion, { annotations }));
  expect(orThrow(result)).not.toHaveProperty('data');
});

describe('a namespace', () => {
  it('that does not exist is not found', async () => {
    expect((await errorOf(client.create(configMaps, thing('no-such-namespace', 'a')))).kind).toBe('notFound');
  });

  it('that is being deleted takes nothing new', async () => {
    const finalizers = ['transport.test/hold'];
    const held = object({ metadata: { ...named('held'), finalizers } });
    const { metadata } = orThrow(await client.create(configMaps, held));
    const { metadata: present } = orThrow(await client.get(namespaces, { name: space }));
    orThrow(await client.delete(namespaces, { name: space }, present));
    const error = await errorOf(client.create(configMaps, thing(space, 'late')));
    expect(error).toMatchObject({ kind: 'forbidden', because: 'namespaceTerminating' });
    // An object with finalizers is deleted as well, but stays until they are gone.
    await expect
      .poll(async () => orThrow(await client.get(configMaps, named('held'))).metadata.deletionTimestamp, {
        timeout: 30_000,
      })
      .toBeTypeOf('string');
    orThrow(await client.mergePatch(configMaps, { ...metadata }, { metadata: { finalizers: null } }));
  });
});

it('an object with a finalizer is deleted twice without harm, and stays until that is gone', async () => {
  const metadata = { ...named('a'), finalizers: ['transport.test/hold'] };
  orThrow(await client.create(configMaps, object({ metadata })));
  for (let round = 0; round < 2; round += 1) {
    const present = await world.look(space, 'a');
    orThrow(await client.delete(configMaps, named('a'), present.metadata));
  }
  expect((await world.look(space, 'a')).metadata.deletionTimestamp).toBeTypeOf('string');
  orThrow(await client.mergePatch(configMaps, named('a'), { metadata: { finalizers: null } }));
  expect((await errorOf(client.get(configMaps, named('a')))).kind).toBe('notFound');
});

it('a quota that is used up is said as such', async () => {
  const quotas: Resource = { ...configMaps, plural: 'resourcequotas' };
  const hard = { 'count/configmaps': '1' };
  orThrow(await client.create(quotas, object({ metadata: named('one'), spec: { hard } })));
  // A control plane without the quota controller: its status is written here.
  const status = { hard, used: { 'count/configmaps': '1' } };
  orThrow(await client.mergePatch(quotas, named('one'), { status }, { subresource: 'status' }));
  await expect
    .poll(() => errorOf(client.create(configMaps, thing(space, 'more'))), { timeout: 20_000 })
    .toMatchObject({ kind: 'forbidden', because: 'quota' });
});

it('a right that is taken away is missing from then on, and back when it is given again', async () => {
  const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true };
  const bindings = { ...rbac, plural: 'rolebindings' };
  const roleRef = { apiGroup: rbac.group, kind: 'Role', name: 'w' };
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['create'] }];
  orThrow(await client.create({ ...rbac, plural: 'roles' }, object({ metadata: named('w'), rules })));
  const binding = object({ metadata: named('w'), roleRef, subjects: [{ kind: 'ServiceAccount', ...named('w') }] });
  orThrow(await client.create({ ...configMaps, plural: 'serviceaccounts' }, { metadata: named('w') }));
  const { metadata } = orThrow(await client.create(bindings, binding));
  const writer = world.connect(await tokenOf(world.kubeconfig, space, 'w'));
  const write = () => writer.client.create(configMaps, thing(space, `n-${performance.now()}`.replace('.', '-')));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(true);
  orThrow(await client.delete(bindings, named('w'), metadata));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(false);
  expect(await errorOf(write())).toMatchObject({ kind: 'forbidden', because: 'permission' });
  orThrow(await client.create(bindings, binding));
  await expect.poll(async () => (await write()).ok, { timeout: 10_000 }).toBe(true);
  await writer.transport.close();
});

it('an admission policy that denies is named, and what it says of values is left out', async () => {
  const admission = { group: 'admissionregistration.k8s.io', version: 'v1', namespaced: false };
  const name = `transport-${space}`;
  const inSpace = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space } } };
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }];
  const validations = [{ expression: 'false', messageExpression: "'never ' + string(object.data.seed)" }];
  const spec = { matchConstraints: { resourceRules, ...inSpace }, validations };
  const policies = { ...admission, plural: 'validatingadmissionpolicies' };
  orThrow(await client.create(policies, object({ metadata: { name }, spec })));
  const binding = object({ metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } });
  orThrow(await client.create({ ...admission, plural: 'validatingadmissionpolicybindings' }, binding));
  const create = () =>
    client.create(secretsResource, object({ metadata: named(`s-${Date.now()}`), stringData: { seed: canary } }));
  await expect.poll(async () => (await create()).ok, { timeout: 30_000, interval: 200 }).toBe(false);
  await wait(5);
  const error = await errorOf(create());
  expect(error).toMatchObject({ kind: 'invalid', policy: name });
  expect(error.text).toContain(`denied by policy ${name}`);
  expect(JSON.stringify(error)).not.toMatch(/JBSWY3DPEHPK3PXP|SkJTV1kzRFBFSFBLM1BYUA|never/);
});
