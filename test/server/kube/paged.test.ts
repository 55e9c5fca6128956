import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../../dev/control-plane/index.ts';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { readsOf, statusBody } from './requests.ts';
import { Watched } from './watched.ts';
import { configMaps, type Connected, thing, World } from './world.ts';

/** Where nothing of the kind is cached yet it is built first. */
const startTimeoutMs = 15 * 60_000;

/** An API server as some are: it streams no initial set, and forgets old versions; here after a second. */
const extraApiServerArgs = [
  '--feature-gates=WatchList=false,ListFromCacheSnapshot=false',
  '--etcd-compaction-interval=1s',
];

/** Three pages. */
const many = 1_100;

let controlPlane: ControlPlane;
let world: World;
let own: Connected;
let space: string;
let watched: Watched;

beforeAll(async () => {
  controlPlane = await startControlPlane({ needsLocal: true, log: () => undefined, extraApiServerArgs });
  world = await World.open(controlPlane.kubeconfig);
  space = await world.newNamespace();
  for (let n = 0; n < many; n += 50) {
    const batch = Array.from({ length: 50 }, (_, place) => thing(space, `t-${n + place}`, '1'));
    for (const made of await Promise.all(batch.map((one) => world.direct.create(configMaps, one)))) orThrow(made);
  }
}, startTimeoutMs);
afterAll(async () => {
  await world.close();
  await controlPlane.stop();
});

beforeEach(() => {
  own = world.connect();
});
afterEach(async () => {
  await watched.stop();
  await own.transport.close();
  world.proxy.reset();
});

const synced = (lists: number) =>
  expect
    .poll(() => watched.reflector.status(), { timeout: 30_000, interval: 50 })
    .toMatchObject({ synced: true, size: many, lists });

/** Waits until this, and only this, was asked since the beginning. */
const asked = (...requests: readonly string[]): Promise<void> =>
  expect.poll(() => readsOf(world.proxy.requests)).toEqual(requests);

it('a server that streams no initial set is read page by page, and then watched', async () => {
  watched = new Watched(own, space);
  await synced(1);
  await world.put(space, 't-0', '2');
  await expect.poll(() => watched.known.get('t-0')).toBe('2');
  await asked('read now', 'list', 'next page', 'next page', 'watch on');
  await world.put(space, 't-0', '1');
});

it('a continue token that has expired is not continued elsewhere: the set is read again, as a whole', async () => {
  world.proxy.add({ path: /continue=/, nth: 1, act: { do: 'delay', ms: 6_000 } });
  watched = new Watched(own, space);
  await expect.poll(() => watched.known.size, { timeout: 10_000 }).toBe(500);
  for (let n = 0; n < 8; n += 1) {
    await world.put(space, 't-1', `${n}`);
    await wait(500);
  }
  await world.remove(space, 't-0');
  await world.put(space, 't-new', '1');
  await synced(2);
  const expired = world.proxy.requests.filter(({ status }) => status === 410);
  expect(expired).toHaveLength(1);
  const firstPages = ['read now', 'list', 'next page'];
  await asked(...firstPages, ...firstPages, 'next page', 'watch on');
  expect([watched.known.has('t-0'), watched.known.get('t-1'), watched.known.get('t-new')]).toEqual([false, '7', '1']);
  expect(watched.told.filter((line) => line.startsWith('-'))).toEqual(['-t-0']);
});

it('a watch from a version that is no longer kept is 410, and what vanished meanwhile is found out', async () => {
  watched = new Watched(own, space);
  await synced(1);
  watched.told.length = 0;
  world.proxy.reset();
  world.proxy.add({ path: /configmaps/, act: { do: 'respond', status: 503, body: statusBody(503, 'x') } });
  world.proxy.cutAll();
  await world.remove(space, 't-2');
  await world.put(space, 't-3', 'changed');
  await controlPlane.local!.restartApiServer();
  await world.put(space, 't-4', 'changed');
  world.proxy.reset();
  // Twice the longest backoff, where the API server was slow to come back.
  await expect.poll(() => watched.told, { timeout: 90_000 }).toContain('synced');
  expect([...watched.told].sort()).toEqual(['+t-3=changed', '+t-4=changed', '-t-2', 'synced']);
  expect(world.proxy.requests.map(({ status }) => status)).toContain(410);
}, 240_000);
