import { describe, expect } from 'vitest';
import { account, come, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
const { address } = anna.spec;
const thirtyDaysMs = 30 * 24 * 3_600_000;

describe.concurrent('wrong codes', () => {
  scenario('lock an account for thirty days, or until an unlock, whose withdrawal locks nobody', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const { seed } = (await tenant.now(secretOf(anna))) ?? {};
    await tenant.login.wrongCodes(address, 25);
    const { lockedUntil } = await tenant
      .eventually(anna)
      .shows({ phase: 'Locked', enforced: 'True Locked', ready: 'True Reconciled' });
    expect(Date.parse(String(lockedUntil)) - Date.now()).toBeLessThanOrEqual(thirtyDaysMs);
    expect(Date.parse(String(lockedUntil)) - Date.now()).toBeGreaterThan(thirtyDaysMs - 60_000);
    await tenant.isAsIn('locked', anna);
    await tenant.patch(anna, { unlock: { requestedAt: fromNow({}) } }, 'helpdesk');
    await tenant.eventually(anna).shows({ phase: 'Enforced', lockedUntil: undefined, message: /unlock of .* is done/ });
    await tenant.eventually(secretOf(anna)).shows({ seed, login: 'code', unlockedAt: /Z$/ });
    await tenant.patch(anna, { unlock: null });
    await tenant.settled();
    expect(await tenant.now(anna)).toMatchObject({ phase: 'Enforced' });
    expect(await tenant.now(secretOf(anna))).toMatchObject({ login: 'code', unlockedAt: expect.any(String) as string });
    await tenant.eventually(anna).tells(['Enrolled', 'Locked']);
  });

  scenario('a hundred in a row lock it until a reset: an unlock does not help', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.login.wrongCodes(address, 100);
    const locked = await tenant.eventually(anna).shows({ phase: 'Locked', lockedUntil: undefined });
    await tenant.patch(anna, { unlock: { requestedAt: fromNow({}) } });
    await tenant.eventually(anna).shows({ phase: 'Locked', message: /unlock of .* is done/ });
    await tenant.patch(anna, { reset: { requestedAt: await justAfter(locked['seedMintedAt']) } });
    await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    await tenant.eventually(anna).tells(['Enrolled', 'Locked', 'Reset']);
  });

  scenario('an unlock dated in the future waits for its instant', async (tenant) => {
    await tenant.given(platform(), anna);
    await tenant.login.wrongCodes(address, 25);
    await tenant.eventually(anna).shows({ phase: 'Locked' });
    const requestedAt = fromNow({ seconds: 6 });
    await tenant.patch(anna, { unlock: { requestedAt } });
    await tenant.eventually(anna).shows({ phase: 'Locked', message: /unlock due/ });
    expect(await tenant.now(secretOf(anna))).toMatchObject({ login: 'deny Locked' });
    await come(requestedAt);
    await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    await tenant.eventually(anna).tells(['Locked', 'RequestWaiting']);
  });

  scenario('are forgiven by no reset: who guesses goes on being refused', async (tenant) => {
    await tenant.given(platform(), anna);
    await tenant.login.wrongCodes(address, 25);
    const { seedMintedAt } = await tenant.eventually(anna).shows({ phase: 'Locked' });
    await tenant.patch(anna, { reset: { requestedAt: await justAfter(seedMintedAt) } });
    const after = await tenant.eventually(anna).shows({ phase: 'Locked', message: /reset of .* is done/ });
    expect(after['seedMintedAt']).not.toBe(seedMintedAt);
    expect(await tenant.now(secretOf(anna))).toMatchObject({ login: 'deny Locked' });
  });
});
