import { expect, test, vi } from 'vitest';
import { reconcileAccount } from '../../../src/operator/reconcile/account.ts';
import { reconcileOrphan } from '../../../src/operator/reconcile/orphan.ts';
import { Setbacks } from '../../../src/operator/reconcile/setbacks.ts';
import type { ReconcileContext } from '../../../src/operator/reconcile/context.ts';
import { enrolled, factsOf, hours, now, secret } from '../core/given.ts';

const { account, platform } = factsOf({});
const orphaned = secret({ ...enrolled, 'orphaned-at': hours(-1), 'erase-after': hours(1) });

/** What may not write. */
const contextOf = (accounts: readonly object[]) => {
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
  return {
    clock,
    context: {
      clock,
      serverClock: { offsetMs: 0, isRecent: true },
      world,
      setbacks,
      mayWrite: () => false,
    } as unknown as ReconcileContext,
  };
};

test('what is known of an account and what follows from it are of one instant', async () => {
  const { clock, context } = contextOf([account]);
  expect(await reconcileAccount(context, 'mail/totp-0', 'mail/anna')).toEqual({ kind: 'done' });
  expect(clock.now).toHaveBeenCalledTimes(1);
});

test('and of a Secret without account', async () => {
  const { clock, context } = contextOf([]);
  expect(await reconcileOrphan(context, 'mail/totp-0')).toMatchObject({ kind: 'done' });
  expect(clock.now).toHaveBeenCalledTimes(1);
});
