import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { eventsResource } from '../../../src/kube/events/event-object.ts';
import { createEventRecorder } from '../../../src/kube/events/events.ts';
import { fasterClock } from './watched.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => void (world = await World.open(inject('kubeconfig'))));
afterAll(() => world.close());

it('the API server takes an event as it is recorded, and the count of a series when that is over', async () => {
  const space = await world.newNamespace();
  const { metadata } = await world.put(space, 'a', '1');
  const recorder = createEventRecorder({
    client: world.client,
    // A series lasts six minutes.
    clock: fasterClock(300),
    log: silentLog,
    controller: 'transport.test/recorder',
    instance: 'one',
  });
  const regarding = { apiVersion: 'v1', kind: 'ConfigMap', namespace: space, name: 'a', uid: metadata.uid };
  const note = `locked – ${'ü'.repeat(600)}`;
  for (let round = 0; round < 3; round += 1) {
    recorder.record(regarding, { type: 'Warning', reason: 'Locked', action: 'Lock', note });
  }
  recorder.record(regarding, { type: 'Normal', reason: 'Enrolled', action: 'Enroll', note: 'first code accepted' });
  const seen = async () => orThrow(await world.direct.list(eventsResource, { namespace: space })).items;
  const expected = (reason: string, more: object) =>
    expect.objectContaining({ reason, reportingController: 'transport.test/recorder', ...more }) as unknown;
  await expect.poll(async () => (await seen()).length).toBe(2);
  await expect
    .poll(seen, { timeout: 10_000 })
    .toEqual(
      expect.arrayContaining([
        expected('Locked', { type: 'Warning', series: expect.objectContaining({ count: 3 }) as unknown }),
        expected('Enrolled', { type: 'Normal', regarding: expect.objectContaining(regarding) as unknown }),
      ]),
    );
  expect(recorder.dropped()).toBe(0);
  await recorder.stop(1_000);
});
