import { createHash, randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { account, come, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import { backedUp, mintedAgo, restored } from '../../support/scenario-backup.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
const { address } = anna.spec;

describe.concurrent('an enrolment', () => {
  scenario('is told: the QR code was shown, the first code was accepted', async (tenant) => {
    await tenant.given(platform(), anna);
    await tenant.login.showQr(address);
    await tenant.eventually(anna).tells(['QRFirstShown']);
    await tenant.login.showQr(address);
    await tenant.login.enrol(address);
    await tenant
      .eventually(anna)
      .shows({ phase: 'Enforced', enforced: 'True CodeRequired', enrolled: 'True FirstCodeAccepted' });
    await tenant.isAsIn('enforced', anna);
    await tenant.eventually(anna).tells(['QRFirstShown', 'Enrolled']);
  });

  scenario(
    'has a window: a QR code not scanned in time is shown no more, until the window is longer or a reset',
    async (tenant) => {
      const windowHours = 1;
      await tenant.given(platform({ enrollment: { windowHours } }), anna);
      await tenant.settled();
      const backup = await backedUp(tenant, secretOf(anna));
      await tenant.kubectl('delete mailaccount anna');
      await tenant.admin(`delete secret ${backup.metadata.name}`);
      await restored(tenant, mintedAgo(backup, { hours: windowHours, seconds: -12 }));
      await tenant.given(anna);
      const { enrollUntil } = await tenant.eventually(secretOf(anna)).shows({ login: 'enroll', enrollUntil: /Z$/ });
      await tenant.eventually(anna).shows({ phase: 'Enrolling' });
      await come(String(enrollUntil));
      const expired = { phase: 'Blocked', enforced: 'True EnrollmentExpired', enrolled: 'False EnrollmentExpired' };
      await tenant.eventually(anna).shows({ ...expired, ready: 'True Reconciled', stalled: undefined });
      await tenant.isAsIn('enrolment-expired', anna);
      await tenant.patch(platform(), { enrollment: { windowHours: windowHours + 1 } });
      await tenant.eventually(anna).shows({ phase: 'Enrolling' });
      await tenant.patch(platform(), { enrollment: { windowHours } });
      const { seedMintedAt } = await tenant.eventually(anna).shows(expired);
      await tenant.patch(anna, { reset: { requestedAt: await justAfter(seedMintedAt) } });
      await tenant.eventually(anna).shows({ phase: 'Enrolling', enrolled: 'False NotEnrolled' });
      await tenant.login.enrol(address);
      await tenant.eventually(anna).shows({ phase: 'Enforced' });
      await tenant.eventually(secretOf(anna)).shows({ enrollUntil: undefined, login: 'code' });
    },
  );

  scenario('needs a code where the platform says so: one that is issued, and only until it expires', async (tenant) => {
    await tenant.given(platform({ enrollment: { mode: 'Code' } }), anna);
    const missing = { phase: 'Enrolling', enrolled: 'False EnrollmentCodeRequired', ready: 'True Reconciled' };
    await tenant.eventually(anna).shows(missing);
    await tenant.eventually(secretOf(anna)).shows({ enrollmentCode: 'required', login: 'enroll, code notIssued' });
    const enrollmentCode = { hash: hashOf('0123456789ABCDEF'), expiresAt: fromNow({ seconds: 10 }) };
    await tenant.patch(anna, { enrollmentCode });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', enrolled: 'False NotEnrolled' });
    const issued = `${enrollmentCode.hash} ${enrollmentCode.expiresAt}`;
    await tenant.eventually(secretOf(anna)).shows({ enrollmentCode: issued, login: 'enroll, code issued' });
    await come(enrollmentCode.expiresAt);
    await tenant.eventually(anna).shows(missing);
    expect(await tenant.now(secretOf(anna))).toMatchObject({ login: 'enroll, code notIssued' });
    await tenant.patch(anna, { enrollmentCode: null });
    await tenant.patch(platform(), { enrollment: { mode: 'Open' } });
    await tenant.eventually(secretOf(anna)).shows({ enrollmentCode: undefined, login: 'enroll' });
    await tenant.eventually(anna).shows({ enrolled: 'False NotEnrolled' });
  });
});

/** As `kubectl twofactor code` makes it: the code itself is never in the cluster. */
function hashOf(code: string): string {
  const salt = randomBytes(16);
  const digest = createHash('sha256').update(salt).update(code).digest('hex');
  return `sha256:${salt.toString('hex')}:${digest}`;
}
