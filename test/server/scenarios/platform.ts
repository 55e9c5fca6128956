import { describe, expect } from 'vitest';
import { account, fromNow, justAfter, platform, renamed, secretOf } from '../../support/scenario-objects.ts';
import type { Tenant } from '../../support/scenario-tenant.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
const ben = account('ben');

const seedOf = async (tenant: Tenant, who: typeof anna): Promise<unknown> =>
  (await tenant.now(secretOf(who)))?.['seed'];

describe.concurrent('a platform', () => {
  scenario('that is missing blocks its accounts until it is there', async (tenant) => {
    await tenant.apply(anna);
    const blocked = { phase: 'Blocked', ready: 'False PlatformNotFound', stalled: undefined };
    await tenant
      .eventually(anna)
      .shows({ ...blocked, enforced: 'True PlatformNotFound', enrolled: 'False NotEnrolled' });
    await tenant.isAsIn('platform-not-found', anna);
    await tenant.apply(platform());
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    await tenant.eventually(anna).tells(['PlatformNotFound', 'Reconciled']);
  });

  scenario('deleted before its accounts changes nothing but that its suspension ends', async (tenant) => {
    const window = { requestedAt: fromNow({ hours: -1 }), hours: 3 };
    await tenant.given(platform({ suspension: window }), account('ben', { suspension: { ...window, hours: 2 } }));
    await tenant.given(anna);
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    const [seed, until] = [await seedOf(tenant, anna), (await tenant.now(ben))?.['suspendedUntil']];
    await tenant.kubectl('delete exchangeplatform mail');
    await tenant
      .eventually(anna)
      .shows({ phase: 'Enrolling', ready: 'False PlatformNotFound', enforced: 'True EnrollmentRequired' });
    const own = await tenant.eventually(ben).shows({ phase: 'Suspended', ready: 'False PlatformNotFound' });
    expect(Date.parse(String(own['suspendedUntil']))).toBe(Date.parse(String(until)) - 3_600_000);
    const asked = { state: 'Removed', reset: { requestedAt: fromNow({}) } };
    expect(await tenant.writesAfter(() => tenant.patch(anna, asked))).toEqual(['PATCH mailaccounts/status']);
    expect(await seedOf(tenant, anna)).toBe(seed);
    await tenant.kubectl('delete mailaccount ben');
    await tenant.eventually(secretOf(ben)).shows({ login: 'deny Orphaned', eraseAfter: undefined });
    await tenant.apply(platform());
    await tenant.eventually(anna).shows({ phase: 'Off', enforced: 'False Removed', ready: 'True Reconciled' });
    await tenant.eventually(secretOf(ben)).shows({ eraseAfter: /Z$/ });
  });

  scenario('switched off and on keeps seeds and enrolments; a reset waits until it is on', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.enrolled(ben);
    const [annas, bens] = [await seedOf(tenant, anna), await seedOf(tenant, ben)];
    await tenant.patch(platform(), { state: 'Disabled' });
    for (const who of [anna, ben]) {
      await tenant
        .eventually(who)
        .shows({ phase: 'Off', enforced: 'False PlatformDisabled', enrolled: 'True FirstCodeAccepted' });
      await tenant.eventually(secretOf(who)).shows({ secondFactor: 'off', login: 'none Off' });
    }
    await tenant.isAsIn('platform-disabled', ben);
    const requestedAt = await justAfter((await tenant.now(anna))?.['seedMintedAt']);
    await tenant.patch(anna, { reset: { requestedAt } });
    await tenant.eventually(anna).shows({ phase: 'Off', message: /reset of .* waits: second factor is off/ });
    expect(await seedOf(tenant, anna)).toBe(annas);
    await tenant.patch(platform(), { state: 'Enabled' });
    await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    await tenant.eventually(ben).shows({ phase: 'Enforced' });
    expect(await seedOf(tenant, anna)).not.toBe(annas);
    expect(await seedOf(tenant, ben)).toBe(bens);
    await tenant.eventually(anna).tells(['Enrolled', 'RequestWaiting', 'Reset']);
    await tenant.eventually(ben).tells(['Enrolled']);
  });

  scenario('counts its accounts by what their logins meet', async (tenant) => {
    const suspended = account('ben', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 2 } });
    const locked = account('emil');
    await tenant.given(platform(), suspended, account('carl', { state: 'Removed' }), account('dora'), locked);
    await tenant.enrolled(anna);
    await tenant.login.wrongCodes(locked.spec.address, 25);
    await tenant.apply(renamed(account('dora'), 'dora-again'));
    const accounts = { total: 6, enforced: 1, enrolling: 1, suspended: 1, locked: 1, off: 1, blocked: 1 };
    await tenant.eventually(platform()).shows({ accounts, ready: 'True Reconciled' });
  });

  scenario(
    'says how codes are made from seeds minted from now on; an enrolled phone keeps what it was given',
    async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const before = await tenant.now(secretOf(anna));
      await tenant.patch(platform(), { totp: { algorithm: 'SHA256', digits: 8, periodSeconds: 60 } });
      await tenant.enrolled(ben);
      const uri = await tenant.admin(`get secret ${secretOf(ben).metadata.name} -o jsonpath={.data.otpauth-uri}`);
      const { searchParams } = new URL(Buffer.from(uri, 'base64').toString());
      expect(['algorithm', 'digits', 'period'].map((name) => searchParams.get(name))).toEqual(['SHA256', '8', '60']);
      expect(await tenant.now(secretOf(anna))).toEqual(before);
    },
  );
});
