import { describe, expect } from 'vitest';
import { account, platform, readdressed, renamed, secretOf } from '../../support/scenario-objects.ts';
import { alone, scenario } from '../../support/scenario.ts';

const anna = account('anna');
const lookAgainSeconds = 60;

describe.concurrent('one address', () => {
  scenario('belongs to the first of two accounts; when that goes, the other has seed and enrolment', async (tenant) => {
    const second = renamed(anna, 'anna-too');
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const before = await tenant.now(secretOf(anna));
    await tenant.apply(second);
    const refused = {
      phase: 'Blocked',
      ready: 'False AddressInUse',
      enforced: 'True AddressInUse',
      stalled: undefined,
    };
    const message = /anna@example\.com belongs to MailAccount anna,/;
    await tenant
      .eventually(second)
      .shows({ ...refused, message, enrolled: 'False NotEnrolled', secretName: undefined });
    await tenant.eventually(anna).shows({ phase: 'Enforced', ready: 'True Reconciled' });
    expect(await tenant.now(secretOf(anna))).toEqual(before);
    await tenant.kubectl('delete mailaccount anna');
    await tenant.eventually(second).shows({ phase: 'Enforced', ready: 'True Reconciled' });
    await tenant.eventually(secretOf(anna)).shows({ ...before, account: 'anna-too' });
    await tenant.eventually(second).tells(['AddressInUse', 'Reconciled', 'TakenBack']);
  });

  scenario('keeps seed and enrolment when its account is renamed', async (tenant) => {
    const married = renamed(anna, 'anna-schmidt');
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const before = await tenant.now(secretOf(anna));
    await tenant.kubectl('delete mailaccount anna');
    await tenant.eventually(secretOf(anna)).shows({ login: 'deny Orphaned' });
    await tenant.apply(married);
    await tenant.eventually(married).shows({ phase: 'Enforced', enrolled: 'True FirstCodeAccepted' });
    await tenant.eventually(secretOf(anna)).shows({ ...before, account: 'anna-schmidt' });
    await tenant.eventually(married).tells(['TakenBack']);
  });

  alone('is given up by an account that got another one while the operator was down', async (tenant) => {
    const { stage } = tenant;
    const moved = readdressed(anna, 'anna.schmidt@example.com');
    await stage.start();
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await stage.stop();
    await tenant.kubectl('delete mailaccount anna');
    await tenant.apply(moved);
    await stage.start();
    await tenant.eventually(secretOf(anna)).shows({ login: 'deny Orphaned', eraseAfter: /Z$/ });
    await tenant.eventually(moved).shows({ phase: 'Enrolling', enrolled: 'False NotEnrolled' });
    await tenant.eventually(secretOf(moved)).shows({ login: 'enroll', address: moved.spec.address });
  });
});

describe.concurrent("a Secret of another type under an account's name", () => {
  scenario(
    'is left untouched and in the way, until somebody takes it out',
    async (tenant) => {
      const foreign = secretOf(anna);
      const before = await tenant.now(foreign);
      await tenant.apply([platform(), anna]);
      const blocked = { phase: 'Blocked', ready: 'False SecretNameTaken', stalled: 'True SecretNameTaken' };
      await tenant.eventually(anna).shows({ ...blocked, message: new RegExp(foreign.metadata.name) });
      await tenant.isAsIn('secret-name-taken', anna);
      expect(await tenant.now(foreign)).toEqual(before);
      await tenant.admin(`delete secret ${foreign.metadata.name}`);
      await tenant.eventually(anna).shows({ phase: 'Enrolling' }, { withinSeconds: lookAgainSeconds + 30 });
      await tenant.eventually(foreign).shows({ type: 'exchange2fa.io/totp', login: 'enroll' });
      await tenant.eventually(anna).tells(['SecretNameTaken', 'Reconciled']);
    },
    { foreignSecretOf: anna },
  );

  scenario(
    'is found by who misses a seed as well, though nothing is to be created',
    async (tenant) => {
      await tenant.apply(anna);
      await tenant.eventually(anna).shows({ ready: 'False PlatformNotFound' });
      const remembered = JSON.stringify({ status: { seedMintedAt: '2026-11-01T10:00:00.000Z' } });
      await tenant.admin(`patch mailaccount anna --subresource=status --type=merge -p=${remembered}`);
      await tenant.eventually(anna).shows({ ready: 'False SecretNameTaken', stalled: 'True SecretNameTaken' });
    },
    { foreignSecretOf: anna },
  );
});
