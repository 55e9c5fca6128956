import { describe, expect } from 'vitest';
import { account, come, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import type { Tenant } from '../../support/scenario-tenant.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
const ben = account('ben');

const seedOf = async (tenant: Tenant, who: typeof anna): Promise<unknown> =>
  (await tenant.now(secretOf(who)))?.['seed'];

describe.concurrent('a reset', () => {
  scenario('replaces the seed: the next login shows a new QR code', async (tenant) => {
    await tenant.given(platform(), anna);
    await tenant.login.wrongCodes(anna.spec.address, 3);
    await tenant.enrolled(anna);
    await tenant.login.wrongCodes(anna.spec.address, 2);
    const before = await tenant.now(secretOf(anna));
    await tenant.patch(anna, { reset: { requestedAt: await justAfter(before?.['mintedAt']), reason: 'phone lost' } });
    const shown = { phase: 'Enrolling', enrolled: 'False NotEnrolled', enforced: 'True EnrollmentRequired' };
    const { seedMintedAt } = await tenant.eventually(anna).shows({ ...shown, enrolledAt: undefined });
    const after = await tenant.now(secretOf(anna));
    expect(after).toMatchObject({ mintedAt: seedMintedAt, login: 'enroll', keys: before?.['keys'] });
    expect(after?.['seed']).not.toBe(before?.['seed']);
    expect(after?.['failures']).toMatch(/^\{"row":0,"unknown":\[(\d+,){4}\d+\],"known":\[\]\}$/);
    await tenant.isAsIn('reset', anna);
    await expect(tenant.login.typeCode(anna.spec.address)).rejects.toThrow('a QR code to scan is shown');
    await justAfter(before?.['enrolledAt']);
    await tenant.login.enrol(anna.spec.address);
    await tenant.eventually(anna).tells(['Enrolled', 'Reset', 'Enrolled']);
  });

  scenario('dated in the future waits for its instant, and is done once', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const seed = await seedOf(tenant, anna);
    const requestedAt = fromNow({ seconds: 8 });
    await tenant.patch(anna, { reset: { requestedAt } });
    await tenant.eventually(anna).shows({ phase: 'Enforced', message: new RegExp(`reset due ${requestedAt}`) });
    expect(await seedOf(tenant, anna)).toBe(seed);
    const { seedMintedAt } = await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    expect(Date.parse(String(seedMintedAt))).toBeGreaterThanOrEqual(Date.parse(requestedAt));
    await tenant.settled();
    expect(await tenant.now(anna)).toMatchObject({ seedMintedAt });
    await tenant.eventually(anna).tells(['Enrolled', 'RequestWaiting', 'Reset']);
  });

  scenario('older than the seed does nothing, and is stated without an Event', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const seed = await seedOf(tenant, anna);
    await tenant.patch(anna, { reset: { requestedAt: fromNow({ hours: -1 }) } });
    await tenant.eventually(anna).shows({ phase: 'Enforced', message: /reset of .* is done: the seed is newer, of/ });
    expect(await seedOf(tenant, anna)).toBe(seed);
    await tenant.eventually(anna).tells(['Enrolled']);
  });

  scenario('leaves a running suspension: the QR code comes at its end', async (tenant) => {
    await tenant.given(platform(), account('anna', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 2 } }));
    const before = await tenant.eventually(anna).shows({ phase: 'Suspended' });
    await tenant.patch(anna, { reset: { requestedAt: await justAfter(before['seedMintedAt']) } });
    const after = await tenant.eventually(anna).shows({ phase: 'Suspended', message: /reset of .* is done/ });
    expect(after).toMatchObject({ suspendedUntil: before['suspendedUntil'] });
    expect(after['seedMintedAt']).not.toBe(before['seedMintedAt']);
    await tenant.patch(anna, { suspension: null });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', seedMintedAt: after['seedMintedAt'] });
  });

  scenario('and a suspension and an unlock in one change are one seed', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.login.wrongCodes(anna.spec.address, 25);
    const { seedMintedAt } = await tenant.eventually(anna).shows({ phase: 'Locked' });
    const requestedAt = await justAfter(seedMintedAt);
    await come(fromNow({ seconds: 1 }));
    const unlock = { requestedAt: fromNow({}) };
    await tenant.patch(anna, { reset: { requestedAt }, unlock, suspension: { requestedAt, hours: 1 } });
    const after = await tenant.eventually(anna).shows({ phase: 'Suspended' });
    expect(after['seedMintedAt']).not.toBe(seedMintedAt);
    await tenant.patch(anna, { suspension: null });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', seedMintedAt: after['seedMintedAt'] });
  });
});

describe.concurrent('a platform-wide reset', () => {
  scenario('replaces every older seed once, and no newer one', async (tenant) => {
    const removed = account('carl', { state: 'Removed' });
    await tenant.given(platform(), ben, removed);
    await tenant.enrolled(anna);
    const seeds = [await seedOf(tenant, anna), await seedOf(tenant, ben)];
    const requestedAt = await justAfter((await tenant.now(anna))?.['seedMintedAt']);
    const newer = account('dora');
    await tenant.given(newer);
    const newerSeed = await seedOf(tenant, newer);
    await tenant.patch(platform(), { reset: { requestedAt } });
    await tenant
      .eventually(platform())
      .shows({ ready: 'True Reconciled', message: /every seed minted before .* is replaced/ });
    for (const who of [anna, ben]) {
      const { seedMintedAt } = await tenant.eventually(who).shows({ phase: 'Enrolling' });
      expect(Date.parse(String(seedMintedAt))).toBeGreaterThanOrEqual(Date.parse(requestedAt));
      expect(seeds).not.toContain(await seedOf(tenant, who));
    }
    expect(await seedOf(tenant, newer)).toBe(newerSeed);
    expect(await tenant.now(secretOf(removed))).toMatchObject({ keys: [], secondFactor: 'off' });
    const patched = () => tenant.patch(platform(), { reset: { requestedAt, reason: 'said again' } });
    expect(await tenant.writesAfter(patched)).toEqual([]);
    await tenant.eventually(anna).tells(['Enrolled', 'Reset']);
    await tenant.eventually(ben).tells(['Reset']);
    await tenant.eventually(newer).tells([]);
  });
});
