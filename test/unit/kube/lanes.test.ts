import { describe, expect, it } from 'vitest';
import { queueWorld } from './queue-world.ts';

describe('lanes', () => {
  it('let a single change pass a thousand others', async () => {
    const { queue, began, finish } = queueWorld();
    for (let n = 0; n < 1_000; n++) queue.add(`bulk-${n}`, 'bulk');
    queue.add('mine', 'interactive');
    await finish('bulk-0');
    expect(began).toEqual(['bulk-0', 'mine']);
  });

  it('keep a place free for single changes', () => {
    const { queue, began } = queueWorld({ concurrency: 8 });
    for (let n = 0; n < 20; n++) queue.add(`bulk-${n}`, 'bulk');
    expect(began).toHaveLength(8);
    queue.add('mine', 'interactive');
    expect(began.at(-1)).toBe('mine');
  });

  it('keep the bulk to a quarter of its places while single changes come and a moment longer, and give them back', async () => {
    const { queue, began, finish, clock } = queueWorld({ concurrency: 8 });
    for (let n = 0; n < 30; n++) queue.add(`bulk-${n}`, 'bulk');
    queue.add('mine', 'interactive');
    for (let n = 0; n < 6; n++) await finish(`bulk-${n}`);
    expect(queue.stats().running).toBe(2 + 1);
    await finish('bulk-6');
    expect(began.slice(9)).toEqual(['bulk-8']);
    await finish('mine');
    expect(queue.stats().running).toBe(2);
    await clock.advance(250);
    await finish('bulk-7');
    expect(queue.stats().running).toBe(8);
  });

  it('move a waiting key up, never down', async () => {
    const { queue, began, finish } = queueWorld();
    for (const key of ['x', 'a', 'b']) queue.add(key, 'bulk');
    queue.add('b', 'interactive');
    queue.add('b', 'bulk');
    for (const key of ['x', 'b', 'a']) await finish(key);
    expect(began).toEqual(['x', 'b', 'a']);
    expect(queue.stats()).toMatchObject({ interactive: { depth: 0 }, bulk: { depth: 0 } });
  });

  it('put what comes in a crowd with the bulk, so that a later single change passes it', async () => {
    const { queue, began, finish } = queueWorld();
    for (let n = 0; n < 1_000; n++) queue.add(`ns/crowd-${n}`, 'interactive');
    expect(queue.stats()).toMatchObject({ interactive: { depth: 16 }, bulk: { depth: 983 } });
    for (let n = 0; n < 40; n++) await finish(began.at(-1)!);
    expect(queue.stats().interactive.depth).toBe(0);
    queue.add('ns/mine', 'interactive');
    await finish(began.at(-1)!);
    expect(began.at(-1)).toBe('ns/mine');
  });

  it('know the crowd of a key as it was when it came', async () => {
    let crowd = 'new';
    const { queue, began, finish } = queueWorld({ crowdOf: () => crowd });
    for (let n = 0; n < 30; n++) queue.add(`${n}`, 'interactive');
    crowd = 'known';
    queue.add('mine', 'interactive');
    expect(queue.stats()).toMatchObject({ interactive: { depth: 17 }, bulk: { depth: 13 } });
    while (began.length < 31) await finish(began.at(-1)!);
    crowd = 'new';
    for (let n = 0; n < 30; n++) queue.add(`again-${n}`, 'interactive');
    expect(queue.stats()).toMatchObject({ interactive: { depth: 16 } });
  });

  it('do not hold up a change of one namespace behind the crowd of another', async () => {
    const { queue, began, finish } = queueWorld();
    for (let n = 0; n < 1_000; n++) queue.add(`import/${n}`, 'interactive');
    queue.add('other/mine', 'interactive');
    for (let n = 0; n < 20; n++) await finish(began.at(-1)!);
    expect(began).toContain('other/mine');
  });

  it('let single changes through while more come than can be done', async () => {
    const { queue, began, finish } = queueWorld();
    let next = 0;
    const placeWhenAdded = new Map<string, number>();
    for (let round = 0; round < 500; round++) {
      for (let n = 0; n < 3; n++) {
        placeWhenAdded.set(`ns/${next}`, began.length);
        queue.add(`ns/${next++}`, 'interactive');
      }
      await finish(began.at(-1)!);
    }
    const waits = began.map((key, place) => place - placeWhenAdded.get(key)!);
    const quick = waits.filter((wait) => wait <= 20).length;
    expect(quick).toBeGreaterThan(0.85 * began.length);
  });

  it('do not starve the bulk', async () => {
    const { queue, began, finish } = queueWorld();
    queue.add('x', 'interactive');
    queue.add('bulk', 'bulk');
    for (let n = 0; n < 20; n++) queue.add(`i${n}`, 'interactive');
    for (let n = 0; n < 12; n++) await finish(began.at(-1)!);
    expect(began).toContain('bulk');
  });
});
