import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { checkObject } from '../../../src/cli/validate/check.ts';
import { readSchemas } from '../../../src/cli/validate/crds.ts';
import { ask, type ApiObject } from '../../support/api-request.ts';
import { applyYaml, kubectl, kubectlOk } from '../../support/kubectl.ts';
import { buildProofs, go, proof } from './gitops-program.ts';
import { accountObject, accountsPath, CliStage, platformObject, tenant, untilPhase } from './stage.ts';

const buildTimeoutMs = 15 * 60_000;
const manifests = join(import.meta.dirname, '../../../manifests');
const golden = join(import.meta.dirname, '../scenarios/golden');

interface Golden {
  readonly status: { readonly observedGeneration: number };
}

/** An account in a condition state that a scenario met on a real server. */
const inState = async (name: string): Promise<object> => {
  const text = (await readFile(join(golden, `${name}.yaml`), 'utf8')).replaceAll('<instant>', '2026-01-01T00:00:00Z');
  const { status } = parse(text) as Golden;
  const { observedGeneration: generation } = status;
  return { ...accountObject(name, 'mail'), metadata: { name, namespace: tenant, generation }, status };
};

const isNew = {
  ...accountObject('new', 'mail'),
  metadata: { name: 'new', namespace: tenant, generation: 1 },
  status: { observedGeneration: -1 },
};

describe.skipIf(go === undefined)('GitOps tools, by their own code', () => {
  let stage: CliStage;

  beforeAll(async () => {
    await buildProofs();
    stage = await CliStage.prepare();
  }, buildTimeoutMs);

  afterAll(() => stage.end());

  /** For each condition state: kstatus, and so Flux's health checks; and Argo CD's health by our Lua. */
  const states = [
    ['enforced', 'Current', 'Healthy'],
    ['enrolling', 'Current', 'Healthy'],
    ['enrolment-expired', 'Current', 'Healthy'],
    ['locked', 'Current', 'Healthy'],
    ['platform-disabled', 'Current', 'Healthy'],
    ['removed', 'Current', 'Healthy'],
    ['reset', 'Current', 'Healthy'],
    ['suspended', 'Current', 'Suspended'],
    ['platform-not-found', 'InProgress', 'Degraded'],
    ['write-failed', 'InProgress', 'Degraded'],
    ['secret-invalid', 'Failed', 'Degraded'],
    ['secret-name-taken', 'Failed', 'Degraded'],
    ['seed-lost', 'Failed', 'Degraded'],
    ['suspension-too-long', 'Failed', 'Degraded'],
  ] as const;

  test.each(states)('%s is %s for kstatus and %s for Argo CD', async (name, kstatus, health) => {
    const object = await inState(name);
    expect(await proof(['kstatus'], [object])).toMatchObject([{ status: kstatus }]);
    expect(await proof(['lua', join(manifests, 'argocd/health-mailaccount.lua')], [object])).toMatchObject([
      { status: health },
    ]);
  });

  test('a new account, and one whose change is not taken up, is in progress', async () => {
    const stale = { ...(await inState('enforced')), metadata: { name: 'stale', namespace: tenant, generation: 99 } };
    expect(await proof(['kstatus'], [isNew, stale])).toMatchObject([
      { status: 'InProgress' },
      { status: 'InProgress' },
    ]);
    expect(await proof(['lua', join(manifests, 'argocd/health-mailaccount.lua')], [isNew, stale])).toMatchObject([
      { status: 'Progressing' },
      { status: 'Progressing' },
    ]);
  });

  test.each([
    [
      'pending',
      [
        { type: 'Ready', status: 'False', reason: 'Pending', message: '' },
        { type: 'Reconciling', status: 'True', reason: 'Pending', message: '' },
      ],
      'InProgress',
      'Progressing',
    ],
    ['reconciled', [{ type: 'Ready', status: 'True', reason: 'Reconciled', message: '' }], 'Current', 'Healthy'],
    [
      'stalled',
      [
        { type: 'Ready', status: 'False', reason: 'SuspensionTooLong', message: '' },
        { type: 'Stalled', status: 'True', reason: 'SuspensionTooLong', message: '' },
      ],
      'Failed',
      'Degraded',
    ],
  ])('a platform that is %s', async (_, conditions, kstatus, health) => {
    const object = {
      ...platformObject('p', { state: 'Enabled' }),
      metadata: { name: 'p', namespace: tenant, generation: 1 },
      status: { observedGeneration: 1, conditions },
    };
    expect(await proof(['kstatus'], [object])).toMatchObject([{ status: kstatus }]);
    expect(await proof(['lua', join(manifests, 'argocd/health-exchangeplatform.lua')], [object])).toMatchObject([
      { status: health },
    ]);
  });

  describe('Flux', () => {
    const git = [
      platformObject('flux', { state: 'Enabled', accountDefault: 'Enabled' }),
      accountObject('flora', 'flux', { state: 'Enabled' }),
    ];
    const apply = () => proof<{ subject: string; action: string }>(['flux', inject('kubeconfig')], git);

    test('creates what Git says', async () => {
      expect((await apply()).map(({ action }) => action)).toEqual(['created', 'created']);
      await untilPhase('flora', 'Enrolling');
    });

    test.each([
      [['suspend', 'flora', '--hours', '2'], { suspension: { hours: 2 } }],
      [['reset', 'flora', '--reason', 'lost'], { suspension: { hours: 2 }, reset: { reason: 'lost' } }],
      [['unlock', 'flora'], { suspension: { hours: 2 }, reset: { reason: 'lost' }, unlock: {} }],
      [['code', 'flora'], { enrollmentCode: {}, suspension: { hours: 2 }, reset: { reason: 'lost' } }],
    ] as const)('leaves alone what %j asks, before and after', async (args, factor) => {
      expect((await apply()).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
      expect(await stage.run('helpdesk', args)).toMatchObject({ code: 0 });
      expect((await apply()).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
      expect(await specOf('flora')).toMatchObject({ twoFactor: { state: 'Enabled', ...factor } });
    });

    test('and what resume withdraws stays withdrawn', async () => {
      expect(await stage.run('helpdesk', ['resume', 'flora'])).toMatchObject({ code: 0 });
      expect((await apply()).map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
      expect(await specOf('flora')).not.toHaveProperty('twoFactor.suspension');
    });

    test('but takes back what was taken from Git by force', async () => {
      expect(await stage.run('admin', ['remove', 'flora', '--force'])).toMatchObject({ code: 0 });
      expect((await apply()).map(({ action }) => action)).toEqual(['unchanged', 'configured']);
      expect(await specOf('flora')).toMatchObject({ twoFactor: { state: 'Enabled' } });
    });
  });

  describe('Argo CD', () => {
    const git = accountObject('arno', 'argo');
    const drift = async () => proof<{ modified: boolean }>(['argodiff'], [git, await liveOf('arno')]);

    test('sees no drift in what it applied, whatever the command line asked', async () => {
      await applyYaml(JSON.stringify(platformObject('argo', { state: 'Enabled', accountDefault: 'Enabled' })));
      await applyYaml(JSON.stringify(git));
      await untilPhase('arno', 'Enrolling');
      expect(await drift()).toMatchObject([{ modified: false }]);
      for (const args of [
        ['suspend', 'arno', '--hours', '1'],
        ['reset', 'arno'],
        ['unlock', 'arno'],
      ]) {
        expect(await stage.run('helpdesk', args)).toMatchObject({ code: 0 });
        expect(await drift()).toMatchObject([{ modified: false }]);
      }
    });

    test('and sees it where Git says otherwise', async () => {
      const other = accountObject('arno', 'argo', { state: 'Enabled' });
      expect(await proof(['argodiff'], [other, await liveOf('arno')])).toMatchObject([{ modified: true }]);
    });

    test.each([
      ['suspend', { suspension: { hours: 24 } }],
      ['reset', { reset: { reason: 'Argo CD action' } }],
    ])('the action %s makes an account that the API server takes', async (action, factor) => {
      const script = join(manifests, `argocd/action-${action}.lua`);
      const [object] = await proof<object>(['action', script], [accountObject('arno', 'argo')]);
      expect(object).toMatchObject({ spec: { twoFactor: factor } });
      expect(checkObject(await readSchemas(), object)).toEqual([]);
    });

    test('the action resume takes the suspension away', async () => {
      const suspended = accountObject('arno', 'argo', {
        state: 'Enabled',
        suspension: { requestedAt: '2026-01-01T00:00:00Z', hours: 1 },
      });
      const [object] = await proof<{ spec: { twoFactor: object } }>(
        ['action', join(manifests, 'argocd/action-resume.lua')],
        [suspended],
      );
      expect(object?.spec.twoFactor).toEqual({ state: 'Enabled' });
    });

    test('the action resume leaves no empty table, which Argo CD would put back as it was', async () => {
      const suspension = { requestedAt: '2026-01-01T00:00:00Z', hours: 1 };
      const [object] = await proof<{ spec: object }>(
        ['action', join(manifests, 'argocd/action-resume.lua')],
        [accountObject('arno', 'argo', { suspension })],
      );
      expect(object?.spec).not.toHaveProperty('twoFactor');
    });

    const suspension = { requestedAt: '2026-01-01T00:00:00Z', hours: 1 };
    test.each<
      readonly [what: string, factor: object | undefined, phase: string | undefined, offered: readonly string[]]
    >([
      ['a new account', undefined, undefined, ['suspend', 'reset']],
      ['an enrolled account', undefined, 'Enforced', ['suspend', 'reset']],
      ['a suspended account', { suspension }, 'Suspended', ['resume', 'reset']],
      ['an account that its platform suspends', undefined, 'Suspended', ['reset']],
      ['an account whose suspension is over', { suspension }, 'Enforced', ['suspend', 'resume', 'reset']],
      ['a removed account', { state: 'Removed' }, 'Off', []],
    ])('offers what makes sense: %s', async (_, factor, phase, offered) => {
      const object = { ...accountObject('arno', 'argo', factor), ...(phase !== undefined && { status: { phase } }) };
      const script = join(manifests, 'argocd/discovery.lua');
      const [answer] = await proof<Readonly<Record<string, { readonly disabled: boolean }>>>(['lua', script], [object]);
      const actions = Object.entries(answer ?? {});
      expect(actions.map(([name]) => name).toSorted()).toEqual(['reset', 'resume', 'suspend']);
      const enabled = actions.filter(([, { disabled }]) => !disabled).map(([name]) => name);
      expect(enabled.toSorted()).toEqual([...offered].toSorted());
    });
  });

  describe('kubectl', () => {
    const name = 'kurt';

    beforeAll(() =>
      applyYaml(JSON.stringify(platformObject('plain', { state: 'Enabled', accountDefault: 'Enabled' }))),
    );

    test('apply in both ways, diff and wait go together with the command line', async () => {
      const git = JSON.stringify(accountObject(name, 'plain'));
      expect(await applyYaml(git)).toMatchObject({ code: 0 });
      expect(await stage.run('helpdesk', ['suspend', name, '--hours', '1', '--wait'])).toMatchObject({ code: 0 });
      expect((await applyYaml(git)).stdout).toContain('unchanged');
      const serverSide = ['apply', '--server-side', '--force-conflicts', '--field-manager=pipeline', '-f', '-'];
      expect(await kubectl(serverSide, { input: git })).toMatchObject({ code: 0 });
      expect(
        await kubectl(['diff', '--server-side', '--force-conflicts', '--field-manager=pipeline', '-f', '-'], {
          input: git,
        }),
      ).toMatchObject({ code: 0, stdout: '' });
      await kubectlOk(['wait', `mailaccount/${name}`, '-n', tenant, '--for=condition=Ready', '--timeout=30s']);
      expect(await specOf(name)).toMatchObject({ twoFactor: { suspension: { hours: 1 } } });
    });

    test('and so does kustomize, by which an overlay says more of an account', async () => {
      const folder = await mkdtemp('/tmp/cli-kustomize-');
      try {
        await writeFile(join(folder, 'account.yaml'), stringify(accountObject('kim', 'plain')));
        const patch = stringify(accountObject('kim', 'plain', { state: 'Enabled' }));
        const kustomization = {
          resources: ['account.yaml'],
          labels: [{ pairs: { tier: 'gold' } }],
          patches: [{ patch }],
        };
        await writeFile(join(folder, 'kustomization.yaml'), stringify(kustomization));
        expect(await kubectlOk(['apply', '-k', folder])).toContain('kim created');
        await untilPhase('kim', 'Enrolling');
        expect(await stage.run('helpdesk', ['suspend', 'kim', '--hours', '1', '--wait'])).toMatchObject({ code: 0 });
        expect(await kubectlOk(['apply', '-k', folder])).toContain('kim unchanged');
        expect(await specOf('kim')).toMatchObject({ twoFactor: { state: 'Enabled', suspension: { hours: 1 } } });
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });

  const liveOf = async (name: string): Promise<ApiObject> => {
    const { body } = await ask({ method: 'GET', path: `${accountsPath}/${name}` });
    return body;
  };

  const specOf = async (name: string): Promise<unknown> => (await liveOf(name))['spec'];
});
