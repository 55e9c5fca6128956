import { describe, expect } from 'vitest';
import { account, come, endingIn, fromNow, platform, secretOf } from '../../support/scenario-objects.ts';
import { alone, scenario } from '../../support/scenario.ts';

const anna = account('anna');
const ben = account('ben');

/** How much later than the window the status may follow, on a busy machine. The login follows at once. */
const statusSlackMs = 5_000;

describe.concurrent('a suspension', () => {
  scenario('asks for no code in its window, and is over on the second', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const { suspension, until } = endingIn(10);
    await tenant.patch(anna, { suspension });
    const suspended = {
      phase: 'Suspended',
      enforced: 'False Suspended',
      ready: 'True Reconciled',
      suspendedUntil: until,
    };
    await tenant.eventually(anna).shows(suspended);
    await tenant
      .eventually(secretOf(anna))
      .shows({ suspended: `${suspension.requestedAt}/${until}`, login: 'none Suspended' });
    await tenant.isAsIn('suspended', anna);
    await tenant
      .eventually(anna)
      .shows({ phase: 'Enforced', suspendedUntil: undefined, message: /^.*suspension of .* ended/ });
    const late = Date.now() - Date.parse(until);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(statusSlackMs);
    expect((await tenant.now(secretOf(anna)))?.['login']).toBe('code');
    await tenant.eventually(anna).tells(['Enrolled', 'Suspended', 'SuspensionEnded']);
  });

  scenario('dated in the future waits for its time', async (tenant) => {
    const requestedAt = fromNow({ seconds: 8 });
    await tenant.given(platform(), account('anna', { suspension: { requestedAt, hours: 1 } }));
    await tenant.eventually(anna).shows({ phase: 'Enrolling', message: /suspension starts/, ready: 'True Reconciled' });
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(requestedAt));
    await tenant.eventually(anna).tells(['RequestWaiting', 'Suspended']);
  });

  scenario('that lies behind does nothing, and is stated without an Event', async (tenant) => {
    await tenant.given(platform(), account('anna', { suspension: { requestedAt: fromNow({ hours: -5 }), hours: 1 } }));
    await tenant
      .eventually(anna)
      .shows({ phase: 'Enrolling', message: /suspension of .* ended/, ready: 'True Reconciled' });
    await tenant.eventually(secretOf(anna)).shows({ suspended: undefined });
    await tenant.eventually(anna).tells([]);
  });

  scenario("longer than the platform's maximum is refused as a whole: the account stays enforced", async (tenant) => {
    const short = { requestedAt: fromNow({ hours: -1 }), hours: 24 };
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.patch(anna, { suspension: short });
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    await tenant.patch(anna, { suspension: { ...short, hours: 25 } });
    const refused = { ready: 'False SuspensionTooLong', stalled: 'True SuspensionTooLong', phase: 'Enforced' };
    const message = /suspension\.hours is 25; the platform allows at most 24/;
    await tenant.eventually(anna).shows({ ...refused, message, enforced: 'True CodeRequired' });
    await tenant.eventually(secretOf(anna)).shows({ suspended: undefined, login: 'code' });
    await tenant.isAsIn('suspension-too-long', anna);
    await tenant.patch(anna, { suspension: null });
    await tenant.eventually(anna).shows({ ready: 'True Reconciled', stalled: undefined });
    await tenant
      .eventually(anna)
      .tells(['Enrolled', 'Suspended', 'SuspensionEnded', 'SuspensionTooLong', 'Reconciled']);
  });

  scenario('that runs ends when the maximum is lowered below it; one that has ended harms nobody', async (tenant) => {
    const running = account('anna', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 12 } });
    const ended = account('ben', { suspension: { requestedAt: fromNow({ hours: -20 }), hours: 12 } });
    await tenant.given(platform(), running, ended);
    await tenant.eventually(running).shows({ phase: 'Suspended' });
    await tenant.patch(platform(), { maxSuspensionHours: 8 });
    await tenant.eventually(running).shows({ phase: 'Enrolling', ready: 'False SuspensionTooLong' });
    await tenant.settled();
    expect(await tenant.now(ended)).toMatchObject({ phase: 'Enrolling', ready: 'True Reconciled' });
    await tenant.patch(platform(), { maxSuspensionHours: 12 });
    await tenant.eventually(running).shows({ phase: 'Suspended', ready: 'True Reconciled' });
    await tenant.eventually(ended).tells([]);
  });

  scenario('whose hours are edited while it runs ends at the new time, or at once', async (tenant) => {
    const requestedAt = fromNow({ hours: -1.5 });
    await tenant.given(platform(), anna);
    for (const hours of [2, 5, 3]) {
      await tenant.patch(anna, { suspension: { requestedAt, hours } });
      const until = new Date(Date.parse(requestedAt) + hours * 3_600_000).toISOString().replace('.000', '');
      await tenant.eventually(anna).shows({ phase: 'Suspended', suspendedUntil: until });
      await tenant.eventually(secretOf(anna)).shows({ suspended: new RegExp(`/${until}$`) });
    }
    await tenant.patch(anna, { suspension: { requestedAt, hours: 1 } });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', suspendedUntil: undefined });
    await tenant.eventually(secretOf(anna)).shows({ login: 'enroll' });
  });

  scenario('has no effect while the second factor is off, and says so', async (tenant) => {
    const running = { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 2 } };
    await tenant.given(platform(), account('anna', { state: 'Removed', ...running }));
    await tenant.eventually(anna).shows({ phase: 'Off', message: /suspension has no effect: second factor is off/ });
    await tenant.eventually(anna).tells(['Removed', 'RequestHasNoEffect']);
  });

  alone('ends on the second though the operator is down, which says so when it is back', async (tenant) => {
    const { stage } = tenant;
    await stage.start();
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const { suspension, until } = endingIn(8);
    await tenant.patch(anna, { suspension });
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    expect(await stage.stop()).toBe(0);
    await come(until);
    const { verdict } = await tenant.login.meets(anna.spec.address);
    expect(verdict.kind).toBe('code');
    expect(await tenant.now(anna)).toMatchObject({ phase: 'Suspended' });
    await stage.start();
    await tenant.eventually(anna).shows({ phase: 'Enforced', suspendedUntil: undefined });
    await tenant.eventually(anna).tells(['Enrolled', 'Suspended', 'SuspensionEnded']);
  });
});

describe.concurrent('a platform-wide suspension', () => {
  scenario('suspends every account that has a second factor, joins their own, and ends by itself', async (tenant) => {
    const own = account('ben', { suspension: { requestedAt: fromNow({ seconds: 8 }), hours: 1 } });
    const removed = account('carl', { state: 'Removed' });
    await tenant.given(platform(), anna, own, removed);
    const { suspension, until } = endingIn(12);
    await tenant.patch(platform(), { suspension });
    await tenant.eventually(anna).shows({ phase: 'Suspended', suspendedUntil: until });
    const { suspendedUntil } = await tenant.eventually(own).shows({ phase: 'Suspended' });
    expect(Date.parse(String(suspendedUntil))).toBeGreaterThan(Date.parse(until));
    await tenant.eventually(secretOf(own)).shows({ suspended: `${suspension.requestedAt}/${String(suspendedUntil)}` });
    await tenant.eventually(platform()).shows({ message: /suspended until/, ready: 'True Reconciled' });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', suspendedUntil: undefined });
    expect(await tenant.now(own)).toMatchObject({ phase: 'Suspended' });
    expect(await tenant.now(removed)).toMatchObject({ phase: 'Off' });
    await tenant.eventually(platform()).shows({ message: /suspension of .* ended/ });
    await tenant.eventually(anna).tells(['Suspended', 'SuspensionEnded']);
  });

  scenario("over the platform's own maximum is ignored, and stalls the platform alone", async (tenant) => {
    const suspension = { requestedAt: fromNow({ hours: -1 }), hours: 5 };
    await tenant.given(platform({ maxSuspensionHours: 4, suspension }), anna, ben);
    await tenant.eventually(platform()).shows({
      ready: 'False SuspensionTooLong',
      stalled: 'True SuspensionTooLong',
      message: /suspension\.hours is 5; the platform allows at most 4/,
    });
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    await tenant.patch(platform(), { maxSuspensionHours: 5 });
    await tenant.eventually(platform()).shows({ ready: 'True Reconciled', stalled: undefined });
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
  });
});
