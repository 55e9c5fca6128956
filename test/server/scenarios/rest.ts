import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { account, fromNow, platform, renamed, secretOf } from '../../support/scenario-objects.ts';
import { alone } from '../../support/scenario.ts';

/** Longer than counts of platforms wait (10 s), and than a leader's Lease takes to be renewed several times. */
const quietMs = 15_000;

describe.concurrent('an operator that has done everything', () => {
  alone('writes nothing but its Lease: not while nothing changes, and not after a restart', async (tenant) => {
    const { stage } = tenant;
    const suspended = account('ben', { suspension: { requestedAt: fromNow({ hours: -1 }), hours: 2 } });
    const waiting = account('gina', { reset: { requestedAt: fromNow({ hours: 1 }) } });
    const locked = account('emil');
    const lost = account('hugo');
    await stage.start();
    await tenant.given(
      platform(),
      suspended,
      account('carl', { state: 'Removed' }),
      locked,
      waiting,
      account('ida'),
      lost,
    );
    await tenant.enrolled(account('anna'));
    await tenant.login.wrongCodes(locked.spec.address, 25);
    await tenant.apply(renamed(locked, 'emil-too'));
    await tenant.kubectl('delete mailaccount ida');
    await tenant.admin(`delete secret ${secretOf(lost).metadata.name}`);
    await tenant.eventually(lost).shows({ ready: 'False SeedLost' });
    const accounts = { total: 7, enforced: 1, enrolling: 1, suspended: 1, locked: 1, off: 1, blocked: 2 };
    await tenant.eventually(platform()).shows({ accounts });
    await tenant.settled();
    const written = stage.writes().length;
    await wait(quietMs);
    expect(stage.writes().slice(written)).toEqual([]);
    await stage.stop();
    await stage.start();
    await wait(quietMs / 3);
    expect(stage.writes().slice(written)).toEqual([]);
    await stage.operator.crash();
    await stage.start();
    await wait(quietMs * 1.5);
    expect(stage.writes().slice(written)).toEqual([]);
    expect((await tenant.now(platform()))?.['accounts']).toEqual(accounts);
  });
});
