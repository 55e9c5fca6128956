import { describe, expect, it } from 'vitest';
import { HeapCare } from '../../../src/operator/heap-care.ts';
import { VirtualClock } from '../kube/virtual-clock.ts';

const megabyte = 2 ** 20;

const caredFor = () => {
  const clock = new VirtualClock();
  const state = { sizeBytes: 20 * megabyte, idle: true, shrinks: 0 };
  const heap = {
    sizeBytes: () => state.sizeBytes,
    shrink: () => {
      state.shrinks += 1;
      state.sizeBytes = 20 * megabyte;
    },
  };
  const care = new HeapCare({ heap, clock, isIdle: () => state.idle });
  care.start();
  return { clock, state, care };
};

describe('the heap is shrunk', () => {
  it('once nothing has been to do for two looks', async () => {
    const { clock, state } = caredFor();
    await clock.advance(10_000);
    expect(state.shrinks).toBe(0);
    await clock.advance(10_000);
    expect(state.shrinks).toBe(1);
  });

  it('not while there is work', async () => {
    const { clock, state } = caredFor();
    state.idle = false;
    await clock.advance(60_000);
    expect(state.shrinks).toBe(0);
  });

  it('not again until it has grown by 8 MB', async () => {
    const { clock, state } = caredFor();
    await clock.advance(60_000);
    state.sizeBytes += 8 * megabyte - 1;
    await clock.advance(60_000);
    expect(state.shrinks).toBe(1);
    state.sizeBytes += 1;
    await clock.advance(10_000);
    expect(state.shrinks).toBe(2);
  });

  it('not after the end', async () => {
    const { clock, state, care } = caredFor();
    care.stop();
    await clock.advance(60_000);
    expect(state.shrinks).toBe(0);
  });
});
