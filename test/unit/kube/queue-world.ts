import { expect } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { refOf } from '../../../src/kube/client/resource.ts';
import { KeyedQueue, type QueueOptions } from '../../../src/kube/queue/queue.ts';
import { steadyRandom } from './fake-server.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

export interface QueueWorld {
  readonly clock: VirtualClock;
  readonly queue: KeyedQueue;
  /** Keys in the order in which their work began. */
  readonly began: string[];
  /** Ends the work on a key. */
  readonly finish: (key: string, error?: Error) => Promise<void>;
}

/** Of keys like `namespace/name`. */
const namespaceOfKey = (key: string): string => refOf(key).namespace ?? '';

export const queueWorld = (options: Partial<QueueOptions> = {}): QueueWorld => {
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
  const rest = { random: steadyRandom, log: silentLog, concurrency: 1, crowdOf: namespaceOfKey };
  const queue = new KeyedQueue({ clock, ...rest, work, ...options });
  const finish = async (key: string, error?: Error): Promise<void> => {
    working.get(key)?.(error);
    await settle();
  };
  return { clock, queue, began, finish };
};

/** A queue whose work ends at once. */
export const quickQueueWorld = (options: Partial<QueueOptions> = {}): QueueWorld => {
  const began: string[] = [];
  const made = queueWorld({ work: (key) => (began.push(key), Promise.resolve()), ...options });
  return { ...made, began };
};
