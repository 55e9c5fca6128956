import { describe, expect, test } from 'vitest';
import { openNamespaces, sharedCluster, until } from '../../support/scenario-cluster.ts';
import { account, platform, secretOf } from '../../support/scenario-objects.ts';
import { Stage } from '../../support/scenario-stage.ts';
import { tenantOf } from '../../support/scenario-tenant.ts';
import { alone, scenario } from '../../support/scenario.ts';

const anna = account('anna');

/** The longest that a watch waits after failures (src/kube/reflector/reflector.ts), and some more. */
const patience = { withinSeconds: 60 };
/** A namespace that ends takes some seconds; an operator that kept on trying would write hundreds of times. */
const fewWrites = 20;

describe.concurrent('upheaval', () => {
  scenario('a namespace deleted with all in it is let go, and served again when it is made anew', async (tenant) => {
    const { stage, namespace } = tenant;
    await tenant.given(platform(), account('ben'));
    await tenant.enrolled(anna);
    const before = await tenant.now(secretOf(anna));
    const written = tenant.writes().length;
    await tenant.admin('delete namespace --timeout=90s ' + namespace);
    await tenant.settled();
    expect(tenant.writes().length - written).toBeLessThan(fewWrites);
    expect(stage.operator.hasEnded).toBe(false);
    await openNamespaces(stage.cluster, [namespace]);
    await tenant.apply([platform(), anna]);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' }, patience);
    expect((await tenant.now(secretOf(anna)))?.['seed']).not.toBe(before?.['seed']);
  });

  test('a namespace whose Role is missing stops no other, and is served once it is there', async (context) => {
    const [shut, open] = ['without-its-role', 'beside-one-without-its-role'];
    const stage = await Stage.raise({ cluster: sharedCluster(), name: shut, namespaces: [shut, open] });
    context.onTestFinished(() => stage.lower());
    const [tenant, other] = await Promise.all([shut, open].map((name) => tenantOf(stage, name, context.expect)));
    if (!tenant || !other) throw new Error('there are two tenants');
    await tenant.admin('delete rolebinding exchange2fa-operator');
    const operator = await stage.start();
    await tenant.apply([platform(), anna]);
    await other.given(platform(), anna);
    await other.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' });
    const said = await operator.ask('/readyz');
    const [isOk, ...shutOut] = said?.text.trim().split('\n') ?? [];
    expect([said?.status, isOk, shutOut.length]).toEqual([200, 'ok', 3]);
    const told = new RegExp(` in ${shut}: .* 403 Forbidden; .*: kubectl apply -k manifests/tenant -n ${shut}$`);
    for (const line of shutOut) expect(line).toMatch(told);
    expect((await tenant.now(anna))?.['phase']).toBeUndefined();
    await openNamespaces(stage.cluster, [shut]);
    await tenant.eventually(anna).shows({ phase: 'Enrolling', ready: 'True Reconciled' }, patience);
  });

  alone('every connection lost at once loses nothing of what changes meanwhile', async (tenant) => {
    const { proxy } = tenant.stage;
    await tenant.stage.start();
    await tenant.given(platform(), anna);
    const unreachable = proxy.add({ path: /./, act: { do: 'drop-before' } });
    proxy.cutAll();
    await tenant.apply(account('anna', { state: 'Removed' }));
    await tenant.apply(account('ben'));
    await until('the operator has noticed', () => unreachable.matches() > 3);
    unreachable.remove();
    await tenant.eventually(anna).shows({ phase: 'Off', enrolled: 'False SeedErased' }, patience);
    await tenant.eventually(account('ben')).shows({ phase: 'Enrolling' }, patience);
  });
});
