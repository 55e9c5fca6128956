import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DelayedKeys } from '../../../src/kube/queue/delayed-keys.ts';
import { quickQueueWorld } from './queue-world.ts';

describe('instants', () => {
  it('wake a key when they have come, the earliest counting', async () => {
    const { queue, began, clock } = quickQueueWorld();
    queue.addAt('a', clock.now() + 5_000);
    queue.addAt('a', clock.now() + 3_000);
    queue.addAt('a', clock.now() + 9_000);
    await clock.advance(2_999);
    expect(began).toEqual([]);
    await clock.advance(1);
    expect(began).toEqual(['a']);
    await clock.advance(60_000);
    expect(began).toEqual(['a']);
  });

  it('may be a hundred days away', async () => {
    const { queue, began, clock } = quickQueueWorld();
    const days = 86_400_000;
    queue.addAt('a', clock.now() + 100 * days);
    expect(clock.timers).toBe(1);
    clock.wallOffsetMs += 100 * days;
    await clock.advance(10_000);
    expect(began).toEqual(['a']);
  });

  it('in the past wake at once', async () => {
    const { queue, began, clock } = quickQueueWorld();
    queue.addAt('a', clock.now() - 1);
    await clock.advance(0);
    expect(began).toEqual(['a']);
  });

  it('share one timer', () => {
    const { queue, clock } = quickQueueWorld();
    for (let n = 0; n < 1_000; n++) queue.addAt(`k${n}`, clock.now() + 1_000_000 - n);
    expect(clock.timers).toBe(1);
    expect(queue.stats().delayed).toBe(1_000);
  });

  it('are dropped when work begins, as it knows the next', async () => {
    const { queue, began, clock } = quickQueueWorld();
    queue.addAt('a', clock.now() + 5_000);
    queue.add('a', 'interactive');
    await clock.advance(10_000);
    expect(began).toEqual(['a']);
  });

  it('say how late they were', async () => {
    const lateness: number[] = [];
    const { queue, clock } = quickQueueWorld({ onLateness: (ms) => void lateness.push(ms) });
    queue.addAt('a', clock.now() - 70);
    await clock.advance(0);
    expect(lateness).toEqual([70]);
  });
});

it('for any sequence, the heap gives what a sorted list gives', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key, at: fc.nat(50) }),
    fc.record({ do: fc.constant('delete' as const), key }),
    fc.record({ do: fc.constant('take' as const), now: fc.nat(50) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new DelayedKeys();
      const model = new Map<string, number>();
      for (const action of steps) {
        if (action.do === 'add') {
          heap.add(action.key, action.at);
          model.set(action.key, Math.min(action.at, model.get(action.key) ?? Infinity));
        } else if (action.do === 'delete') {
          heap.delete(action.key);
          model.delete(action.key);
        } else {
          const due = heap.takeDue(action.now);
          const earliest = Math.min(...model.values());
          if (due) {
            expect(model.get(due.key)).toBe(due.instant);
            expect(due.instant).toBe(earliest);
            model.delete(due.key);
          } else expect(earliest).toBeGreaterThan(action.now);
        }
        expect(heap.size).toBe(model.size);
        expect(heap.earliest ?? Infinity).toBe(Math.min(...model.values()));
      }
    }),
  );
});
