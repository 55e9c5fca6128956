import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { tellSummary } from '../../../src/cli/frame/summary.ts';

type Ended = Parameters<typeof tellSummary>[1][number]['kind'];

let told = '';

beforeEach(() => {
  told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what became of many', () => {
  test.each<readonly [what: string, ended: readonly Ended[], summary: string]>([
    ['is counted', ['done', 'done', 'nothing'], '2 done, 1 unchanged, 0 failed, of 3\n'],
    ['counts what belongs to others as failed', ['owned', 'failed'], '0 done, 0 unchanged, 2 failed, of 2\n'],
    ['says what nobody knows', ['done', 'uncertain'], '1 done, 0 unchanged, 0 failed, 1 uncertain, of 2\n'],
    ['is not counted of a single one, as its own line says it', ['failed'], ''],
  ])('%s', (_, ended, summary) => {
    tellSummary(
      'done',
      ended.map((kind) => ({ kind })),
      [],
      false,
    );
    expect(told).toBe(summary);
  });

  test('after Ctrl-C names what was not begun', () => {
    tellSummary('imported', [{ kind: 'done' }], ['anna@example.com', 'ben@example.com'], true);
    expect(told).toBe(
      'Interrupted: 1 imported, 0 unchanged, 0 failed, 2 not begun, of 3\n' +
        'Not begun:\n  anna@example.com\n  ben@example.com\n',
    );
  });
});
