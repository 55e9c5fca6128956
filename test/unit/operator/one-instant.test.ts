import { expect, test, vi } from 'vitest';
import { reconcileAccount } from '../../../src/operator/reconcile/account.ts';
import { reconcileOrphan } from '../../../src/operator/reconcile/orphan.ts';
import { Setbacks } from '../../../src/operator/reconcile/setbacks.ts';
import type { Surroundings } from '../../../src/operator/reconcile/surroundings.ts';
import { enrolled, factsOf, hours, now, secret } from '../core/given.ts';

const { account, platform } = factsOf({});
const orphaned = secret({ ...enrolled, 'orphaned-at': hours(-1), 'erase-after': hours(1) });

/** What may not write. */
const surroundings = (accounts: readonly object[]) => {
  const clock = { now: vi.fn(() => now) };
  const world = {
    account: () => account,
    accountsOf: () => accounts,
    platform: () => platform,
    secret: () => orphaned,
    tally: () => undefined,
  };
  const setbacks = new Setbacks();
  setbacks.storageWentBack(now);
  return { clock, op: { clock, world, setbacks, mayWrite: () => false } as unknown as Surroundings };
};

test('what is known of an account and what follows from it are of one instant', async () => {
  const { clock, op } = surroundings([account]);
  expect(await reconcileAccount(op, 'mail/totp-0', 'mail/anna')).toEqual({ kind: 'done' });
  expect(clock.now).toHaveBeenCalledTimes(1);
});

test('and of a Secret without account', async () => {
  const { clock, op } = surroundings([]);
  expect(await reconcileOrphan(op, 'mail/totp-0')).toMatchObject({ kind: 'done' });
  expect(clock.now).toHaveBeenCalledTimes(1);
});
