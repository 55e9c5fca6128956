import { expect, test } from 'vitest';
import { judged } from './tables/code-answer.ts';
import { codeCases } from './tables/codes.ts';
import { annotations } from './tables/record.ts';

test.each(codeCases)('$name', (row) => {
  const { answer, patch } = judged(row);
  expect(answer).toEqual(row.expected);
  expect(patch).toEqual(row.patch && annotations(row.patch));
});
