import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { Instants } from '../../../src/kube/instants.ts';
import { KeyedQueue, type Lane, type QueueOptions } from '../../../src/kube/queue.ts';
import { WaitingLine } from '../../../src/kube/waiting-line.ts';
import { steadyRandom } from './fake-server.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

interface World {
  readonly clock: VirtualClock;
  readonly queue: KeyedQueue;
  /** Keys in the order in which their work began. */
  readonly began: string[];
  /** Ends the work on a key. */
  readonly finish: (key: string, error?: Error) => Promise<void>;
}

const world = (options: Partial<QueueOptions> = {}): World => {
  const clock = new VirtualClock();
  const began: string[] = [];
  const working = new Map<string, (error?: Error) => void>();
  const work = (key: string): Promise<void> => {
    began.push(key);
    expect(working.has(key), `${key} is in two hands`).toBe(false);
    return new Promise((resolve, reject) => {
      working.set(key, (error) => {
        working.delete(key);
        if (error) reject(error);
        else resolve();
      });
    });
  };
  const queue = new KeyedQueue({ clock, random: steadyRandom, log: silentLog, concurrency: 1, work, ...options });
  const finish = async (key: string, error?: Error): Promise<void> => {
    working.get(key)?.(error);
    await settle();
  };
  return { clock, queue, began, finish };
};

/** A queue whose work ends at once. */
const quick = (options: Partial<QueueOptions> = {}): World => {
  const began: string[] = [];
  const made = world({ work: (key) => (began.push(key), Promise.resolve()), ...options });
  return { ...made, began };
};

describe('a key', () => {
  it('added many times is worked on once', async () => {
    const { queue, began, finish } = world();
    queue.add('x', 'bulk');
    for (let round = 0; round < 5; round++) queue.add('a', 'bulk');
    await finish('x');
    await finish('a');
    expect(began).toEqual(['x', 'a']);
  });

  it('added while it is worked on is worked on again, after that', async () => {
    const { queue, began, finish } = world({ concurrency: 4 });
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
    const { queue, began } = world({ concurrency: 3, bulkConcurrency: 3 });
    for (const key of ['a', 'b', 'c', 'd']) queue.add(key, 'bulk');
    expect(began).toEqual(['a', 'b', 'c']);
    expect(queue.stats()).toMatchObject({ running: 3, bulk: { depth: 1 } });
  });

  it('that is forgotten is not worked on', async () => {
    const { queue, began, finish, clock } = world();
    queue.add('x', 'bulk');
    queue.add('a', 'bulk');
    queue.addAt('b', clock.now() + 1_000);
    queue.forget('a');
    queue.forget('b');
    await finish('x');
    await clock.advance(5_000);
    expect(began).toEqual(['x']);
  });
});

describe('lanes', () => {
  it('let a single change pass a thousand others', async () => {
    const { queue, began, finish } = world();
    for (let n = 0; n < 1_000; n++) queue.add(`bulk-${n}`, 'bulk');
    queue.add('mine', 'interactive');
    await finish('bulk-0');
    expect(began).toEqual(['bulk-0', 'mine']);
  });

  it('keep a place free for single changes', () => {
    const { queue, began } = world({ concurrency: 8 });
    for (let n = 0; n < 20; n++) queue.add(`bulk-${n}`, 'bulk');
    expect(began).toHaveLength(7);
    queue.add('mine', 'interactive');
    expect(began.at(-1)).toBe('mine');
  });

  it('move a waiting key up, never down', async () => {
    const { queue, began, finish } = world();
    for (const key of ['x', 'a', 'b']) queue.add(key, 'bulk');
    queue.add('b', 'interactive');
    queue.add('b', 'bulk');
    for (const key of ['x', 'b', 'a']) await finish(key);
    expect(began).toEqual(['x', 'b', 'a']);
    expect(queue.stats()).toMatchObject({ interactive: { depth: 0 }, bulk: { depth: 0 } });
  });

  it('put what comes in a crowd with the bulk, so that a later single change passes it', async () => {
    const { queue, began, finish } = world();
    for (let n = 0; n < 1_000; n++) queue.add(`ns/crowd-${n}`, 'interactive');
    expect(queue.stats()).toMatchObject({ interactive: { depth: 16 }, bulk: { depth: 983 } });
    for (let n = 0; n < 40; n++) await finish(began.at(-1)!);
    expect(queue.stats().interactive.depth).toBe(0);
    queue.add('ns/mine', 'interactive');
    await finish(began.at(-1)!);
    expect(began.at(-1)).toBe('ns/mine');
  });

  it('do not hold up a change of one namespace behind the crowd of another', async () => {
    const { queue, began, finish } = world();
    for (let n = 0; n < 1_000; n++) queue.add(`import/${n}`, 'interactive');
    queue.add('other/mine', 'interactive');
    for (let n = 0; n < 20; n++) await finish(began.at(-1)!);
    expect(began).toContain('other/mine');
  });

  it('let single changes through while more come than can be done', async () => {
    const { queue, began, finish } = world();
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

  it('forget a crowd that is forgotten', () => {
    const { queue } = world();
    for (let n = 0; n < 20; n++) queue.add(`ns/${n}`, 'interactive');
    for (let n = 1; n < 20; n++) queue.forget(`ns/${n}`);
    for (let n = 0; n < 16; n++) queue.add(`ns/new-${n}`, 'interactive');
    expect(queue.stats()).toMatchObject({ interactive: { depth: 16 }, bulk: { depth: 0 } });
  });

  it('do not starve the bulk', async () => {
    const { queue, began, finish } = world();
    queue.add('x', 'interactive');
    queue.add('bulk', 'bulk');
    for (let n = 0; n < 20; n++) queue.add(`i${n}`, 'interactive');
    for (let n = 0; n < 12; n++) await finish(began.at(-1)!);
    expect(began).toContain('bulk');
  });
});

describe('instants', () => {
  it('wake a key when they have come, the earliest counting', async () => {
    const { queue, began, clock } = quick();
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
    const { queue, began, clock } = quick();
    const days = 86_400_000;
    queue.addAt('a', clock.now() + 100 * days);
    expect(clock.timers).toBe(1);
    clock.wallOffsetMs += 100 * days;
    await clock.advance(10_000);
    expect(began).toEqual(['a']);
  });

  it('in the past wake at once', async () => {
    const { queue, began, clock } = quick();
    queue.addAt('a', clock.now() - 1);
    await clock.advance(0);
    expect(began).toEqual(['a']);
  });

  it('share one timer', () => {
    const { queue, clock } = quick();
    for (let n = 0; n < 1_000; n++) queue.addAt(`k${n}`, clock.now() + 1_000_000 - n);
    expect(clock.timers).toBe(1);
    expect(queue.stats().delayed).toBe(1_000);
  });

  it('are dropped when work begins, as it knows the next', async () => {
    const { queue, began, clock } = quick();
    queue.addAt('a', clock.now() + 5_000);
    queue.add('a', 'interactive');
    await clock.advance(10_000);
    expect(began).toEqual(['a']);
  });

  it('say how late they were', async () => {
    const lateness: number[] = [];
    const { queue, clock } = quick({ onLateness: (ms) => void lateness.push(ms) });
    queue.addAt('a', clock.now() - 70);
    await clock.advance(0);
    expect(lateness).toEqual([70]);
    expect(queue.stats().latestLatenessMs).toBe(70);
  });
});

describe('failing work', () => {
  const failing = (options: Partial<QueueOptions> = {}): World => {
    const began: string[] = [];
    const made = world({ work: (key) => (began.push(key), Promise.reject(new Error('no'))), ...options });
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
    const clock = new VirtualClock();
    const work = (): Promise<void> => {
      began.push(clock.monotonic());
      return fail ? Promise.reject(new Error('no')) : Promise.resolve();
    };
    const queue = new KeyedQueue({ clock, random: steadyRandom, log: silentLog, concurrency: 1, work });
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
    const made = world({
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

  it('does not wait an hour longer because the clock was set back an hour', async () => {
    const { queue, began, clock } = failing();
    queue.add('a', 'bulk');
    await clock.advance(10_000);
    const before = began.length;
    clock.wallOffsetMs -= 3_600_000;
    await clock.advance(30_000);
    expect(began.length).toBeGreaterThan(before);
  });
});

describe('the end', () => {
  it('waits for running work and starts no more', async () => {
    const { queue, began, finish, clock } = world();
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
    const { queue, finish } = world();
    await queue.drain();
    queue.add('a', 'bulk');
    const drained = queue.drain();
    await finish('a');
    await drained;
  });
});

describe('for any sequence', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');

  it('the heap gives what a sorted list gives', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key, at: fc.nat(50) }),
      fc.record({ do: fc.constant('delete' as const), key }),
      fc.record({ do: fc.constant('take' as const), now: fc.nat(50) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const heap = new Instants();
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

  it('a waiting line gives keys in the order in which they came', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constantFrom('add', 'remove'), key }),
      fc.constant({ do: 'take', key: '' }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const line = new WaitingLine();
        const model: string[] = [];
        for (const action of steps) {
          if (action.do === 'add') {
            line.add(action.key, 0);
            if (!model.includes(action.key)) model.push(action.key);
          } else if (action.do === 'remove') {
            line.remove(action.key);
            if (model.includes(action.key)) model.splice(model.indexOf(action.key), 1);
          } else expect(line.take()).toBe(model.shift());
          expect(line.depth).toBe(model.length);
        }
      }),
    );
  });

  it('every key added is worked on after its last add, and never in two hands', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), key, lane: fc.constantFrom<Lane>('bulk', 'interactive') }),
      fc.record({ do: fc.constant('finish' as const), key }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (steps, concurrency) => {
          const { queue, began, finish } = world({ concurrency });
          const owed = new Map<string, number>();
          for (const action of steps) {
            if (action.do === 'add') {
              queue.add(action.key, action.lane);
              owed.set(action.key, began.length);
            } else await finish(action.key);
          }
          while (queue.stats().running > 0) {
            for (const each of ['a', 'b', 'c', 'd', 'e']) await finish(each);
          }
          for (const each of owed.keys()) expect(began).toContain(each);
          expect(queue.stats()).toMatchObject({ running: 0, bulk: { depth: 0 }, interactive: { depth: 0 } });
        },
      ),
      { numRuns: 40 },
    );
  });
});
