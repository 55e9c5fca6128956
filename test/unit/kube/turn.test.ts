import { describe, expect, it } from 'vitest';
import { Turn } from '../../../src/kube/queue/turn.ts';
import { VirtualClock } from './virtual-clock.ts';

/** Work that takes time without waiting for anything. */
class WorkedClock extends VirtualClock {
  workedMs = 0;

  override monotonic(): number {
    return super.monotonic() + this.workedMs;
  }
}

const began = () => {
  const clock = new WorkedClock();
  const calls = { next: 0 };
  return { clock, calls, turn: new Turn(clock, () => (calls.next += 1)) };
};

describe('a turn of the event loop', () => {
  it('has time for work that takes less than 10 ms together', () => {
    const { clock, turn } = began();
    expect(turn.beginWork()).toBe(true);
    clock.workedMs += 9;
    expect(turn.beginWork()).toBe(true);
  });

  it('has none for more, until the event loop has turned', async () => {
    const { clock, calls, turn } = began();
    turn.beginWork();
    clock.workedMs += 10;
    expect(turn.beginWork()).toBe(false);
    await clock.advance(0);
    expect(calls.next).toBe(1);
    expect(turn.beginWork()).toBe(true);
  });

  it('says once that the next one has come', async () => {
    const { clock, calls, turn } = began();
    for (let work = 0; work < 5; work += 1) turn.beginWork();
    expect(clock.timers).toBe(1);
    await clock.advance(1_000);
    expect(calls.next).toBe(1);
  });
});
