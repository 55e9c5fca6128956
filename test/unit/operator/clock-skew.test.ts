import { expect, test } from 'vitest';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { watchClocks } from '../../../src/operator/clock-skew.ts';

test.each([
  { says: '30 s are let pass', offsetMs: 30_000, roundTripMs: 0, certainMs: 30_000, told: [] },
  {
    says: 'what a slow answer may explain is let pass',
    offsetMs: 31_000,
    roundTripMs: 4_000,
    certainMs: 29_000,
    told: [],
  },
  {
    says: 'a server ahead by more is told',
    offsetMs: 45_000,
    roundTripMs: 20,
    certainMs: 44_990,
    told: ["the API server's clock is 45 s ahead of the operator's: suspensions start and end at wrong times"],
  },
  {
    says: 'a server behind by more is told',
    offsetMs: -3_600_000,
    roundTripMs: 20,
    certainMs: -3_599_990,
    told: ["the API server's clock is 3600 s behind the operator's: suspensions start and end at wrong times"],
  },
])('$says', ({ offsetMs, roundTripMs, certainMs, told }) => {
  const notes: string[] = [];
  const serverClock = watchClocks(systemClock, silentLog, (note) => void notes.push(note));
  serverClock.sample({ offsetMs, roundTripMs });
  // the metric shows what is certain, as the Event does
  expect([notes, serverClock.offsetMs]).toEqual([told, certainMs]);
});
