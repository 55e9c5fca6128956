// @module-tag seed-safety
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Act } from '../../support/fault-proxy-rules.ts';
import { reflectorStage } from './reflector-stage.ts';
import { statusBody } from './requests.ts';
import { fasterClock } from './watched.ts';

const stage = reflectorStage();

/** Mulberry32: the whole plan of faults and writes follows from one integer. */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
};

/** Every fault that a watch can meet on its way; after each the API server is as it was. */
const faults = (below: (limit: number) => number): readonly Act[] => [
  { do: 'pass' },
  { do: 'cut', afterEvents: below(4) },
  { do: 'cut', afterEvents: below(4), midLine: true },
  { do: 'cut', afterEvents: below(4), clean: true },
  { do: 'stall', afterEvents: below(4) },
  { do: 'replay-events', atEvent: 1 + below(3) },
  { do: 'swap-events', atEvent: 1 + below(3) },
  { do: 'dup' },
  { do: 'split' },
  { do: 'drop-before' },
  { do: 'delay', ms: below(200) },
  { do: 'respond', status: 410, body: statusBody(410, 'Expired') },
  { do: 'respond', status: 429, headers: { 'retry-after': '1' }, body: statusBody(429, 'TooManyRequests') },
  { do: 'respond', status: 500, body: statusBody(500, 'InternalError') },
  { do: 'respond', status: 401, body: statusBody(401, 'Unauthorized') },
  { do: 'respond', status: 200, body: '<html>\n' },
];

const names = ['a', 'b', 'c', 'd', 'e'];

/** Two hundred changes, with the watch cut now and then. */
const change = async (below: (limit: number) => number): Promise<Readonly<Record<string, string>>> => {
  const model = new Map([
    ['a', '1'],
    ['b', '1'],
  ]);
  for (let n = 0; n < 200; n += 1) {
    const name = names[below(names.length)]!;
    if (below(4) === 0 && model.delete(name)) await stage.world.remove(stage.space, name);
    else {
      model.set(name, `${n}`);
      await stage.world.put(stage.space, name, `${n}`);
    }
    if (below(20) === 0) stage.proxy.cutAll();
    await wait(below(20));
  }
  return Object.fromEntries(model);
};

it.each([1, 2, 3])('whatever happens to its watches, a reflector ends at what there is (seed %i)', async (seed) => {
  const below = chance(seed);
  for (let nth = 1; nth <= 60; nth += 1) {
    const acts = faults(below);
    stage.onWatch(nth, acts[below(acts.length)]!);
  }
  const opened = stage.watch({ clock: fasterClock(20) });
  const model = await change(below);
  await opened.knows(model, 60_000);
  // And nothing that was told late undoes it.
  await wait(500);
  expect(Object.fromEntries(opened.known)).toEqual(model);
  expect(opened.told).not.toContain('went back');
  expect(stage.world.alarms).toEqual([]);
});
