import { expect, test, vi } from 'vitest';
import { unlockDeed } from '../../../src/cli/act/unlock.ts';
import { waitFor } from '../../../src/cli/act/wait.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { now } from '../core/given.ts';

let trouble: string | undefined;

vi.mock(import('../../../src/cli/cluster/watch.ts'), () => ({
  watchAccounts: () => ({
    stop: () => Promise.resolve(),
    failed: new Promise<never>(() => undefined),
    trouble: () => trouble,
  }),
}));

const account: Account = {
  metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation: 2 },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
};
const context = { now, requestedAt: now, platformOf: () => undefined };

const waited = async (timeoutMs: number, stopped: AbortSignal) => {
  const cluster = { namespace: 'mail', now: () => now } as unknown as Cluster;
  const outcomes = await waitFor(cluster, unlockDeed({}), [account], { context, timeoutMs, stopped });
  return outcomes.get(account);
};

test('after Ctrl-C nobody knows whether a request that was written is in force', async () => {
  expect(await waited(60_000, AbortSignal.abort())).toEqual({
    isInForce: undefined,
    says: 'requested; whether it is in force is not known: interrupted',
  });
});

test('nor where nothing is heard', async () => {
  trouble = 'the API server is away';
  expect(await waited(10, new AbortController().signal)).toEqual({
    isInForce: undefined,
    says: 'requested; whether it is in force is not known after 0.01 s: the API server is away',
  });
});
