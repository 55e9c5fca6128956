import { describe, expect } from 'vitest';
import { account, fromNow, platform, secretOf } from '../../support/scenario-objects.ts';
import { scenario } from '../../support/scenario.ts';

const anna = account('anna');
const removed = account('anna', { state: 'Removed' });

describe.concurrent('a removal', () => {
  scenario('erases the seed; enabled again, another is minted', async (tenant) => {
    await tenant.given(platform());
    await tenant.enrolled(anna);
    const before = await tenant.now(secretOf(anna));
    await tenant.patch(anna, { state: 'Removed' });
    const gone = { phase: 'Off', enforced: 'False Removed', enrolled: 'False SeedErased', ready: 'True Reconciled' };
    await tenant.eventually(anna).shows({ ...gone, seedMintedAt: undefined, enrolledAt: undefined });
    await tenant
      .eventually(secretOf(anna))
      .shows({ secondFactor: 'off', keys: [], mintedAt: undefined, login: 'none Off' });
    await tenant.isAsIn('removed', anna);
    const { erasedAt } = (await tenant.now(secretOf(anna))) ?? {};
    await tenant.patch(anna, { state: 'Enabled' });
    const { seedMintedAt } = await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    expect(Date.parse(String(seedMintedAt))).toBeGreaterThan(Date.parse(String(erasedAt)));
    const after = await tenant.eventually(secretOf(anna)).shows({ erasedAt: undefined, login: 'enroll' });
    expect(after['seed']).not.toBe(before?.['seed']);
    await tenant.eventually(anna).tells(['Enrolled', 'Removed']);
  });

  scenario('from the first apply leaves a Secret that says so, without a seed', async (tenant) => {
    const reset = { requestedAt: fromNow({ hours: -1 }) };
    await tenant.given(platform(), account('anna', { state: 'Removed', reset }));
    await tenant.eventually(anna).shows({ phase: 'Off', message: /reset of .*Z is done: no seed is left since/ });
    await tenant.eventually(secretOf(anna)).shows({ secondFactor: 'off', erasedAt: /Z$/, keys: [], login: 'none Off' });
  });

  scenario('said again after a commit was reverted erases again', async (tenant) => {
    await tenant.given(platform(), removed);
    await tenant.eventually(anna).shows({ phase: 'Off' });
    await tenant.apply(anna);
    await tenant.eventually(anna).shows({ phase: 'Enrolling' });
    await tenant.apply(removed);
    await tenant.eventually(anna).shows({ phase: 'Off', enrolled: 'False SeedErased' });
    await tenant.eventually(secretOf(anna)).shows({ keys: [], login: 'none Off' });
  });
});

describe.concurrent('a deleted account', () => {
  scenario('without a time of grace takes its Secret with it, after a last consistent look', async (tenant) => {
    await tenant.given(platform({ retainDeletedHours: 0 }));
    await tenant.enrolled(anna);
    await tenant.kubectl('delete mailaccount anna');
    await tenant.eventually(secretOf(anna)).isGone();
    const { requests } = tenant.stage.proxy;
    const deletion = requests.findLastIndex(
      ({ method, namespace }) => method === 'DELETE' && namespace === tenant.namespace,
    );
    const before = requests.slice(0, deletion);
    const looks = [
      { resource: 'mailaccounts', path: /fieldSelector=spec\.address/ },
      { resource: 'exchangeplatforms', path: /^(?!.*watch=)/ },
    ].map(({ resource, path }) =>
      before.some((look) => look.resource === resource && look.namespace === tenant.namespace && path.test(look.path)),
    );
    expect(looks).toEqual([true, true]);
    expect(before.some(({ resource }) => resource === 'customresourcedefinitions')).toBe(true);
    expect(requests[deletion]?.body).toMatch(/"uid":"[^"]+".*"resourceVersion":"\d+"/);
  });

  scenario('has its time of grace stamped once; a login is refused meanwhile', async (tenant) => {
    await tenant.given(platform({ retainDeletedHours: 10 }), anna);
    await tenant.kubectl('delete mailaccount anna');
    const orphan = await tenant.eventually(secretOf(anna)).shows({ eraseAfter: /Z$/, login: 'deny Orphaned' });
    expect(Date.parse(String(orphan['eraseAfter'])) - Date.parse(String(orphan['orphanedAt']))).toBe(10 * 3_600_000);
    const patched = () => tenant.patch(platform(), { retainDeletedHours: 20 });
    expect(await tenant.writesAfter(patched)).toEqual([]);
    expect(await tenant.now(secretOf(anna))).toEqual(orphan);
    await tenant.eventually(secretOf(anna)).tells(['Orphaned']);
  });
});
