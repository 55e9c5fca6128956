import { expect, test } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { ClockSkew } from '../../../src/operator/clock-skew.ts';

const rows = [
  { says: '30 s are let pass', offsetMs: 30_000, roundTripMs: 0, told: [] },
  { says: 'what a slow answer may explain is let pass', offsetMs: 31_000, roundTripMs: 4_000, told: [] },
  {
    says: 'a server ahead by more is told',
    offsetMs: 45_000,
    roundTripMs: 20,
    told: ["the API server's clock is 45 s ahead of the operator's: suspensions start and end at wrong times"],
  },
  {
    says: 'a server behind by more is told',
    offsetMs: -3_600_000,
    roundTripMs: 20,
    told: ["the API server's clock is 3600 s behind the operator's: suspensions start and end at wrong times"],
  },
];

test.each(rows)('$says', ({ offsetMs, roundTripMs, told }) => {
  const notes: string[] = [];
  const skew = new ClockSkew(silentLog, (note) => void notes.push(note));
  skew.sample({ offsetMs, roundTripMs }, 0);
  expect([notes, skew.offsetMs]).toEqual([told, offsetMs]);
});

test('it is told once in ten minutes while it lasts', () => {
  const notes: string[] = [];
  const skew = new ClockSkew(silentLog, (note) => void notes.push(note));
  for (let minute = 0; minute <= 10; minute += 1) skew.sample({ offsetMs: 60_000, roundTripMs: 0 }, minute * 60_000);
  expect(notes).toHaveLength(2);
});
