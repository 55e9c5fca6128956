import { expect, test } from 'vitest';
import { systemClock } from '../../../src/host/clock.ts';
import { ServerClock } from '../../../src/kube/client/server-clock.ts';

const beyondMs = 5_000;

/** A server clock under a clock that the test sets. */
const stage = () => {
  const told: number[] = [];
  const at = { ms: 0 };
  const clock = { ...systemClock, monotonic: () => at.ms };
  return { at, told, serverClock: new ServerClock(clock, { beyondMs, tell: (offsetMs) => void told.push(offsetMs) }) };
};

test.each([
  { says: 'the threshold itself is let pass', sample: [5_000, 0], offset: 5_000, told: [], trusted: true },
  { says: 'what the way may explain is let pass', sample: [8_000, 8_000], offset: 4_000, told: [], trusted: true },
  { says: 'more is told', sample: [8_000, 20], offset: 7_990, told: [7_990], trusted: true },
  { says: '30 s are no doubt', sample: [-30_000, 0], offset: -30_000, told: [-30_000], trusted: true },
  { says: 'more are', sample: [-30_020, 20], offset: -30_010, told: [-30_010], trusted: false },
] as const)('$says', ({ sample: [offsetMs, roundTripMs], offset, told, trusted }) => {
  const { serverClock, ...seen } = stage();
  serverClock.sample({ offsetMs, roundTripMs });
  expect([serverClock.offsetMs, seen.told, serverClock.isTrusted]).toEqual([offset, told, trusted]);
});

test('without a comparison in the last minute it is not trusted', () => {
  const { serverClock, at } = stage();
  expect(serverClock.isTrusted).toBe(false);
  serverClock.sample({ offsetMs: 0, roundTripMs: 0 });
  at.ms = 60_000;
  expect(serverClock.isTrusted).toBe(true);
  at.ms = 60_001;
  expect(serverClock.isTrusted).toBe(false);
});

test('a comparison is of now for a minute, and until our clock is set', () => {
  const at = { ms: 0, wallMs: 0 };
  const clock = { ...systemClock, monotonic: () => at.ms, now: () => at.ms + at.wallMs };
  const serverClock = new ServerClock(clock);
  expect(serverClock.isRecent).toBe(false);
  serverClock.sample({ offsetMs: 3_600_000, roundTripMs: 0 });
  at.ms = 60_000;
  expect(serverClock.isRecent).toBe(true);
  at.wallMs = 3_600_000;
  expect(serverClock.isRecent).toBe(false);
  serverClock.sample({ offsetMs: 0, roundTripMs: 0 });
  expect(serverClock.isRecent).toBe(true);
  at.ms += 60_001;
  expect(serverClock.isRecent).toBe(false);
});

test('a difference is told once in ten minutes while it lasts', () => {
  const { serverClock, at, told } = stage();
  for (let minute = 0; minute <= 10; minute += 1) {
    at.ms = minute * 60_000;
    serverClock.sample({ offsetMs: 60_000, roundTripMs: 0 });
  }
  expect(told).toHaveLength(2);
});
