import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lane, QueueOptions } from '../../../src/kube/queue/queue.ts';
import { queueWorld, type QueueWorld } from './queue-world.ts';
import { settle } from './virtual-clock.ts';

describe('a key', () => {
  it('added many times is worked on once', async () => {
    const { queue, began, finish } = queueWorld();
    queue.add('x', 'bulk');
    for (let round = 0; round < 5; round++) queue.add('a', 'bulk');
    await finish('x');
    await finish('a');
    expect(began).toEqual(['x', 'a']);
  });

  it('added while it is worked on is worked on again, after that', async () => {
    const { queue, began, finish } = queueWorld({ concurrency: 4 });
    queue.add('a', 'bulk');
    queue.add('a', 'bulk');
    queue.add('a', 'interactive');
    await settle();
    expect(began).toEqual(['a']);
    await finish('a');
    expect(began).toEqual(['a', 'a']);
    await finish('a');
    expect(queue.stats().running).toBe(0);
  });

  it('is not worked on beyond the concurrency', () => {
    const { queue, began } = queueWorld({ concurrency: 3 });
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key, 'interactive');
    expect(began).toEqual(['a', 'b', 'c']);
    expect(queue.stats()).toMatchObject({ running: 3, interactive: { depth: 1 } });
  });
});

describe('a full queue', () => {
  it.each(['bulk', 'interactive'] as const)('waits for work to end, and for nothing else: %s', async (lane) => {
    const { clock, queue } = queueWorld({ concurrency: 2 });
    for (let n = 0; n < 10; n++) queue.add(`ns/${n}`, lane);
    await clock.advance(1);
    expect(queue.stats().running).toBe(2);
    expect(clock.timers).toBe(0);
  });
});

describe('failing work', () => {
  const failing = (options: Partial<QueueOptions> = {}): QueueWorld => {
    const began: string[] = [];
    const made = queueWorld({ work: (key) => (began.push(key), Promise.reject(new Error('no'))), ...options });
    return { ...made, began };
  };

  it('is tried again, ever later, up to minutes', async () => {
    const { queue, began, clock } = failing();
    queue.add('a', 'bulk');
    await clock.advance(1_000);
    expect(began).toHaveLength(3);
    await clock.advance(3_600_000);
    expect(began.length).toBeGreaterThan(15);
    expect(began.length).toBeLessThan(25);
    expect(queue.stats().failing).toBe(1);
  });

  it('that then succeeds begins anew', async () => {
    let fail = true;
    const began: number[] = [];
    const { queue, clock } = queueWorld({
      work: () => {
        began.push(clock.monotonic());
        return fail ? Promise.reject(new Error('no')) : Promise.resolve();
      },
    });
    queue.add('a', 'bulk');
    await clock.advance(10_000);
    fail = false;
    queue.add('a', 'bulk');
    await clock.advance(0);
    expect(queue.stats()).toMatchObject({ failing: 0, delayed: 0 });
    fail = true;
    began.length = 0;
    queue.add('a', 'bulk');
    await clock.advance(250);
    expect(began).toEqual([10_000, 10_250]);
  });

  it('may ask for a longer wait', async () => {
    const began: string[] = [];
    const made = queueWorld({
      work: (key) => {
        began.push(key);
        if (began.length === 1) made.queue.retry(key, 30_000);
        return Promise.resolve();
      },
    });
    made.queue.add('a', 'bulk');
    await made.clock.advance(30_000);
    expect(began).toHaveLength(1);
    await made.clock.advance(1_000);
    expect(began).toHaveLength(2);
    expect(made.queue.stats().failing).toBe(0);
  });
});

describe('the end', () => {
  it('waits for running work and starts no more', async () => {
    const { queue, began, finish, clock } = queueWorld();
    queue.add('a', 'bulk');
    queue.add('b', 'bulk');
    queue.addAt('c', clock.now() + 1_000);
    let stopped = false;
    const stop = queue.stop().then(() => (stopped = true));
    await settle();
    expect(stopped).toBe(false);
    await finish('a');
    await stop;
    await clock.advance(5_000);
    expect(began).toEqual(['a']);
    expect(clock.timers).toBe(0);
  });

  it('of all that is ready can be waited for', async () => {
    const { queue, finish } = queueWorld();
    await queue.drain();
    queue.add('a', 'bulk');
    let isDrained = false;
    const drained = queue.drain().then(() => (isDrained = true));
    await settle();
    expect(isDrained).toBe(false);
    await finish('a');
    await drained;
  });
});

it('for any sequence, every key added is worked on after its last add, and never in two hands', async () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key, lane: fc.constantFrom<Lane>('bulk', 'interactive') }),
    fc.record({ do: fc.constant('finish' as const), key }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 3 }), async (steps, concurrency) => {
      const { queue, began, finish } = queueWorld({ concurrency });
      /** How much work had begun when the key was last added. */
      const owed = new Map<string, number>();
      for (const action of steps) {
        if (action.do === 'add') {
          owed.set(action.key, began.length);
          queue.add(action.key, action.lane);
        } else await finish(action.key);
      }
      while (queue.stats().running > 0) {
        for (const each of ['a', 'b', 'c', 'd', 'e']) await finish(each);
      }
      for (const [each, since] of owed) expect(began.lastIndexOf(each)).toBeGreaterThanOrEqual(since);
      expect(queue.stats()).toMatchObject({ running: 0, bulk: { depth: 0 }, interactive: { depth: 0 } });
    }),
    { numRuns: 40 },
  );
});
