import { expect, test, vi } from 'vitest';
import type { TestCase, TestDiagnostic, TestModule, TestResult } from 'vitest/node';
import SummaryReporter from '../support/summary-reporter.ts';

type Ended = Partial<TestResult> & { readonly note?: string };

const around = (...errors: readonly string[]) => ({ errors: () => errors });

const ended = (fullName: string, result: Ended, diagnostic: Partial<TestDiagnostic> = {}, parent = around()) =>
  ({ fullName, result: () => result, diagnostic: () => diagnostic, parent, module: around() }) as unknown as TestCase;

const moduleOf = (...tests: readonly TestCase[]) => {
  const allSuites = () => [...new Set(tests.map(({ parent }) => parent))];
  return { children: { allTests: () => tests, allSuites }, ...around() } as unknown as TestModule;
};

test('a run ends with every skip, every test that passed only when retried, and the counts', () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const error = { message: 'expected 1 seed\n  there are 2' };
  try {
    const module = moduleOf(
      ended('well', { state: 'passed' }),
      ended('lucky', { state: 'passed', errors: [error] as never }, { flaky: true, retryCount: 1 }),
      ended('wrong twice', { state: 'failed' }, { flaky: false, retryCount: 1 }),
      ended('left out', { state: 'skipped', note: 'there is no go' }),
      ended('not asked for', { state: 'skipped' }),
      ended('never begun', { state: 'skipped' }, {}, around('no API server')),
    );
    new SummaryReporter().onTestRunEnd([module], []);
  } finally {
    write.mockRestore();
  }
  expect(lines).toEqual([
    'skipped: left out: there is no go\n',
    'skipped: not asked for: no reason given\n',
    'skipped: never begun: what comes before it failed\n',
    'passed only when retried: lucky: expected 1 seed\n',
    '2 passed, 2 failed\n',
  ]);
});
