import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Ends a run with every skip and its reason, every test that failed at first, then one line `N passed, N failed`. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const cases = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state: string): TestCase[] => cases.filter((test) => test.result().state === state);
    const filesThatFailedToLoad = modules.filter((module) => module.errors().length > 0).length;
    for (const test of inState('skipped')) {
      const result = test.result();
      const note = result.state === 'skipped' ? (result.note ?? 'no reason given') : '';
      process.stdout.write(`skipped: ${test.fullName}: ${note}\n`);
    }
    for (const test of cases.filter((each) => each.diagnostic()?.flaky)) {
      const [first] = test.result().errors ?? [];
      const said = first?.message.split('\n', 1)[0] ?? '';
      process.stdout.write(`passed only when retried: ${test.fullName}: ${said}\n`);
    }
    const failed = inState('failed').length + filesThatFailedToLoad + unhandledErrors.length;
    process.stdout.write(`${inState('passed').length} passed, ${failed} failed\n`);
  }
}
