import { defineConfig } from 'vitest/config';

/** What takes half a second alone takes ten times that beside a build. */
const busyMachineTimeoutMs = 60_000;
const serverTimeoutMs = 120_000;
/**
 * Real servers on a machine that others use too miss a deadline now and then; what is wrong fails twice. The summary names
 * what passed only when retried, and files with the tag seed-safety are not retried.
 */
const busyMachineRetries = 1;

export default defineConfig({
  test: {
    // Vitest leaves one processor idle, of two that is half.
    maxWorkers: '100%',
    reporters: ['default', './test/support/summary-reporter.ts'],
    tags: [
      {
        name: 'seed-safety',
        description: 'A race here could lose a seed: what fails once in two runs fails.',
        retry: 0,
      },
    ],
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: busyMachineTimeoutMs } },
      {
        test: {
          name: 'server',
          include: ['test/server/**/*.test.ts'],
          globalSetup: ['test/support/control-plane-setup.ts'],
          testTimeout: serverTimeoutMs,
          retry: busyMachineRetries,
          hookTimeout: serverTimeoutMs,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/browser/chromium-setup.ts', 'test/support/control-plane-setup.ts'],
          testTimeout: serverTimeoutMs,
          retry: busyMachineRetries,
          hookTimeout: serverTimeoutMs,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'control-plane',
          include: ['test/control-plane/**/*.test.ts'],
          testTimeout: 15 * 60_000,
          retry: busyMachineRetries,
          hookTimeout: 15 * 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
