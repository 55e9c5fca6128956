import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LoginMetrics } from '../../../src/login/metrics.ts';

test('docs/login-service.md describes every figure of ours, with its labels', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/login-service.md'), 'utf8');
  const documented = [...text.matchAll(/^\| `(exchange2fa_\w+)` \| (.*?) \|/gm)].map(([, name, labels = '']) => [
    name,
    [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
  ]);
  const metrics = new LoginMetrics(() => 0, { succeeded: 1, failed: 0 }).registry.getMetricsAsArray();
  const ours = metrics.flatMap((metric) => {
    const { name, labelNames = [] } = metric as unknown as { name: string; labelNames?: readonly string[] };
    return name.startsWith('exchange2fa_') ? [[name, labelNames]] : [];
  });
  expect(documented.toSorted()).toEqual(ours.toSorted());
});
