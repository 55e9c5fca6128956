import { expect, test, vi } from 'vitest';
import { Patience } from '../../../src/cli/act/patience.ts';
import { systemClock } from '../../../src/host/clock.ts';

test('lasts a minute from the last write that got through, and is told once', () => {
  let nowMs = 0;
  const onWait = vi.fn();
  const patience = new Patience({ ...systemClock, monotonic: () => nowMs }, onWait);
  expect(patience.allows(60_000)).toBe(true);
  expect(patience.allows(60_001)).toBe(false);
  nowMs = 59_000;
  patience.progressed();
  expect(patience.allows(30_000)).toBe(true);
  nowMs = 119_001;
  expect(patience.allows(0)).toBe(false);
  expect(onWait).toHaveBeenCalledTimes(1);
});
