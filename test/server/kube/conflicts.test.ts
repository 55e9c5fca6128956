import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { type Client } from '../../../src/kube/client.ts';
import { orThrow } from '../../../src/kube/errors.ts';
import { type KubeObject } from '../../../src/kube/resource.ts';
import { configMaps, errorOf, object, thing, type Thing, World } from './world.ts';

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

const named = (name: string) => ({ namespace: space, name });

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
