import { beforeEach, describe, expect, test } from 'vitest';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import type { Program } from '../../../src/operator/program.ts';
import { SimulatedWorld } from './simulation/world.ts';

let world: SimulatedWorld;
let program: Program;

const at = (hours: number) => ({ requestedAt: formatSeconds(world.clock.now() + hours * hourMs) });
const figure = async (name: string): Promise<number> => {
  const text = await program.metrics.registry.metrics();
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`exchange2fa_${name} `))
      ?.split(' ')[1],
  );
};
const pending = (request: string): Promise<number> => figure(`requests_pending{request="${request}"}`);

beforeEach(async () => {
  world = new SimulatedWorld();
  world.applyPlatform();
  world.applyAccount('anna');
  program = world.start();
  await world.settle();
});

describe('the requests that wait', () => {
  test('are those of accounts and platforms dated in the future', async () => {
    world.applyAccount('ben', { suspension: { ...at(1), hours: 1 }, reset: at(1), unlock: at(1) });
    world.applyAccount('carl', { suspension: { ...at(-1), hours: 2 }, reset: at(-1), unlock: at(-1) });
    await world.settle();
    const counts = async () => [await pending('suspension'), await pending('reset'), await pending('unlock')];
    expect(await counts()).toEqual([1, 1, 1]);
    world.applyPlatform({ suspension: { ...at(1), hours: 1 }, reset: at(1) });
    await world.settle();
    expect(await counts()).toEqual([2, 2, 1]);
  });

  test('are resets, too, of a seed that is kept while the second factor is off', async () => {
    world.applyAccount('removed', { state: 'Removed', reset: at(0) });
    world.applyPlatform({ accountDefault: 'Disabled' });
    await world.clock.advance(2_000);
    world.applyAccount('anna', { reset: at(0) });
    await world.settle();
    expect(await pending('reset')).toBe(1);
    world.applyPlatform({ state: 'Disabled', reset: at(0) });
    await world.settle();
    expect(await pending('reset')).toBe(2);
    world.applyPlatform({ reset: at(0) });
    await world.settle();
    expect(await pending('reset')).toBe(0);
  });

  test('are none of what cannot be understood', async () => {
    world.applyAccount('odd', { reset: { requestedAt: 4_000_000_000 } });
    await world.settle();
    expect(await pending('reset')).toBe(0);
  });
});

test('how long a watch has been silent grows until a byte comes', async () => {
  const silent = (): Promise<number> => figure('watch_silent_seconds{namespace="mail",resource="accounts"}');
  await world.clock.advance(50_000);
  expect(await silent()).toBeGreaterThanOrEqual(50);
  world.applyAccount('ben');
  await world.settle();
  expect(await silent()).toBeLessThanOrEqual(1);
});
