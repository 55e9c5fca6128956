import { expect, test } from 'vitest';
import { Tally } from '../../../src/operator/see/tally.ts';

const undecided = { phase: undefined, decidedIn: undefined };

test('an account counts as decided in the round in which it was, and in no other', () => {
  const tally = new Tally();
  tally.beginRound();
  tally.add(undecided);
  tally.add({ phase: 'Off', decidedIn: tally.round });
  expect([tally.counts().total, tally.counts().off, tally.pending]).toEqual([2, 1, 1]);
  tally.beginRound();
  expect(tally.pending).toBe(2);
});

test('a platform deleted and made again has decided nothing, and comes to an end', () => {
  const tally = new Tally();
  tally.beginRound();
  const first = tally.round;
  tally.add({ phase: 'Off', decidedIn: first });
  tally.endRound();
  tally.beginRound();
  expect(tally.pending).toBe(1);
  tally.remove({ phase: 'Off', decidedIn: first });
  tally.add({ phase: 'Off', decidedIn: tally.round });
  expect(tally.pending).toBe(0);
});

test('without a platform and without accounts there is nothing to keep', () => {
  const tally = new Tally();
  expect(tally.isIdle).toBe(true);
  tally.beginRound();
  expect(tally.isIdle).toBe(false);
  tally.endRound();
  expect(tally.isIdle).toBe(true);
});
