import { expect, test } from 'vitest';
import { select } from '../../../src/cli/act/select.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { success } from '../../../src/kube/client/errors.ts';

const accounts = [
  { metadata: { name: 'anna' }, spec: {}, status: { enrolledAt: '2026-11-02T08:00:00Z' } },
  { metadata: { name: 'ben' }, spec: {} },
  { metadata: { name: 'carl' }, spec: { twoFactor: { state: 'Enabled' } }, status: {} },
  { metadata: { name: 'dora' }, spec: { twoFactor: { state: 'Removed' } }, status: {} },
];
const cluster = {
  namespace: 'mail',
  client: {
    get: () => Promise.resolve(success({ metadata: { name: 'hosted' } })),
    list: () => Promise.resolve(success({ items: accounts, resourceVersion: '1' })),
  },
} as unknown as Cluster;

test.each([
  ['--all: every account', { all: true }, ['anna', 'ben', 'carl', 'dora']],
  ['--not-enrolled: who is to scan still, and not who has no second factor', { notEnrolled: true }, ['ben', 'carl']],
])('of a platform, %s', async (_, options, names) => {
  const selected = await select(cluster, [], { platform: 'hosted', ...options });
  expect(selected.accounts.map(({ metadata }) => metadata.name)).toEqual(names);
});
