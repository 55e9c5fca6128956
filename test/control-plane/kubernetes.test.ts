import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';
import { eventually, isGone, kubectl, localProvider, runFolder } from './support.ts';

let controlPlane: ControlPlane;
let auditFolder: string;
let auditLogFile: string;

const run = (...args: string[]) => kubectl(controlPlane, ...args);
const local = () => controlPlane.local!;

beforeAll(async () => {
  auditFolder = mkdtempSync(join(tmpdir(), 'audit-'));
  auditLogFile = join(auditFolder, 'audit.log');
  controlPlane = await startControlPlane({ provider: localProvider, auditLogFile, log: () => undefined });
});
afterAll(async () => {
  await controlPlane.stop();
  rmSync(auditFolder, { recursive: true });
});

describe('what a real control plane does', () => {
  it('issues ServiceAccount tokens by TokenRequest, good for that identity only', async () => {
    await run('create', 'serviceaccount', 'robot');
    const token = await run('create', 'token', 'robot');
    expect(await run('--token', token, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}')).toBe(
      'system:serviceaccount:default:robot',
    );
    await expect(run('--token', token, 'get', 'secrets')).rejects.toThrow(/cannot list resource "secrets"/);
  });

  it('empties and removes a namespace that is deleted', async () => {
    await run('create', 'namespace', 'passing');
    await run('create', '-n', 'passing', 'secret', 'generic', 'inside');
    await run('delete', 'namespace', 'passing', '--timeout=60s');
    await expect(run('get', 'namespace', 'passing')).rejects.toThrow(/not found/);
  });

  it('collects what an owner leaves behind', async () => {
    const uid = (await run('create', 'configmap', 'owner', '-o', 'jsonpath={.metadata.uid}')).trim();
    await run('create', 'configmap', 'owned');
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid };
    await run('patch', 'configmap', 'owned', '-p', JSON.stringify({ metadata: { ownerReferences: [reference] } }));
    await run('delete', 'configmap', 'owner');
    await eventually(async () => (await run('get', 'configmap', 'owned', '--ignore-not-found')) === '');
    expect(await run('get', 'configmap', 'owned', '--ignore-not-found')).toBe('');
  });

  it('serves admission policies and a watch that begins with a list', async () => {
    expect(await run('api-resources', '--api-group=admissionregistration.k8s.io', '-o', 'name')).toContain(
      'validatingadmissionpolicies',
    );
    const list = '/api/v1/namespaces?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan';
    expect(await run('get', '--raw', `${list}&allowWatchBookmarks=true&timeoutSeconds=1`)).toContain(
      'k8s.io/initial-events-end',
    );
  });

  it('notes in its audit log who did what, and never what was in it', async () => {
    await run('create', 'secret', 'generic', 'audited', '--from-literal=word=canary');
    await eventually(() => readFileSync(auditLogFile, 'utf8').includes('audited'));
    const log = readFileSync(auditLogFile, 'utf8');
    expect(log).toContain('"name":"audited"');
    expect(log).not.toContain(Buffer.from('canary').toString('base64'));
  });
});

describe('what can be done to it', () => {
  it('goes back to a snapshot under a running API server: the resource version goes back', async () => {
    const create = async (name: string) =>
      Number(await run('create', 'configmap', name, '-o', 'jsonpath={.metadata.resourceVersion}'));
    await create('before');
    const snapshot = await local().snapshotEtcd();
    let last = 0;
    for (const name of ['after-1', 'after-2', 'after-3', 'after-4', 'after-5']) last = await create(name);
    await local().restoreEtcd(snapshot, { restartApiServer: false });
    expect(await run('get', 'configmap', 'before', '-o', 'name')).toBe('configmap/before');
    await expect(run('get', 'configmap', 'after-1')).rejects.toThrow(/not found/);
    expect(await create('since')).toBeLessThan(last);
    // A list comes from the API server's cache, which knows nothing of the restore until it starts again.
    expect(await run('get', 'configmaps', '-o', 'name')).toContain('configmap/after-1');
    await local().restoreEtcd(snapshot, { restartApiServer: true });
    expect(await run('get', 'configmaps', '-o', 'name')).not.toMatch(/after-|since/);
  });

  it('does not answer a consistent read while its storage is frozen', async () => {
    local().freezeEtcd();
    await expect(run('get', 'configmap', 'before', '--request-timeout=2s')).rejects.toThrow();
    local().thawEtcd();
    expect(await run('get', 'configmap', 'before', '-o', 'name')).toBe('configmap/before');
  });

  it('stops and comes back on the same port', async () => {
    await local().stopApiServer();
    await expect(run('get', '--raw', '/readyz')).rejects.toThrow(/refused/);
    await local().restartApiServer();
    expect(await run('get', '--raw', '/readyz')).toBe('ok');
  });

  it('knows another user, with groups, by a token', async () => {
    const token = await local().addUserToken({ name: 'anna', groups: ['helpdesk', 'staff'] });
    const who = await run('--token', token, 'auth', 'whoami', '-o', 'jsonpath={.status.userInfo}');
    expect(JSON.parse(who)).toMatchObject({ username: 'anna', groups: ['helpdesk', 'staff', 'system:authenticated'] });
  });

  it('ends, without a trace, even while its storage is frozen', async () => {
    const folder = runFolder(controlPlane.kubeconfig);
    local().freezeEtcd();
    await controlPlane.stop();
    expect(isGone(folder)).toBe(true);
  });
});
