import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../../dev/control-plane/index.ts';
import { install, sayOk, seeAll, system, until } from '../../support/scenario-cluster.ts';
import { account, fromNow, justAfter, platform, secretOf } from '../../support/scenario-objects.ts';
import { sharedName, Stage, stages } from '../../support/scenario-stage.ts';
import { type Tenant, tenantOf } from '../../support/scenario-tenant.ts';

const anna = account('anna');
const namespace = 'stored';
const suspension = { requestedAt: fromNow({ hours: -1 }), hours: 3 };
const patience = { withinSeconds: 60 };
const crds = ['crd/mailaccounts.exchange2fa.io', 'crd/exchangeplatforms.exchange2fa.io'];
const quietMs = 12_000;
const startMs = 15 * 60_000;

interface AuditLine {
  readonly verb: string;
  readonly user: { readonly username: string };
  readonly objectRef?: { readonly resource?: string };
}

/** What happens to a whole cluster, on one of our own, under the rights for all namespaces. */
describe('a cluster', () => {
  let controlPlane: ControlPlane | undefined;
  let unavailable = '';
  let folder: string;
  let stage: Stage | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'exchange2fa-audit-'));
    const auditLogFile = join(folder, 'audit.log');
    controlPlane = await startControlPlane({ needsLocal: true, auditLogFile }).catch((error: unknown) => {
      unavailable = String(error);
      return undefined;
    });
    if (!controlPlane) return;
    await install(controlPlane);
    stage = await Stage.raise({ cluster: controlPlane, name: sharedName, namespaces: [namespace], clusterWide: true });
    await stage.start();
  }, startMs);

  afterAll(async () => {
    try {
      stage?.shown.push(await readFile(join(folder, 'audit.log'), 'utf8'));
      await stage?.lower();
    } finally {
      await controlPlane?.stop();
      await rm(folder, { recursive: true });
    }
  });

  const here = async (context: TestContext): Promise<Tenant> => {
    if (!stage) return context.skip(unavailable);
    return tenantOf(stage, namespace, context.expect);
  };

  /** What the operator did, by the API server's own account. */
  const audited = async (): Promise<readonly AuditLine[]> => {
    const lines = (await readFile(join(folder, 'audit.log'), 'utf8')).split('\n').filter(Boolean);
    return lines
      .map((line) => JSON.parse(line) as AuditLine)
      .filter(({ user }) => user.username === `system:serviceaccount:${system}:${sharedName}`);
  };

  const writes = async (): Promise<readonly AuditLine[]> =>
    (await audited()).filter(
      ({ verb, objectRef }) => !['get', 'list', 'watch'].includes(verb) && objectRef?.resource !== 'leases',
    );

  test('in which nothing changes is not written to, by its own audit log, nor after a restart', async (context) => {
    const tenant = await here(context);
    const { stage } = tenant;
    const lostAnswer = stage.proxy.add({ method: 'POST', path: /\/secrets$/, nth: 1, act: { do: 'drop-after' } });
    await tenant.given(platform({ retainDeletedHours: 0 }), account('ben', { state: 'Removed' }), account('carl'));
    lostAnswer.remove();
    await tenant.kubectl('delete mailaccount carl');
    await tenant.eventually(secretOf(account('carl'))).isGone();
    await tenant.apply(platform());
    await tenant.enrolled(anna);
    const accounts = { total: 2, enforced: 1, enrolling: 0, suspended: 0, locked: 0, off: 1, blocked: 0 };
    await tenant.eventually(platform()).shows({ accounts });
    await tenant.settled();
    const before = (await writes()).length;
    expect(before).toBeGreaterThan(3);
    await wait(quietMs);
    await stage.stop();
    await stage.start();
    await wait(quietMs);
    expect((await writes()).slice(before)).toEqual([]);
    // Twice the same Event, so that it is counted.
    for (const suspending of [{ suspension }, { suspension: null }, { suspension }, { suspension: null }]) {
      await tenant.patch(anna, suspending);
      await tenant.eventually(anna).shows({ phase: suspending.suspension ? 'Suspended' : 'Enforced' });
    }
  });

  test('whose CRDs are deleted keeps every Secret; applied again, all is as before', async (context) => {
    const tenant = await here(context);
    const { stage } = tenant;
    const before = await tenant.now(secretOf(anna));
    const [accountsCrd = '', platformsCrd = ''] = crds;
    // While one object stays, lists answer with those that are left, as if somebody had deleted the others.
    await tenant.admin(`patch mailaccount ben --type=merge -p={"metadata":{"finalizers":["example.com/stays"]}}`);
    await sayOk(stage.cluster, ['delete', accountsCrd, '--wait=false']);
    await tenant.eventually(anna).isGone();
    await tenant.settled();
    expect(await tenant.now(secretOf(anna))).toEqual(before);
    await tenant.admin(`patch mailaccount ben --type=merge -p={"metadata":{"finalizers":null}}`);
    await sayOk(stage.cluster, ['wait', accountsCrd, '--for=delete', '--timeout=60s']);
    await sayOk(stage.cluster, ['delete', platformsCrd]);
    await tenant.settled();
    expect(await tenant.now(secretOf(anna))).toEqual(before);
    await sayOk(stage.cluster, ['apply', '-k', 'crds']);
    await sayOk(stage.cluster, ['wait', ...crds, '--for=condition=Established', '--timeout=60s']);
    await tenant.apply([platform(), anna]);
    await tenant.eventually(anna).shows({ phase: 'Enforced', enrolled: 'True FirstCodeAccepted' }, patience);
    expect(await tenant.now(secretOf(anna))).toEqual(before);
  });

  test('whose storage is put back sees nothing done for an hour that cannot be undone, or until a restart', async (context) => {
    const led = (await here(context)).stage;
    await led.stop();
    // Without a Lease: it would be lost while the API server is down, and the operator restarted.
    const flags = ['--leader-elect', 'false'];
    const unled = await Stage.raise({
      cluster: led.cluster,
      name: sharedName,
      namespaces: [namespace],
      clusterWide: true,
      flags,
    });
    context.onTestFinished(() => unled.lower());
    await unled.start();
    const tenant = await tenantOf(unled, namespace, context.expect);
    await restoredStorage(tenant, controlPlane?.local);
  });

  test('says of each request of the operator what our proxy says', async (context) => {
    await here(context);
    const told = (verb: string, resource = ''): string => `${verb} ${resource}`;
    const byServer = new Set((await audited()).map(({ verb, objectRef }) => told(verb, objectRef?.resource)));
    const requests = stages.filter(({ cluster }) => cluster === controlPlane).flatMap(({ proxy }) => proxy.requests);
    const byProxy = new Set(requests.map(({ verb, resource }) => told(verb, resource)));
    expect([...byServer].sort()).toEqual([...byProxy].sort());
  });
});

/** A reset and a suspension are undone by an older copy of the storage; then a removal is asked for. */
async function restoredStorage(tenant: Tenant, local: ControlPlane['local']): Promise<void> {
  if (!local) throw new Error('a control plane of our own has its storage at hand');
  const { stage } = tenant;
  const before = await tenant.now(secretOf(anna));
  const snapshot = await local.snapshotEtcd();
  await tenant.patch(anna, { reset: { requestedAt: await justAfter(before?.['mintedAt']) } });
  await tenant.eventually(anna).shows({ phase: 'Enrolling' });
  await longHistory(tenant);
  await local.restoreEtcd(snapshot, { restartApiServer: true });
  await until('the operator has noticed', async () => {
    const events = await seeAll<{ reason: string }>(stage.cluster, system, 'Event');
    return events.some(({ reason }) => reason === 'StorageWentBack');
  });
  await tenant.eventually(anna).shows({ phase: 'Enforced' }, patience);
  expect((await stage.operator.ask('/metrics'))?.text).toMatch(/^exchange2fa_storage_went_back_total [1-9]/m);
  expect(await tenant.now(secretOf(anna))).toEqual(before);
  await tenant.patch(anna, { suspension });
  await tenant.eventually(anna).shows({ phase: 'Suspended', ready: 'True Reconciled' }, patience);
  await tenant.patch(anna, { suspension: null, state: 'Removed' });
  const held = { ready: 'False StorageWentBack', phase: 'Enforced', stalled: undefined };
  await tenant.eventually(anna).shows({ ...held, message: /erasing the seed waits until/ }, patience);
  expect(await tenant.now(secretOf(anna))).toMatchObject({ seed: before?.['seed'], login: 'code' });
  await stage.stop();
  await stage.start();
  await tenant.eventually(anna).shows({ phase: 'Off', ready: 'True Reconciled' });
  await tenant.eventually(secretOf(anna)).shows({ keys: [], login: 'none Off' });
}

/** A backup is hours old: storage must not have overtaken itself by what an API server writes when it starts. */
async function longHistory(tenant: Tenant): Promise<void> {
  const names = Array.from({ length: 300 }, (_, index) => `history-${index}`);
  const items = names.map((name) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }));
  await tenant.admin('create -f -', { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  await tenant.given(account('dora'));
}
