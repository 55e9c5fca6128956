// @module-tag seed-safety
import { describe, expect, it } from 'vitest';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { leasesResource } from '../../../src/kube/lease/lease-record.ts';
import { checkStorage } from '../../../src/kube/reflector/storage-check.ts';
import { statusBody } from './requests.ts';
import { StorageStage } from './storage-stage.ts';
import { configMaps } from './world.ts';

const stage = new StorageStage();

describe('storage that does not answer', () => {
  it('leaves the outcome of a write open and a read without an answer, each at its deadline', async () => {
    await stage.put('a', 'old');
    const { client, alarms } = stage.own;
    const ref = { namespace: stage.space, name: 'a' };
    stage.local.freezeEtcd();
    try {
      const startedMs = performance.now();
      const write = client.mergePatch(configMaps, ref, { data: { text: 'new' } }, { deadlineMs: 1_000 });
      const read = client.get(configMaps, ref, { deadlineMs: 1_000 });
      expect(await write).toMatchObject({ error: { kind: 'unknownOutcome', status: 0 } });
      expect(await read).toMatchObject({ error: { kind: 'unavailable', status: 0 } });
      expect(performance.now() - startedMs).toBeLessThan(2_500);
      const patch = { method: 'PATCH', contentType: 'application/merge-patch+json', body: { data: {} } } as const;
      const asked = { ...patch, resource: configMaps, address: ref, query: { timeout: '2s' } };
      expect(await client.request(asked)).toMatchObject({ error: { kind: 'unknownOutcome', status: 504 } });
    } finally {
      stage.local.thawEtcd();
    }
    await expect.poll(async () => (await client.get(configMaps, ref)).ok, { timeout: 30_000 }).toBe(true);
    expect(alarms).toEqual([]);
  });
});

it('an API server that restarts tells nothing twice, and what changed meanwhile', async () => {
  await stage.put('a', '1');
  const watched = stage.watch();
  await watched.tells('+a=1', 'synced');
  await stage.local.restartApiServer();
  await stage.put('b', '1');
  await watched.knows({ a: '1', b: '1' });
  expect(watched.told.filter((line) => line !== 'synced')).toEqual(['+b=1']);
  expect(stage.own.alarms).toEqual([]);
});

const stored = { a: '1', b: '1' };

describe('etcd restored under a running API server', () => {
  it('is noticed by the Lease within seconds, and by the cache once the API server has restarted', async () => {
    const leadership = await stage.leader();
    const { watched, restore } = await stage.lateChanges();
    const { tripwire } = stage.own;
    const { highest } = tripwire.mark(leasesResource);
    await expect.poll(() => tripwire.mark(leasesResource).highest, { timeout: 5_000 }).not.toBe(highest);
    await restore({ restartApiServer: false });
    const restoredMs = performance.now();
    await stage.alarms().toContain('get');
    expect(performance.now() - restoredMs).toBeLessThan(8_000);
    // A list comes from the cache of the API server, which knows nothing of it.
    await watched.knows({ a: 'lost-19', c: 'lost' });
    expect(watched.told[0]).toBe('went back');
    expect(leadership.holds()).toBe(true);
    await stage.local.restartApiServer();
    await watched.knows(stored, 60_000);
    expect(stage.own.alarms.length).toBeGreaterThan(1);
  });

  it('is noticed without a Lease at the next bookmark of a watch that has gone silent', async () => {
    const { watched, restore } = await stage.lateChanges();
    await restore({ restartApiServer: false });
    await stage.put('a', 'after');
    await stage.alarms(100_000).toEqual(['check']);
    expect(watched.told[0]).toBe('went back');
    await stage.local.restartApiServer();
    await watched.knows({ a: 'after', b: '1' }, 60_000);
  });

  it('is noticed without a Lease when the watch is cut', async () => {
    const { watched, restore } = await stage.lateChanges();
    await restore({ restartApiServer: false });
    stage.world.proxy.cutAll();
    await stage.alarms().toEqual(['check']);
    await stage.local.restartApiServer();
    await watched.knows(stored, 60_000);
  });

  it('is noticed by the next write that changes something', async () => {
    const { watched, restore } = await stage.lateChanges();
    await watched.stop();
    await restore({ restartApiServer: false });
    const { client } = stage.own;
    const ref = { namespace: stage.space, name: 'b' };
    const { resourceVersion } = orThrow(await client.get(configMaps, ref)).metadata;
    orThrow(await client.mergePatch(configMaps, ref, { metadata: { resourceVersion }, data: { text: '2' } }));
    await stage.alarms().toEqual(['write']);
  });
});

describe('etcd restored, and the API server restarted', () => {
  it('is noticed when the watch comes back: what there is, is known', async () => {
    const { watched, restore } = await stage.lateChanges();
    await restore({ restartApiServer: true });
    await watched.knows(stored);
    expect(stage.own.alarms.length).toBeGreaterThan(0);
    await stage.put('b', '2');
    await watched.knows({ a: '1', b: '2' });
  });

  it.each([
    [
      'answered 503 meanwhile: by the object told of last',
      { do: 'respond', status: 503, body: statusBody(503, '') },
      'check',
    ],
    ['was not reached meanwhile: by an object older than it was', { do: 'drop-before' }, 'object'],
  ] as const)('and further by now than was ever seen is noticed where it %s', async (_how, act, kind) => {
    const { watched, latest, restore } = await stage.lateChanges();
    stage.world.proxy.add({ path: /configmaps/, act });
    stage.world.proxy.cutAll();
    await restore({ restartApiServer: true });
    let b = { text: '', version: 0 };
    while (b.version < Number(latest) + 10) {
      const text = `new-${b.version}`;
      b = { text, version: Number((await stage.put('b', text)).metadata.resourceVersion) };
    }
    stage.world.proxy.reset();
    await watched.knows({ a: '1', b: b.text }, 60_000);
    expect(stage.own.alarms.map((event) => event.kind)).toEqual([kind]);
  });

  it('says nothing to a plain watch from the future, and "too large" to a list: hence the checks', async () => {
    const { latest, restore } = await stage.lateChanges();
    await restore({ restartApiServer: true });
    const { client, tripwire, alarms } = stage.connect();
    const scope = { namespace: stage.space, timeoutSeconds: 3 };
    const silent = orThrow(await client.watch(configMaps, { ...scope, resourceVersion: latest }));
    await stage.put('b', 'unseen');
    let bytes = 0;
    for await (const chunk of silent.chunks) bytes += chunk.length;
    expect([silent.status, bytes]).toEqual([200, 0]);
    const list = await client.list(configMaps, { namespace: stage.space, notOlderThan: latest });
    expect(list).toMatchObject({ error: { kind: 'versionTooLarge' } });
    tripwire.saw(configMaps, latest, tripwire.mark(configMaps));
    const options = { client, tripwire, resource: configMaps, namespace: stage.space };
    const told = { latest, last: undefined };
    expect(await checkStorage(options, told, AbortSignal.timeout(5_000))).toEqual({ what: 'wentBack' });
    expect(alarms).toMatchObject([{ kind: 'check', highest: latest }]);
  });
});
