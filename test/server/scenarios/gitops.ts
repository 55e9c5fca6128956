import { describe, expect } from 'vitest';
import { account, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');

describe.concurrent('GitOps', () => {
  for (const { side, options } of [
    { side: 'client-side', options: {} },
    { side: 'server-side', options: { serverSide: true, manager: 'git' } },
  ]) {
    scenario(`a first ${side} apply makes a Secret and a status; the same again does nothing`, async (tenant) => {
      await tenant.apply([platform(), anna], options);
      await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled', stalled: undefined });
      await tenant.isAsIn('enrolling', anna);
      await tenant.eventually(platform()).shows({ ready: 'True Reconciled', reconciling: undefined });
      expect(await tenant.writesAfter(() => tenant.apply([platform(), anna], options))).toEqual([]);
      await tenant.eventually(anna).tells([]);
    });
  }

  scenario('a commit that suspends is reverted, and applied again', async (tenant) => {
    const suspending = account('anna', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 3 } });
    await tenant.given(platform(), suspending);
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    await tenant.apply(anna);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', suspendedUntil: undefined });
    await tenant.apply(suspending);
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    // The same Event within six minutes is counted, not repeated.
    await tenant.eventually(anna).tells(['Suspended', 'SuspensionEnded']);
  });

  scenario(
    'a reset does nothing a second time: not when applied again, reverted, or applied after that',
    async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const first = await tenant.now(anna);
      const resetting = account('anna', { reset: { requestedAt: await justAfter(first?.['seedMintedAt']) } });
      await tenant.apply(resetting);
      const after = await tenant.eventually(anna).shows({ phase: 'Enrolling', enrolledAt: undefined });
      const { seedMintedAt } = after;
      expect(seedMintedAt).not.toBe(first?.['seedMintedAt']);
      const onlyStatus = ['PATCH mailaccounts/status'];
      expect(await tenant.writesAfter(() => tenant.apply(resetting))).toEqual([]);
      expect(await tenant.writesAfter(() => tenant.apply(anna))).toEqual(onlyStatus);
      expect(await tenant.writesAfter(() => tenant.apply(resetting))).toEqual(onlyStatus);
      await tenant.eventually(anna).shows({ seedMintedAt, message: /reset of .* is done: the seed is newer/ });
      await tenant.eventually(anna).tells(['Enrolled', 'Reset']);
    },
  );

  scenario('an account is deleted, and applied again: seed and enrolment are taken back', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const before = await tenant.now(secretOf(anna));
    await tenant.kubectl('delete mailaccount anna');
    const orphan = await tenant.eventually(secretOf(anna)).shows({ orphanedAt: /Z$/, login: 'deny Orphaned' });
    expect(Date.parse(String(orphan['eraseAfter'])) - Date.parse(String(orphan['orphanedAt']))).toBe(720 * 3_600_000);
    await tenant.apply(anna);
    await tenant.eventually(anna).shows({ phase: 'Enforced', enrolled: 'True FirstCodeAccepted' });
    expect(await tenant.now(secretOf(anna))).toEqual(before);
    await tenant.eventually(anna).tells(['Enrolled', 'TakenBack']);
  });

  scenario(
    "an account that says no state has the platform's default; off by default keeps the seed",
    async (tenant) => {
      const outspoken = account('ben', { state: 'Enabled' });
      await tenant.given(platform({ accountDefault: 'Disabled' }), anna, outspoken);
      await tenant
        .eventually(anna)
        .shows({ phase: 'Off', enforced: 'False DisabledByDefault', ready: 'True Reconciled' });
      await tenant.eventually(secretOf(anna)).shows({ secondFactor: 'off', keys: [], login: 'none Off' });
      await tenant.eventually(outspoken).shows({ phase: 'Enrolling' });
      await tenant.patch(platform(), { accountDefault: 'Enabled' });
      await tenant.eventually(anna).shows({ phase: 'Enrolling' });
      await tenant.enrolled(anna);
      const { seed } = (await tenant.now(secretOf(anna))) ?? {};
      await tenant.patch(platform(), { accountDefault: 'Disabled' });
      await tenant.eventually(anna).shows({ phase: 'Off', enrolled: 'True FirstCodeAccepted' });
      await tenant.patch(platform(), { accountDefault: 'Enabled' });
      await tenant.eventually(anna).shows({ phase: 'Enforced' });
      await tenant.eventually(secretOf(anna)).shows({ seed, login: 'code' });
    },
  );

  scenario('Git suspends and the helpdesk resets: each has its request, and takes it back alone', async (tenant) => {
    const suspending = account('anna', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 3 } });
    await tenant.given(platform());
    await tenant.apply(suspending, { serverSide: true, manager: 'git' });
    const { seedMintedAt } = await tenant.eventually(anna).shows({ phase: 'Suspended' });
    const requestedAt = await justAfter(seedMintedAt);
    const resetting = account('anna', { reset: { requestedAt } });
    await tenant.apply(resetting, { serverSide: true, manager: 'person', as: 'helpdesk' });
    const both = await tenant.eventually(anna).shows({ phase: 'Suspended', message: /reset of .* is done/ });
    expect(both['seedMintedAt']).not.toBe(seedMintedAt);
    await tenant.apply(anna, { serverSide: true, manager: 'git' });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', message: /reset of .* is done/ });
    await tenant.eventually(anna).tells(['Suspended', 'Reset', 'SuspensionEnded']);
  });
});
