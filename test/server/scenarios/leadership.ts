import { describe, expect } from 'vitest';
import { see, system, until } from '../../support/scenario-cluster.ts';
import { account, fromNow, platform, secretOf } from '../../support/scenario-objects.ts';
import type { Stage } from '../../support/scenario-stage.ts';
import type { Tenant } from '../../support/scenario-tenant.ts';
import { alone } from '../../support/scenario.ts';

const anna = account('anna');
const suspension = { requestedAt: fromNow({ hours: -1 }), hours: 3 };
/** src/kube/lease/lease-record.ts: how long others wait for a silent holder. */
const leaseSeconds = 15;

interface Lease {
  readonly spec?: { readonly holderIdentity?: string };
}

/** Who leads: the pod's name, without what makes it unique for a process. */
const leader = async ({ cluster }: Stage, name: string): Promise<string> => {
  const lease = (await see(cluster, system, { kind: 'Lease', metadata: { name } })) as Lease | undefined;
  return (lease?.spec?.holderIdentity ?? '').replace(/_.*$/, '');
};

const leads = (tenant: Tenant, who: string): Promise<void> =>
  until(`${who} leads`, async () => (await leader(tenant.stage, tenant.namespace)) === who);

describe.concurrent('two replicas', () => {
  alone('hand over at once when the leader is asked to end, and repeat nothing', async (tenant) => {
    const { stage } = tenant;
    const first = await stage.start('first');
    await leads(tenant, 'first');
    await stage.start('second');
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.settled();
    const written = tenant.writes().length;
    const began = performance.now();
    expect(await stage.stop(first)).toBe(0);
    await leads(tenant, 'second');
    expect((performance.now() - began) / 1000).toBeLessThan(leaseSeconds);
    await tenant.patch(anna, { suspension });
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    await tenant.settled();
    const since = tenant
      .writes()
      .slice(written)
      .filter(({ resource }) => resource !== 'exchangeplatforms');
    expect(since.map(({ method, resource }) => `${method} ${resource}`)).toEqual([
      'PATCH secrets',
      'PATCH mailaccounts',
      'POST events',
    ]);
  });

  alone('never both write: one that was frozen longer than its Lease ends itself when it wakes', async (tenant) => {
    const { stage } = tenant;
    const frozen = await stage.start('frozen');
    await leads(tenant, 'frozen');
    await stage.start('awake');
    await tenant.given(platform());
    await tenant.enrolled(anna);
    await tenant.settled();
    frozen.signal('SIGSTOP');
    await tenant.patch(anna, { suspension });
    await leads(tenant, 'awake');
    await tenant.eventually(anna).shows({ phase: 'Suspended' });
    await tenant.patch(anna, { suspension: null });
    await tenant.eventually(anna).shows({ phase: 'Enforced' });
    const before = await tenant.now(secretOf(anna));
    await tenant.settled();
    const written = tenant.writes().length;
    frozen.signal('SIGCONT');
    expect(await frozen.ended).toBe(1);
    await tenant.settled();
    const since = tenant
      .writes()
      .slice(written)
      .filter(({ resource }) => resource !== 'exchangeplatforms');
    expect(since).toEqual([]);
    expect(await tenant.now(secretOf(anna))).toEqual(before);
  });

  alone(
    'hand over nothing that has been switched on meanwhile, though the watch of the next is late',
    async (tenant) => {
      const { stage } = tenant;
      const first = await stage.start('first');
      await leads(tenant, 'first');
      await tenant.given(platform({ state: 'Disabled' }), anna);
      await tenant.eventually(anna).shows({ phase: 'Off' });
      const changes = (line: string): boolean => line.startsWith('{"type":"MODIFIED"');
      stage.proxy.add({ path: /\/exchangeplatforms\?watch=true/, nth: 1, act: { do: 'drop-events', drop: changes } });
      await stage.start('second');
      await tenant.apply(platform());
      await tenant.eventually(anna).shows({ phase: 'Enrolling' });
      const before = await tenant.now(secretOf(anna));
      await tenant.settled();
      await stage.stop(first);
      await leads(tenant, 'second');
      await tenant.settled();
      expect(await tenant.now(secretOf(anna))).toEqual(before);
      expect(tenant.writes().filter(({ resource }) => resource === 'secrets')).toHaveLength(2);
    },
  );

  alone('are replaced, whoever is killed, once its Lease has run out', async (tenant) => {
    const { stage } = tenant;
    const killed = await stage.start('killed');
    await leads(tenant, 'killed');
    await stage.start('second');
    await tenant.given(platform(), anna);
    await killed.crash();
    await tenant.patch(anna, { suspension });
    await tenant.eventually(anna).shows({ phase: 'Suspended' }, { withinSeconds: 3 * leaseSeconds });
    expect(await leader(stage, tenant.namespace)).toBe('second');
  });
});

describe('an operator asked to end in the middle of five hundred new accounts', () => {
  alone(
    'finishes what it has begun, gives the Lease up, and leaves the rest to the next',
    async (tenant) => {
      const { stage, namespace } = tenant;
      const accounts = Array.from({ length: 500 }, (_, index) => account(`user-${index}`));
      await stage.start();
      await tenant.given(platform());
      const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: accounts });
      const created = tenant.kubectl('create -f -', { input });
      const minted = (): number =>
        tenant
          .writes()
          .filter(({ method, resource, status }) => method === 'POST' && resource === 'secrets' && status === 201)
          .length;
      await until('a hundred are minted', () => minted() >= 100);
      expect(await stage.stop()).toBe(0);
      expect(await leader(stage, namespace)).toBe('');
      await created;
      const begun = minted();
      expect(begun).toBeLessThan(accounts.length);
      const count = async (selector: string): Promise<number> =>
        (await tenant.kubectl(`get mailaccounts ${selector} -o name`)).split('\n').filter(Boolean).length;
      expect(await count('--field-selector=status.phase=Enrolling')).toBe(begun);
      await stage.start();
      await until(
        'all are there',
        async () => (await count('--field-selector=status.phase=Enrolling')) === accounts.length,
      );
      expect(minted()).toBe(accounts.length);
      const statuses = tenant
        .writes()
        .filter(({ resource }) => resource === 'mailaccounts')
        .map(({ status }) => status);
      expect(statuses).toEqual(accounts.map(() => 200));
      await tenant.eventually(platform()).shows({ ready: 'True Reconciled', reconciling: undefined });
    },
    [],
    180_000,
  );
});
