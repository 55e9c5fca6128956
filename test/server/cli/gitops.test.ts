import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { applyYaml, kubectl, kubectlOk } from '../../support/kubectl.ts';
import { buildProofs, buildTimeoutMs, needsGo, proof } from './gitops-program.ts';
import { accountObject, type Act, CliStage, liveOf, platformObject, specOf, tenant, untilPhase } from './stage.ts';

let stage: CliStage;

beforeAll(async () => {
  await buildProofs();
  stage = await CliStage.prepare();
}, buildTimeoutMs);

afterAll(() => stage.end());

describe('Argo CD', () => {
  beforeEach(needsGo);

  const git = accountObject('arno', 'argo');
  const driftFrom = async (said: object) => proof(['argodiff', inject('kubeconfig')], [said, await liveOf('arno')]);
  const none = [{ modified: false, serverSide: false }];

  test('sees no drift in what it applied', async () => {
    await applyYaml(JSON.stringify(platformObject('argo', { state: 'Enabled', accountDefault: 'Enabled' })));
    await applyYaml(JSON.stringify(git));
    await untilPhase('arno', 'Enrolling');
    expect(await driftFrom(git)).toMatchObject(none);
  });

  test.each<Act>([
    ['helpdesk', ['suspend', 'arno', '--hours', '1']],
    ['helpdesk', ['reset', 'arno']],
    ['helpdesk', ['unlock', 'arno']],
    ['helpdesk', ['code', 'arno']],
    ['helpdesk', ['resume', 'arno']],
    ['admin', ['remove', 'arno']],
    ['admin', ['enable', 'arno']],
  ])('sees none after %s: %j', async (...act) => {
    await stage.does(...act);
    expect(await driftFrom(git)).toMatchObject(none);
  });

  test('and sees it where Git says otherwise', async () => {
    const other = accountObject('arno', 'argo', { state: 'Removed' });
    expect(await driftFrom(other)).toMatchObject([{ modified: true, serverSide: true }]);
  });
});

const folder = await mkdtemp(join(tmpdir(), 'gitops-kustomize-'));

describe('kubectl', () => {
  beforeAll(async () => {
    const patch = JSON.stringify(accountObject('kai', 'argo', { state: 'Enabled' }));
    const kustomization = { namespace: tenant, resources: ['account.yaml'], patches: [{ patch }] };
    await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization));
    await writeFile(join(folder, 'account.yaml'), JSON.stringify(accountObject('kai', 'argo')));
    await applyYaml(JSON.stringify(platformObject('argo', { state: 'Enabled', accountDefault: 'Enabled' })));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const isReady = (name: string, timeout = '30s') =>
    kubectl(['wait', `mailaccount/${name}`, '-n', tenant, '--for=condition=Ready', `--timeout=${timeout}`]);

  test.each([
    ['client-side', 'kurt', ['-f', '-']],
    ['server-side', 'karl', ['-f', '-', '--server-side', '--field-manager=pipeline']],
    ['of a kustomization', 'kai', ['-k', folder]],
  ])('apply %s, diff and wait go together with the command line', async (_, name, how) => {
    const input = JSON.stringify(accountObject(name, 'argo'));
    await kubectlOk(['apply', ...how], { input });
    expect(await isReady(name)).toMatchObject({ code: 0 });
    await stage.does('helpdesk', ['suspend', name, '--hours', '1', '--wait']);
    const before = await liveOf(name);
    expect(await kubectl(['diff', ...how], { input })).toMatchObject({ code: 0, stdout: '' });
    await kubectlOk(['apply', ...how], { input });
    const { spec, metadata } = await liveOf(name);
    expect(spec).toEqual(before['spec']);
    expect(spec).toMatchObject({ twoFactor: { suspension: { hours: 1 } } });
    expect(metadata?.['generation']).toBe(before.metadata?.['generation']);
    expect(await isReady(name)).toMatchObject({ code: 0 });
  });

  test('diff shows what the command line asked where the file says otherwise', async () => {
    const suspension = { requestedAt: '2026-01-01T00:00:00Z', hours: 2 };
    const input = JSON.stringify(accountObject('kurt', 'argo', { suspension }));
    const { code, stdout } = await kubectl(['diff', '-f', '-'], { input });
    expect(stdout).toMatch(/^- +hours: 1$[^]*^\+ +hours: 2$/m);
    expect(code).toBe(1);
  });

  test('a file that was applied client-side may be applied server-side from then on', async () => {
    const input = JSON.stringify(accountObject('kurt', 'argo'));
    const how = ['--server-side', '--force-conflicts', '--field-manager=pipeline', '-f', '-'];
    await kubectlOk(['apply', ...how], { input });
    expect(await kubectl(['diff', ...how], { input })).toMatchObject({ code: 0, stdout: '' });
    expect(await specOf('kurt')).toMatchObject({ twoFactor: { suspension: { hours: 1 } } });
  });

  test('wait says of an account that is not ready that it is not', async () => {
    await applyYaml(JSON.stringify(accountObject('kim', 'nowhere')));
    await untilPhase('kim', 'Blocked');
    expect(await isReady('kim', '1s')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('timed out') as string,
    });
  });

  test('apply server-side by several managers: each has what it asked, and none takes what is another’s', async () => {
    const asks = { reset: { requestedAt: '2026-01-01T00:00:00Z' } };
    const apply = (manager: string, factor?: object) =>
      kubectl(['apply', '--server-side', `--field-manager=${manager}`, '-f', '-'], {
        input: JSON.stringify(accountObject('klara', 'argo', factor)),
      });
    expect(await apply('pipeline')).toMatchObject({ code: 0 });
    expect(await apply('people', asks)).toMatchObject({ code: 0 });
    await stage.does('helpdesk', ['suspend', 'klara', '--hours', '1']);
    expect(await apply('pipeline')).toMatchObject({ code: 0 });
    expect(await apply('people', asks)).toMatchObject({ code: 0 });
    expect(await specOf('klara')).toMatchObject({ twoFactor: { ...asks, suspension: { hours: 1 } } });
    expect(await apply('others', { suspension: { ...asks.reset, hours: 2 } })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /conflict with "exchange2fa-suspension".*: \.spec\.twoFactor\.suspension/,
      ) as string,
    });
    expect(await stage.run('helpdesk', ['reset', 'klara'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('spec.twoFactor.reset belongs to people') as string,
    });
    expect(await apply('people')).toMatchObject({ code: 0 });
    expect(await specOf('klara')).toMatchObject({ twoFactor: { suspension: { hours: 1 } } });
    expect(await specOf('klara')).not.toHaveProperty('twoFactor.reset');
  });
});
