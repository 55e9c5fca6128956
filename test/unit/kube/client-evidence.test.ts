import { describe, expect, it } from 'vitest';
import { clientFixture, patchAt, ref } from './client-fixture.ts';
import { page, thing, things } from './reflector-world.ts';

const stage = clientFixture();

describe('storage that went back is noticed', () => {
  const seen354 = async (): Promise<void> => {
    stage.server.answer(200, page('354', []));
    await stage.client.list(things);
  };

  it.each([
    ['by a consistent list', () => stage.client.list(things), page('291', []), 1],
    ['not by a list that asked for less', () => stage.client.list(things, { notOlderThan: '200' }), page('291', []), 0],
    ['by a create', () => stage.client.create(things, thing('a', '')), thing('a', '291'), 1],
    [
      'by a write that changed something',
      () => stage.client.mergePatch(things, ref, patchAt('200')),
      thing('a', '291'),
      1,
    ],
    [
      'not by a write that changed nothing',
      () => stage.client.mergePatch(things, ref, patchAt('291')),
      thing('a', '291'),
      0,
    ],
    [
      'not by a write that may have changed nothing',
      () => stage.client.mergePatch(things, ref, {}),
      thing('a', '291'),
      0,
    ],
    ['not by a get: an object may be old', () => stage.client.get(things, ref), thing('a', '291'), 0],
  ] as readonly (readonly [string, () => Promise<unknown>, object, number])[])(
    '%s',
    async (_what, call, body, rings) => {
      await seen354();
      stage.server.answer(200, body);
      await call();
      expect(stage.alarms).toHaveLength(rings);
    },
  );
});

it('the server time is told once for each second of it', async () => {
  const date = new Date(stage.clock.now() + 30_000).toUTCString();
  for (let round = 0; round < 2; round++) stage.server.answer(200, thing('a', '5'), { date });
  await stage.client.get(things, ref);
  await stage.client.get(things, ref);
  expect(stage.times).toEqual([{ offsetMs: 30_500, roundTripMs: 0 }]);
});
