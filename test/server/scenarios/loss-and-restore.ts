import { describe, expect } from 'vitest';
import { annotation } from '../../../src/api/record.ts';
import { backedUp, replaced, restored } from '../../support/scenario-backup.ts';
import { account, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import type { Tenant } from '../../support/scenario-tenant.ts';
import { alone, scenario } from '../../support/scenario.ts';

const anna = account('anna');
const secret = secretOf(anna);
const everything = [secret, platform(), anna];

const deleteSecret = (tenant: Tenant): Promise<string> => tenant.admin(`delete secret ${secret.metadata.name}`);

const lost = { phase: 'Blocked', ready: 'False SeedLost', enforced: 'True SeedLost', enrolled: 'Unknown SeedLost' };
const invalid = { phase: 'Blocked', ready: 'False SecretInvalid', enrolled: 'Unknown SecretInvalid' };

const reset = async (tenant: Tenant): Promise<void> => {
  const { seedMintedAt } = (await tenant.now(anna)) ?? {};
  await tenant.patch(anna, { reset: { requestedAt: await justAfter(seedMintedAt) } });
  const after = await tenant
    .eventually(anna)
    .shows({ phase: 'Enrolling', ready: 'True Reconciled', stalled: undefined });
  expect(after['seedMintedAt']).not.toBe(seedMintedAt);
};

describe.concurrent('a loss', () => {
  scenario('of every status is made good from Secret and spec, and no seed is touched', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const [before, secretBefore] = [await tenant.now(anna), await tenant.now(secret)];
    const nulled = ['--subresource=status', '--type=merge', '-p={"status":null}'].join(' ');
    await tenant.admin(`patch mailaccount anna ${nulled}`);
    await tenant.admin(`patch exchangeplatform mail ${nulled}`);
    await tenant.eventually(anna).shows(before ?? {});
    await tenant.eventually(platform()).shows({ ready: 'True Reconciled' });
    expect(await tenant.now(secret)).toEqual(secretBefore);
    await tenant.eventually(anna).tells(['Enrolled']);
  });

  scenario(
    'of the Secret is a lost seed: none is made, the login is refused; restored, all is as before',
    async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const [before, backup] = [await tenant.now(secret), await backedUp(tenant, secret)];
      await deleteSecret(tenant);
      await tenant
        .eventually(anna)
        .shows({ ...lost, stalled: 'True SeedLost', message: /there is no Secret, but a seed was minted/ });
      await tenant.isAsIn('seed-lost', anna);
      await tenant.settled();
      expect(await tenant.now(secret)).toBeUndefined();
      await restored(tenant, backup);
      await tenant.eventually(anna).shows({ phase: 'Enforced', ready: 'True Reconciled', stalled: undefined });
      expect(await tenant.now(secret)).toEqual(before);
      await tenant.eventually(anna).tells(['Enrolled', 'SeedLost', 'Reconciled']);
    },
  );

  scenario('of the Secret is cured by a reset as well', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await deleteSecret(tenant);
    await tenant.eventually(anna).shows(lost);
    await reset(tenant);
    await tenant.eventually(secret).shows({ login: 'enroll' });
  });

  scenario('of the enrolment alone is no new enrolment: the login is refused until a reset', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const { metadata, ...backup } = await backedUp(tenant, secret);
    const kept = Object.entries(metadata.annotations ?? {}).filter(
      ([name]) => name !== annotation.enrolledAt && name !== annotation.lastStep,
    );
    await deleteSecret(tenant);
    await restored(tenant, { ...backup, metadata: { ...metadata, annotations: Object.fromEntries(kept) } });
    await tenant.eventually(anna).shows({ ...invalid, stalled: 'True SecretInvalid' });
    await tenant.eventually(secret).shows({ secondFactor: 'refused', login: 'deny Refused' });
    await reset(tenant);
  });

  scenario("of the label is mended, and so is another platform's name in it", async (tenant) => {
    await tenant.given(platform(), anna);
    for (const change of ['exchange2fa.io/platform-', 'exchange2fa.io/platform=other --overwrite']) {
      await tenant.admin(`label secret ${secret.metadata.name} ${change}`);
      await tenant.eventually(secret).shows({ platform: 'mail' });
    }
  });
});

describe.concurrent('a Secret edited by hand', () => {
  scenario('is mended where the operator is the writer', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const before = (await tenant.now(secret)) ?? {};
    for (const edit of [
      { secondFactor: 'off' },
      { secondFactor: 'nonsense' },
      { suspended: '2026-01-01T00:00:00Z/2199-01-01T00:00:00Z' },
      { suspended: 'tomorrow' },
      { unlockedAt: 'yesterday' },
      { enrollUntil: 'soon' },
      { enrollmentCode: '1234' },
      { account: 'eve' },
      { orphanedAt: '2026-01-01T00:00:00Z', eraseAfter: '2026-01-02T00:00:00Z' },
    ]) {
      const changes = Object.entries(edit).map(
        ([name, value]) => `${annotation[name as keyof typeof annotation]}=${value}`,
      );
      await tenant.admin(`annotate secret ${secret.metadata.name} --overwrite ${changes.join(' ')}`);
      await tenant.eventually(secret).shows(before);
    }
    await tenant.eventually(anna).shows({ phase: 'Enforced', ready: 'True Reconciled' });
  });

  for (const { what, edit } of [
    { what: 'failures that nobody can read', edit: { failures: '25' } },
    { what: 'a minted-at that nobody can read', edit: { mintedAt: 'long-ago' } },
  ]) {
    scenario(`to have ${what} is refused until a reset`, async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const [[name, value] = ['', '']] = Object.entries(edit);
      const change = `${annotation[name as keyof typeof annotation]}=${value}`;
      await tenant.admin(`annotate secret ${secret.metadata.name} --overwrite ${change}`);
      await tenant.eventually(anna).shows({ ...invalid, stalled: 'True SecretInvalid', message: /can't be trusted/ });
      expect(await tenant.now(secret)).toMatchObject({ login: 'deny SecretInvalid' });
      await reset(tenant);
    });
  }

  scenario('so that its data cannot be read is refused once a login has found out', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const patch = '--type=merge -p={"data":{"seed":null}}';
    await tenant.admin(`patch secret ${secret.metadata.name} ${patch}`);
    await expect(tenant.login.typeCode(anna.spec.address)).rejects.toThrow('the data of the Secret cannot be read');
    await tenant.eventually(anna).shows({ ...invalid, message: /data-invalid/ });
    await tenant.isAsIn('secret-invalid', anna);
    await reset(tenant);
  });
});

describe.concurrent('a backup', () => {
  scenario('with an older Secret is a lost seed; the newer one restored, or a reset, cures it', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const older = await backedUp(tenant, secret);
    await reset(tenant);
    const newer = await backedUp(tenant, secret);
    await replaced(tenant, older);
    await tenant.eventually(anna).shows({ ...lost, message: /holds an older seed/ });
    await tenant.eventually(secret).shows({ secondFactor: 'refused', login: 'deny Refused' });
    await replaced(tenant, newer);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    await replaced(tenant, older);
    await tenant.eventually(anna).shows(lost);
    await reset(tenant);
  });

  scenario(
    'of all three kinds, with new uids and no status, changes nothing, though the operator sees each come',
    async (tenant) => {
      await tenant.given(platform());
      await tenant.enrolled(anna);
      const [before, backups] = [await tenant.now(secret), await everyBackup(tenant)];
      await loseEverything(tenant);
      for (const backup of backups) await restored(tenant, backup);
      await tenant.eventually(anna).shows({ phase: 'Enforced', enrolled: 'True FirstCodeAccepted' });
      await tenant.eventually(secret).shows(before ?? {});
    },
  );

  alone('restored before the operator comes up leaves it nothing to do but tell', async (tenant) => {
    const { stage } = tenant;
    await stage.start();
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const [before, after, backups] = [await tenant.now(secret), await tenant.now(anna), await everyBackup(tenant)];
    await tenant.settled();
    await stage.stop();
    await loseEverything(tenant);
    for (const backup of backups) await restored(tenant, backup);
    const written = tenant.writes().length;
    await stage.start();
    await tenant.eventually(anna).shows(after ?? {});
    await tenant.eventually(platform()).shows({ ready: 'True Reconciled' });
    await tenant.settled();
    expect(
      tenant
        .writes()
        .slice(written)
        .filter(({ resource }) => resource === 'secrets'),
    ).toEqual([]);
    expect(await tenant.now(secret)).toEqual(before);
  });
});

const everyBackup = (tenant: Tenant) => Promise.all(everything.map((ref) => backedUp(tenant, ref)));

async function loseEverything(tenant: Tenant): Promise<void> {
  await tenant.kubectl('delete mailaccount anna');
  await tenant.kubectl('delete exchangeplatform mail');
  await deleteSecret(tenant);
}
