import { beforeAll, describe, expect, test } from 'vitest';
import { fieldsOf, readCrds, rootSchema } from '../../../dev/generate/crd.ts';
import { ask } from '../../support/api-request.ts';
import { applyYaml, installCrds, kubectl, kubectlOk } from '../../support/kubectl.ts';
import { collectionPath, valid, withField } from './objects.ts';

const namespace = 'crds-kubectl';

beforeAll(async () => {
  await installCrds();
  await applyYaml(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
  await place(
    'ExchangePlatform',
    'example-mail',
    withField('ExchangePlatform', 'spec.twoFactor.accountDefault', 'Enabled'),
    {
      observedGeneration: 1,
      accounts: { total: 9, enforced: 1, enrolling: 2, suspended: 3, locked: 1, off: 1, blocked: 1 },
      conditions: [ready('True', 'Reconciled')],
    },
  );
  await place('MailAccount', 'anna', valid('MailAccount', 'anna'), {
    observedGeneration: 1,
    phase: 'Suspended',
    secretName: 'totp-0123',
    suspendedUntil: '2126-12-01T16:00:00Z',
    enrolledAt: '2026-11-24T08:00:00Z',
    conditions: [ready('True', 'Reconciled')],
  });
  await place('MailAccount', 'ben', withField('MailAccount', 'spec.address', 'ben@example.com'), {
    observedGeneration: 1,
    phase: 'Blocked',
    conditions: [ready('False', 'PlatformNotFound')],
  });
});

function ready(status: string, reason: string): object {
  return { type: 'Ready', status, reason, message: 'a sentence', lastTransitionTime: '2026-11-24T08:00:00Z' };
}

async function place(
  kind: 'ExchangePlatform' | 'MailAccount',
  name: string,
  object: object,
  status: object,
): Promise<void> {
  const path = collectionPath(kind).replace(/namespaces\/[^/]+/, `namespaces/${namespace}`);
  await ask({ method: 'POST', path, body: { ...object, metadata: { name, namespace } } });
  const { message } = await ask({ method: 'PATCH', path: `${path}/${name}/status`, body: { status } });
  if (message !== '') throw new Error(message);
}

/** kubectl's table, a row an array; columns are two spaces or more apart. */
async function table(...args: readonly string[]): Promise<readonly (readonly string[])[]> {
  const output = await kubectlOk(['get', ...args, '-n', namespace]);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));
}

describe('kubectl get', () => {
  test('shows a platform in one line', async () => {
    expect(await table('xp')).toEqual([
      ['NAME', 'STATE', 'DEFAULT', 'TOTAL', 'ENFORCED', 'ENROLLING', 'SUSPENDED', 'BLOCKED', 'READY', 'AGE'].map(
        (name) => expect.stringMatching(new RegExp(`^${name} ?$`)) as string,
      ),
      ['example-mail', 'Enabled', 'Enabled', '9', '1', '2', '3', '1', 'True', expect.any(String)],
    ]);
  });

  test('shows an account in one line, and a future instant as it is', async () => {
    const [header, anna, ben] = await table('ma');
    expect(header).toEqual(['NAME', 'ADDRESS', 'PLATFORM', 'SECOND-FACTOR', 'SUSPENDED-UNTIL', 'READY', 'AGE']);
    expect(anna?.slice(0, 6)).toEqual([
      'anna',
      'anna@example.com',
      'example-mail',
      'Suspended',
      '2126-12-01T16:00:00Z',
      'True',
    ]);
    expect(ben?.slice(0, 4)).toEqual(['ben', 'ben@example.com', 'example-mail', 'Blocked']);
  });

  test('says more with -o wide', async () => {
    const [header, anna, ben] = await table('mailaccounts', '-o', 'wide');
    expect(header?.slice(-3)).toEqual(['ENROLLED', 'SECRET', 'REASON']);
    expect(anna?.slice(-3)).toEqual(['2026-11-24T08:00:00Z', 'totp-0123', 'Reconciled']);
    expect(ben?.at(-1)).toBe('PlatformNotFound');
  });

  test('finds both kinds by their category', async () => {
    const names = await kubectlOk(['get', 'exchange2fa', '-n', namespace, '-o', 'name']);
    expect(names.trim().split('\n').sort()).toEqual([
      'exchangeplatform.exchange2fa.io/example-mail',
      'mailaccount.exchange2fa.io/anna',
      'mailaccount.exchange2fa.io/ben',
    ]);
  });

  test.each([
    ['spec.address=ben@example.com', ['ben']],
    ['status.phase=Suspended', ['anna']],
    ['status.phase!=Suspended', ['ben']],
    ['spec.platformRef.name=example-mail', ['anna', 'ben']],
    ['spec.platformRef.name=example-mail,status.phase=Blocked,spec.address=ben@example.com', ['ben']],
    ['spec.platformRef.name=other', []],
  ])('selects by %s', async (selector, names) => {
    const output = await kubectlOk([
      'get',
      'ma',
      '-n',
      namespace,
      '--field-selector',
      selector,
      '-o',
      'jsonpath={.items[*].metadata.name}',
    ]);
    expect(output.split(' ').filter(Boolean)).toEqual(names);
  });
});

describe('kubectl explain', () => {
  test('describes every field', async () => {
    for (const crd of await readCrds(new URL('../../../', import.meta.url))) {
      const { plural } = crd.spec.names;
      const text = (await kubectlOk(['explain', plural, '--recursive'])).replaceAll(/\s+/g, ' ');
      const described = fieldsOf(rootSchema(crd)).filter(
        ({ path }) => !['apiVersion', 'kind', 'metadata'].includes(path),
      );
      expect(
        described.filter(({ path }) => !text.includes(`${path.split('.').at(-1) ?? ''} <`)).map(({ path }) => path),
      ).toEqual([]);
    }
  });

  test.each([
    ['ma.spec.twoFactor.suspension.hours', 'How long it lasts, in hours'],
    ['xp.spec.twoFactor.maxSuspensionHours', 'Default: 24.'],
    ['ma.status.phase', 'Off: no second factor.'],
  ])('%s says what it means', async (path, sentence) => {
    expect(await kubectlOk(['explain', path])).toContain(sentence);
  });
});

test('kubectl apply shows a refusal with field, value and what is allowed', async () => {
  const wrong = withField('MailAccount', 'spec.twoFactor.reset', { requestedAt: '2026-02-30T08:00:00Z' });
  const account = { ...wrong, metadata: { name: 'case', namespace } };
  const { code, stderr } = await kubectl(['apply', '-f', '-'], { input: JSON.stringify(account) });
  expect(code).toBe(1);
  expect(stderr).toContain(
    'spec.twoFactor.reset.requestedAt: Invalid value: "2026-02-30T08:00:00Z": must be a date and time that exist',
  );
});
