import { expect, test } from 'vitest';
import { secondFactor } from '../../../src/core/second-factor.ts';
import { now } from '../login/tables/record.ts';
import { verdictCases } from '../login/tables/verdicts.ts';

test.each(verdictCases)('$name', ({ record, browser = 'unknown', at = now, verdict }) => {
  expect(secondFactor(record, at, browser)).toEqual(verdict);
});
