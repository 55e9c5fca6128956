import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** A test that was left out without a word: what had to come before it failed, or it was not asked for. */
const isUnprepared = ({ parent, module }: TestCase): boolean =>
  [parent, module].some((around) => around.errors().length > 0);

/** Ends a run with every skip and its reason, every test that failed at first, then one line `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => cases.filter((test) => test.result().state === state);
    // files that do not load, and what comes before or after all tests of a file or a describe
    const around = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const failedAround = around.filter((each) => each.errors().length > 0).length;
    for (const test of inState('skipped')) {
      const result = test.result();
      const note = 'note' in result ? result.note : undefined;
      const silent = isUnprepared(test) ? 'what comes before it failed' : 'no reason given';
      process.stdout.write(`skipped: ${test.fullName}: ${note ?? silent}\n`);
    }
    for (const test of cases.filter((each) => each.diagnostic()?.flaky)) {
      const [first] = test.result().errors ?? [];
      const said = first?.message.split('\n', 1)[0] ?? '';
      process.stdout.write(`passed only when retried: ${test.fullName}: ${said}\n`);
    }
    const failed = inState('failed').length + failedAround + unhandledErrors.length;
    process.stdout.write(`${inState('passed').length} passed, ${failed} failed\n`);
  }
}
