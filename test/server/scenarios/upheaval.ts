import { describe, expect } from 'vitest';
import { openNamespaces, until } from '../../support/scenario-cluster.ts';
import { account, platform, secretOf } from '../../support/scenario-objects.ts';
import { alone, scenario } from '../../support/scenario.ts';

const anna = account('anna');

/** The longest that a watch waits after failures (src/kube/reflector.ts), and some more. */
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
