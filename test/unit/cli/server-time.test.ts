import { expect, test } from 'vitest';
import { ServerTime } from '../../../src/cli/cluster/server-time.ts';
import { systemClock } from '../../../src/host/clock.ts';

const at = 1_000_000;
const timeAfter = (...samples: readonly (readonly [offsetMs: number, roundTripMs: number])[]): ServerTime => {
  const time = new ServerTime({ ...systemClock, now: () => at });
  for (const [offsetMs, roundTripMs] of samples) time.heard({ offsetMs, roundTripMs });
  return time;
};

// doctor tells it as a wrong clock
test.each([
  ['a slow answer explains all', [[3000, 8000]], 0],
  ['a slow answer explains a part', [[10_000, 8000]], 6000],
  [
    'of several, the quickest counts',
    [
      [9000, 4000],
      [500, 20],
    ],
    490,
  ],
] as const)('what is certain of a difference of clocks: %s', (_, samples, offsetMs) => {
  expect(timeAfter(...samples).offsetMs).toBe(offsetMs);
});

test.each([
  ['this machine alone', [], at, at + 1000],
  ['a quick answer', [[200, 10]], at + 200, at + 1000],
  ['one of a server far ahead', [[60_300, 10]], at + 60_300, at + 61_000],
  ['a slow answer, which may be half its way behind', [[200, 4000]], at + 200, at + 3000],
  [
    'the quickest of several',
    [
      [200, 4000],
      [700, 20],
      [0, 900],
    ],
    at + 700,
    at + 2000,
  ],
] as const)('the next second there, after %s', (_, samples, now, next) => {
  const time = timeAfter(...samples);
  expect({ now: time.now(), next: time.nextSecond() }).toEqual({ now, next });
});
