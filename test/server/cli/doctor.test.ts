import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { installCrds, kubectlOk } from '../../support/kubectl.ts';
import { until } from '../policies/tenant.ts';
import {
  accountObject,
  applyObjects,
  type Caller,
  CliStage,
  enrol,
  platformObject,
  tenant,
  untilPhase,
} from './stage.ts';

let stage: CliStage;

beforeAll(async () => {
  stage = await CliStage.prepare();
  await applyObjects([
    platformObject('clinic', { state: 'Enabled', accountDefault: 'Enabled' }),
    platformObject('coded', { state: 'Enabled', accountDefault: 'Enabled', enrollment: { mode: 'Code' } }),
    accountObject('dan', 'clinic'),
    accountObject('dot', 'coded'),
  ]);
  await Promise.all(['dan', 'dot'].map((name) => untilPhase(name, 'Enrolling')));
  await enrol('dan');
  await untilPhase('dan', 'Enforced');
});

afterAll(() => stage.end());

interface Check {
  readonly state: string;
  readonly about: string;
  readonly says: string;
}

/** What the doctor tells somebody, by what it is about. */
const examine = async (who: Caller, ...more: readonly string[]): Promise<Readonly<Record<string, string>>> => {
  const { stdout } = await stage.run(who, ['doctor', '-o', 'json', ...more]);
  const checks = JSON.parse(stdout) as readonly Check[];
  return Object.fromEntries(checks.map(({ about, state, says }) => [about, `${state}: ${says}`]));
};

const matching = (text: RegExp): unknown => expect.stringMatching(text);
const crd = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/mailaccounts.exchange2fa.io';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const leases = '/apis/coordination.k8s.io/v1/namespaces/exchange2fa-system/leases';
const lease = `${leases}/exchange2fa-operator`;

describe('admission policies', () => {
  test('are tried, by a request that they must refuse', async () => {
    expect(await examine('master')).toMatchObject({
      'policy totp-secrets': matching(/^ok: refuses what it must \(tried; nothing was written\)/),
      'policy mailaccount-verbs':
        'ok: is installed and denies; not tried: it refuses who lacks a verb, and this identity holds suspend, reset, unlock, remove',
      'policy verify-writes-only-totp':
        'ok: is installed and denies; not tried: it refuses only login services, which hold verify and not mint, and this identity is none',
    });
    expect(await examine('helpdesk')).toMatchObject({
      'policy totp-secrets':
        "unknown: can't be read with these rights, and not tried: this identity may not create Secrets",
      'policy mailaccount-verbs': matching(/^ok: refuses what it must/),
    });
    const { body } = await ask({
      method: 'GET',
      path: `/apis/exchange2fa.io/v1alpha1/namespaces/${tenant}/mailaccounts/dan`,
    });
    expect(body['spec']).not.toHaveProperty('twoFactor');
  });

  test('that are there and do not act are found', async () => {
    const binding = async (name: string, validationActions: readonly string[]): Promise<void> => {
      const path = `${bindings}/${name}.exchange2fa.io`;
      expect(await ask({ method: 'PATCH', path, body: { spec: { validationActions } } })).toMatchObject({
        status: 200,
      });
    };
    const names = ['mailaccount-verbs', 'totp-secrets'];
    try {
      await Promise.all(names.map((name) => binding(name, ['Audit'])));
      await until('the helpdesk sees it', async () =>
        /^failed/.test((await examine('helpdesk'))['policy mailaccount-verbs'] ?? ''),
      );
      expect((await examine('helpdesk'))['policy mailaccount-verbs']).toMatch(/lets through what it must refuse/);
      expect((await examine('master'))['policy totp-secrets']).toMatch(
        /^failed: is installed, but its binding does not deny/,
      );
    } finally {
      await Promise.all(names.map((name) => binding(name, ['Deny'])));
    }
    await until('they deny again', async () =>
      /^ok/.test((await examine('helpdesk'))['policy mailaccount-verbs'] ?? ''),
    );
  });
});

describe('the operator', () => {
  const renewed = (secondsAgo: number, holderIdentity: string): object => ({
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'exchange2fa-operator', namespace: 'exchange2fa-system' },
    spec: {
      ...(holderIdentity !== '' && { holderIdentity }),
      leaseDurationSeconds: 15,
      renewTime: new Date(Date.now() - secondsAgo * 1000).toISOString().replace('Z', '000Z'),
    },
  });

  afterAll(() => ask({ method: 'DELETE', path: lease }));

  test.each([
    ['alive', 1, 'pod-1', /^ok: is alive: pod-1 renewed its Lease exchange2fa-operator \d+ s ago/],
    [
      'dead',
      90,
      'pod-1',
      /^failed: its Lease exchange2fa-operator was last renewed \S+, \d+ s ago: suspensions still end by themselves/,
    ],
    ['ended', 5, '', /^failed: its Lease \S+ was last renewed .* given back/],
    ['ahead of time', -120, 'pod-1', /^warning: its clock is 1\d\d s ahead of the API server's/],
  ])('is %s', async (_, secondsAgo, holder, says) => {
    await applyObjects([renewed(secondsAgo, holder)]);
    expect((await examine('master'))['operator']).toMatch(says);
  });

  test('is looked for by the Lease that is named, where there are several', async () => {
    await applyObjects([renewed(1, 'pod-1')]);
    expect((await examine('master', '--lease-name', 'operator-b'))['operator']).toMatch(
      /^failed: there is no Lease operator-b in exchange2fa-system: .*--lease-name/,
    );
    const named = ['--lease-namespace', 'exchange2fa-system', '--lease-name', 'exchange2fa-operator'];
    expect((await examine('master', ...named))['operator']).toMatch(/^ok: is alive: pod-1/);
  });
});

describe('Secrets and mailboxes', () => {
  test('who can’t enrol for want of a code is told', async () => {
    expect((await examine('master'))['account dot']).toMatch(/^warning: can't enrol: .*kubectl twofactor code dot/);
  });

  test('a Secret of another type under a kept name is in the way', async () => {
    const name = `totp-${'e'.repeat(40)}`;
    // admission lets nobody make one, so it is older than the policy
    const path = `${bindings}/totp-secrets.exchange2fa.io`;
    await ask({ method: 'PATCH', path, body: { spec: { validationActions: ['Audit'] } } });
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: tenant } };
    const secrets = `/api/v1/namespaces/${tenant}/secrets`;
    try {
      await until(
        'it can be made',
        async () => (await ask({ method: 'POST', path: secrets, body: secret })).status === 201,
      );
    } finally {
      await ask({ method: 'PATCH', path, body: { spec: { validationActions: ['Deny'] } } });
    }
    expect((await examine('master'))[`Secret ${name}`]).toMatch(/^warning: has a name kept for Secrets of type/);
    await ask({ method: 'DELETE', path: `${secrets}/${name}` });
  });
});

describe('CRDs', () => {
  test('that are others than this program knows', async () => {
    await kubectlOk([
      'patch',
      'crd',
      'mailaccounts.exchange2fa.io',
      '--type=json',
      '-p',
      JSON.stringify([{ op: 'remove', path: '/spec/versions/0/additionalPrinterColumns/0' }]),
    ]);
    expect((await examine('master'))['CRD MailAccount']).toMatch(
      /^warning: is another than this program's \(additionalPrinterColumns\): kubectl apply --server-side -k crds/,
    );
    await installCrds();
    expect((await examine('master'))['CRD MailAccount']).toBe('ok: is installed and current');
  });

  test('that are missing take no other finding away', async () => {
    try {
      await ask({ method: 'DELETE', path: crd });
      await until('it is gone', async () => (await ask({ method: 'GET', path: crd })).status === 404);
      expect(await examine('master')).toMatchObject({
        'CRD MailAccount': matching(/^failed: is not installed: kubectl apply --server-side -k crds/),
        'CRD ExchangePlatform': 'ok: is installed and current',
        'policy totp-secrets': matching(/^ok: refuses what it must/),
        clock: matching(/^ok/),
        rights: matching(/^warning/),
        accounts: matching(/^failed: this cluster does not know MailAccounts: its CRDs are not installed/),
      });
    } finally {
      await installCrds();
    }
  });
});
