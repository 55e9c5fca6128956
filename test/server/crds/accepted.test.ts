import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { applyYaml, installCrds, kubectl, kubectlOk } from '../../support/kubectl.ts';
import {
  type Kind,
  collectionPath,
  creationRefusal,
  hash,
  namespace,
  requestedAt,
  valid,
  withField,
} from './objects.ts';

beforeAll(async () => {
  await installCrds();
  await applyYaml(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
});

const instants = [
  ...['2026-12-01T08:00:00Z', '2026-12-01T09:00:00+01:00', '2026-12-01T00:00:00-23:59', '2026-12-01T08:00:00+00:00'],
  ...['2000-01-01T00:00:00Z', '2199-12-31T23:59:59Z', '2000-02-29T00:00:00Z', '2028-02-29T23:59:59Z'],
  ...['2196-02-29T00:00:00Z', '2026-01-31T00:00:00Z', '2026-04-30T00:00:00Z', '2026-02-28T00:00:00Z'],
];

const accepted: readonly (readonly [Kind, string, unknown])[] = [
  ...['E', 'ü'.repeat(64), 'Müller & Söhne (Post)', '日本語メール', 'नमस्ते', 'Mail 😀', 'a  b', '$5 ± 2', '…'].map(
    (issuer) => ['ExchangePlatform', 'spec.issuer', issuer] as const,
  ),
  ...[6, 8].map((digits) => ['ExchangePlatform', 'spec.twoFactor.totp.digits', digits] as const),
  ...[30, 60].map((seconds) => ['ExchangePlatform', 'spec.twoFactor.totp.periodSeconds', seconds] as const),
  ...['SHA1', 'SHA256', 'SHA512'].map((name) => ['ExchangePlatform', 'spec.twoFactor.totp.algorithm', name] as const),
  ...[1, 8760].map((hours) => ['ExchangePlatform', 'spec.twoFactor.maxSuspensionHours', hours] as const),
  ...[1, 8760].map((hours) => ['ExchangePlatform', 'spec.twoFactor.enrollment.windowHours', hours] as const),
  ...[0, 8760].map((hours) => ['ExchangePlatform', 'spec.twoFactor.retainDeletedHours', hours] as const),
  ['ExchangePlatform', 'spec.twoFactor', { state: 'Disabled' }],
  ['ExchangePlatform', 'spec.twoFactor.totp', {}],
  ['ExchangePlatform', 'spec.twoFactor.enrollment', {}],
  ['ExchangePlatform', 'spec.twoFactor.suspension', { requestedAt, hours: 8760, reason: 'x'.repeat(256) }],
  ...['a@b.co', "o'brien+x_{1}@a-b.example.co.uk", `${'a'.repeat(64)}@example.com`, `a@${'b'.repeat(63)}.com`].map(
    (address) => ['MailAccount', 'spec.address', address] as const,
  ),
  ['MailAccount', 'spec.address', `a@${'b.'.repeat(124)}com`],
  ...['p', 'a.b-c', '1', 'x'.repeat(63)].map((name) => ['MailAccount', 'spec.platformRef.name', name] as const),
  ['MailAccount', 'spec.twoFactor', {}],
  ['MailAccount', 'spec.twoFactor.suspension', { requestedAt, hours: 1, reason: '' }],
  ['MailAccount', 'spec.twoFactor.enrollmentCode', { hash, expiresAt: requestedAt }],
  ...instants.map((instant) => ['MailAccount', 'spec.twoFactor.reset.requestedAt', instant] as const),
];

describe('accepted', () => {
  test.each(
    accepted.map(([kind, path, value]) => ({
      name: `${kind} with ${path} ${JSON.stringify(value)}`.slice(0, 110),
      kind,
      path,
      value,
    })),
  )('$name', async ({ kind, path, value }) => {
    expect(await creationRefusal(kind, path, value)).toBe('');
  });

  test('what the spec does not say stays unsaid: the schema fills nothing in', async () => {
    const { body } = await ask({
      method: 'POST',
      path: `${collectionPath('MailAccount')}?dryRun=All`,
      body: valid('MailAccount', 'plain'),
    });
    expect(body['spec']).toEqual(valid('MailAccount', 'plain')['spec']);
  });
});

describe('a status that says nothing was done yet', () => {
  test.each(['ExchangePlatform', 'MailAccount'] as const)(
    'is there from the creation of a %s, and when it is nulled',
    async (kind) => {
      const created = { ...valid(kind, 'status'), status: { observedGeneration: 7 } };
      const path = `${collectionPath(kind)}/status`;
      await ask({ method: 'DELETE', path });
      const { body } = await ask({ method: 'POST', path: collectionPath(kind), body: created });
      expect(body.status).toEqual({ observedGeneration: -1 });
      await ask({ method: 'PATCH', path: `${path}/status`, body: { status: { observedGeneration: 1 } } });
      const nulled = await ask({ method: 'PATCH', path: `${path}/status`, body: { status: null } });
      expect(nulled.body.status).toEqual({ observedGeneration: -1 });
    },
  );
});

describe('two field managers', () => {
  const apply = (manager: string, twoFactor: object) =>
    kubectl(['apply', '--server-side', '--field-manager', manager, '-f', '-'], {
      input: JSON.stringify(withField('MailAccount', 'spec.twoFactor', twoFactor)),
    });

  test('never leave half a request behind: each request has one owner', async () => {
    expect((await apply('git', { suspension: { requestedAt, hours: 1 } })).stderr).toBe('');
    const second = await apply('person', { suspension: { requestedAt, hours: 2 } });
    expect(second.stderr).toContain('conflict with "git": .spec.twoFactor.suspension');
    expect((await apply('person', { reset: { requestedAt } })).stderr).toBe('');
    expect((await apply('git', {})).stderr).toBe('');
    const left = await kubectlOk(['get', 'ma', 'case', '-n', namespace, '-o', 'jsonpath={.spec.twoFactor}']);
    expect(JSON.parse(left)).toEqual({ reset: { requestedAt } });
  });
});
