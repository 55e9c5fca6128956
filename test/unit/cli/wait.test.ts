import { afterEach, describe, expect, test, vi } from 'vitest';
import { formatSeconds } from '../../../src/api/instants.ts';
import { unlockCommand } from '../../../src/cli/act/unlock.ts';
import { waitFor } from '../../../src/cli/act/wait.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import type { AccountWatch } from '../../../src/cli/cluster/watch.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { hours, now } from '../core/given.ts';

let trouble: string | undefined;
/** What the watch tells, as soon as it begins. */
let tell: (watch: AccountWatch) => void = () => undefined;

vi.mock(import('../../../src/cli/cluster/watch.ts'), () => ({
  watchAccounts: (_, watch) => {
    setImmediate(() => tell(watch));
    return {
      stop: () => Promise.resolve(),
      failed: new Promise<never>(() => undefined),
      trouble: () => trouble,
    };
  },
}));

const account: Account = {
  metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation: 2 },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
};
const context = { now, requestedAt: now, platformOf: () => undefined };

const waited = async (timeoutMs: number, stopped: AbortSignal) => {
  const cluster = { namespace: 'mail', now: () => now } as unknown as Cluster;
  const results = await waitFor(cluster, unlockCommand({}), [account], { context, timeoutMs, stopped });
  return results.get(account);
};

afterEach(() => {
  trouble = undefined;
  tell = () => undefined;
});

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

describe('a request is not in force', () => {
  const says = (sentence: string) => ({ isInForce: false, says: sentence });
  const seen: Account = { ...account, status: { observedGeneration: 2 } };

  test.each<readonly [what: string, tell: (watch: AccountWatch) => void, says: string]>([
    [
      'if nobody takes it up in time',
      ({ onAccount }) => onAccount(account),
      'the operator has not taken it up within 0.01 s (kubectl twofactor doctor says why)',
    ],
    [
      'if nobody does it in time',
      ({ onAccount }) => onAccount(seen),
      'the operator has seen it, and not done it within 0.01 s: kubectl twofactor explain says more',
    ],
    ['if the account is deleted', ({ onGone }) => onGone?.('mail/anna'), 'it was deleted meanwhile'],
    ['if the account is not there any more', ({ onSynced }) => onSynced?.(), 'it was deleted meanwhile'],
  ])('%s', async (_, told, sentence) => {
    tell = told;
    expect(await waited(10, new AbortController().signal)).toEqual(says(sentence));
  });
});

test('the waiting ends as soon as something can be said', async () => {
  const message = `unlock of ${formatSeconds(now)} is done`;
  const ready = { type: 'Ready', status: 'True', reason: 'Reconciled', message, lastTransitionTime: hours(0) } as const;
  tell = ({ onAccount, onSynced }) => {
    onAccount(account);
    onSynced?.();
    onAccount({ ...account, status: { observedGeneration: 2, phase: 'Enforced', conditions: [ready] } });
  };
  expect(await waited(60_000, new AbortController().signal)).toMatchObject({ isInForce: true });
});
