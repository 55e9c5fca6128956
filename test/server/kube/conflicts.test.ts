// @module-tag seed-safety
import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { kubeStage } from './kube-stage.ts';
import { configMaps, errorOf, thing, type Thing } from './world.ts';

const stage = kubeStage();

/** A thing that somebody else has changed since it was looked at. */
const overtaken = async () => {
  const { metadata } = await stage.world.put(stage.space, 'a', 'seen');
  await stage.world.put(stage.space, 'a', 'of a second writer');
  return metadata;
};

describe('a stale write is a conflict, and changes nothing', () => {
  it.each([
    [
      'a merge patch',
      (version: string) =>
        stage.client.mergePatch(configMaps, stage.named('a'), { metadata: { resourceVersion: version } }),
    ],
    [
      'a PUT',
      (version: string) => {
        const { metadata, data } = thing(stage.space, 'a', 'mine');
        const body = { metadata: { ...metadata, resourceVersion: version }, data };
        return stage.client.request({ method: 'PUT', resource: configMaps, address: stage.named('a'), body });
      },
    ],
    [
      'a delete',
      (version: string, uid: string) =>
        stage.client.delete(configMaps, stage.named('a'), { uid, resourceVersion: version }),
    ],
  ] as const)('%s', async (_what, write) => {
    const { resourceVersion, uid } = await overtaken();
    expect((await errorOf(write(resourceVersion, uid))).kind).toBe('conflict');
    expect((await stage.world.look(stage.space, 'a')).data).toEqual({ text: 'of a second writer' });
  });

  it('a delete of an object that has been made again under its name', async () => {
    const { metadata } = await stage.world.put(stage.space, 'a', 'old');
    await stage.world.remove(stage.space, 'a');
    const { metadata: present } = await stage.world.put(stage.space, 'a', 'new');
    const stale = { uid: metadata.uid, resourceVersion: present.resourceVersion };
    expect((await errorOf(stage.client.delete(configMaps, stage.named('a'), stale))).kind).toBe('conflict');
    expect((await stage.world.look(stage.space, 'a')).data).toEqual({ text: 'new' });
  });

  it('of twenty writers at one version one wins', async () => {
    const { metadata } = await stage.world.put(stage.space, 'a', '');
    const patch = (text: string) => ({ metadata: { resourceVersion: metadata.resourceVersion }, data: { text } });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) => stage.client.mergePatch(configMaps, stage.named('a'), patch(`${n}`))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    for (const result of results) if (!result.ok) expect(result.error.kind).toBe('conflict');
  });
});

it('a field of another manager is a conflict that names the field', async () => {
  const apply = (fieldManager: string, text: string) =>
    stage.client.request({
      method: 'PATCH',
      resource: configMaps,
      address: stage.named('a'),
      query: { fieldManager },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: stage.named('a'), data: { text } },
    });
  orThrow(await apply('they', 'theirs'));
  const error = await errorOf(apply('me', 'mine'));
  expect(error).toMatchObject({ kind: 'conflict', fields: ['.data.text'] });
});

describe('a JSON patch', () => {
  const jsonPatch = (...body: readonly object[]) =>
    stage.client.request<Thing>({
      method: 'PATCH',
      resource: configMaps,
      address: stage.named('a'),
      contentType: 'application/json-patch+json',
      body,
    });
  const change = { op: 'replace', path: '/data/text', value: 'new' };

  it('whose test fails is a conflict', async () => {
    await stage.world.put(stage.space, 'a', 'old');
    const error = await errorOf(jsonPatch({ op: 'test', path: '/data/text', value: 'other' }, change));
    expect(error.kind).toBe('conflict');
    expect(orThrow(await jsonPatch({ op: 'test', path: '/data/text', value: 'old' }, change)).data).toEqual({
      text: 'new',
    });
  });

  it('without a test that fails is invalid for good', async () => {
    await stage.world.put(stage.space, 'a', 'old');
    expect((await errorOf(jsonPatch({ op: 'remove', path: '/data/absent' }))).kind).toBe('invalid');
  });

  it('whose test holds and whose result is refused is invalid, with the field', async () => {
    await stage.world.put(stage.space, 'a', 'old');
    const test = { op: 'test', path: '/data/text', value: 'old' };
    const error = await errorOf(
      jsonPatch(test, { op: 'add', path: '/metadata/labels', value: { x: 'no label value!' } }),
    );
    expect(error).toMatchObject({ kind: 'invalid', causes: [{ field: 'metadata.labels' }] });
  });
});
