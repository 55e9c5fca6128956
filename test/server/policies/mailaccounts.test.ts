import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiRequest, ask } from '../../support/api-request.ts';
import { type Identities, type Who, applyObjects, prepareTenant, tenant, until } from './tenant.ts';

const requestedAt = '2026-12-01T08:00:00Z';
const hash = `sha256:${'0'.repeat(32)}:${'f'.repeat(64)}`;

/** Each part of spec.twoFactor with a value, another value, and the verb that it needs. */
const parts = {
  suspension: { first: { requestedAt, hours: 1 }, then: { requestedAt, hours: 2 }, verb: 'suspend' },
  reset: { first: { requestedAt }, then: { requestedAt, reason: 'lost' }, verb: 'reset' },
  enrollmentCode: {
    first: { hash, expiresAt: requestedAt },
    then: { hash, expiresAt: '2026-12-02T08:00:00Z' },
    verb: 'reset',
  },
  unlock: { first: { requestedAt }, then: { requestedAt, reason: 'known' }, verb: 'unlock' },
  state: { first: 'Removed', then: 'Enabled', verb: 'remove' },
} as const;

type Part = keyof typeof parts;
const partNames = Object.keys(parts) as readonly Part[];
const verbsOf: Partial<Record<Who, readonly string[]>> = {
  editor: [],
  suspender: ['suspend'],
  resetter: ['reset'],
  unlocker: ['unlock'],
  remover: ['remove'],
  helpdesk: ['suspend', 'reset', 'unlock'],
  admin: ['suspend', 'reset', 'unlock', 'remove'],
  backup: ['suspend', 'reset', 'unlock', 'remove'],
};
const people = Object.keys(verbsOf) as readonly Who[];
const creators = people.filter((who) => who !== 'helpdesk');

const accountsPath = `/apis/exchange2fa.io/v1alpha1/namespaces/${tenant}/mailaccounts`;

function account(name: string, twoFactor?: object): object {
  const spec = { platformRef: { name: 'p' }, address: `${name}@example.com`, ...(twoFactor && { twoFactor }) };
  return { apiVersion: 'exchange2fa.io/v1alpha1', kind: 'MailAccount', metadata: { name, namespace: tenant }, spec };
}

const full = Object.fromEntries(partNames.map((part) => [part, parts[part].first]));
const create = (twoFactor?: object): ApiRequest => ({
  method: 'POST',
  path: accountsPath,
  body: account('new', twoFactor),
});
const patch = (name: string, twoFactor: object | null): ApiRequest => ({
  method: 'PATCH',
  path: `${accountsPath}/${name}`,
  body: { spec: { twoFactor } },
});

let identities: Identities;

beforeAll(async () => {
  identities = await prepareTenant();
  await applyObjects([account('anna'), account('ben'), account('carl', full), account('dora', { state: 'Enabled' })]);
  await until('the policy acts', async () => (await as('editor', patch('anna', full))) !== '');
});

/** The refusal's own words, with USER for who asked; empty when allowed. */
async function as(who: Who, request: ApiRequest): Promise<string> {
  const { user, token } = identities[who];
  const { message } = await ask({ ...request, path: `${request.path}?dryRun=All`, token });
  return (message.split(' denied request: ')[1] ?? message).replace(user, 'USER');
}

function lacking(who: Who, part: Part): string {
  const { verb } = parts[part];
  if (verbsOf[who]?.includes(verb) === true) return '';
  const change =
    part === 'state'
      ? 'changing spec.twoFactor.state, or creating with Removed,'
      : `setting, changing or removing spec.twoFactor.${part}`;
  return `${change} needs the verb ${verb} on mailaccounts, which USER lacks in namespace ${tenant}`;
}

const matrix = (who: readonly Who[]) => who.flatMap((one) => partNames.map((part) => [one, part] as const));

describe('a part of spec.twoFactor needs its verb', () => {
  test.each(matrix(people))('when %s sets %s', async (who, part) => {
    expect(await as(who, patch('anna', { [part]: parts[part].first }))).toBe(lacking(who, part));
  });

  test.each(matrix(people))('when %s changes %s', async (who, part) => {
    expect(await as(who, patch('carl', { [part]: parts[part].then }))).toBe(lacking(who, part));
  });

  test.each(matrix(people))('when %s removes %s', async (who, part) => {
    expect(await as(who, patch('carl', { [part]: null }))).toBe(lacking(who, part));
  });

  test.each(matrix(creators))('when %s creates an account with %s', async (who, part) => {
    expect(await as(who, create({ [part]: parts[part].first }))).toBe(lacking(who, part));
  });

  test.each([
    ['editor', 'Enabled → Removed', patch('dora', { state: 'Removed' })],
    ['editor', 'Enabled → as the platform says', patch('dora', { state: null })],
    ['editor', 'as the platform says → Enabled', patch('anna', { state: 'Enabled' })],
    ['helpdesk', 'Enabled → Removed', patch('dora', { state: 'Removed' })],
  ] as const)('when %s turns the state from %s', async (who, _, request) => {
    expect(await as(who, request)).toBe(lacking(who, 'state'));
  });

  test('and taking twoFactor away whole needs that of every part', async () => {
    expect(await as('editor', patch('carl', null))).toBe(lacking('editor', 'suspension'));
    expect(await as('suspender', patch('carl', null))).toBe(lacking('suspender', 'reset'));
    expect(await as('helpdesk', patch('carl', null))).toBe(lacking('helpdesk', 'state'));
    expect(await as('admin', patch('carl', null))).toBe('');
  });
});

describe('who may not delete an account', () => {
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'c0ffee00-0000-4000-8000-000000000000' };
  const change = (metadata: object): ApiRequest => ({
    method: 'PATCH',
    path: `${accountsPath}/carl`,
    body: { metadata },
  });

  test.each([
    ['has the garbage collector do it for an owner that is not there', change({ ownerReferences: [owner] })],
    ['keeps others from it by a finalizer', change({ finalizers: ['example.com/stays'] })],
  ] as const)('does not do it in another way: %s', async (_, request) => {
    const refused = 'changing metadata.ownerReferences or finalizers needs the verb delete on mailaccounts';
    expect(await as('helpdesk', request)).toBe(`${refused}, which USER lacks in namespace ${tenant}`);
    expect(await as('editor', request)).toBe('');
    expect(await as('admin', request)).toBe('');
  });
});

describe('without any verb of ours one may', () => {
  test.each([
    ['create an account', create()],
    ['create an account that says Enabled', create({ state: 'Enabled' })],
    ['create an account with an empty twoFactor', create({})],
    ['repeat what is there', patch('carl', full)],
    [
      'label an account with requests',
      { method: 'PATCH', path: `${accountsPath}/carl`, body: { metadata: { labels: { a: 'b' } } } },
    ],
    ['delete an account', { method: 'DELETE', path: `${accountsPath}/carl` }],
  ] as const)('%s', async (_, request) => {
    expect(await as('editor', request)).toBe('');
  });
});

describe('a Role with resourceNames', () => {
  test('gives a verb for a single account', async () => {
    expect(await as('suspenderOfAnna', patch('anna', { suspension: parts.suspension.first }))).toBe('');
    expect(await as('suspenderOfAnna', patch('ben', { suspension: parts.suspension.first }))).toBe(
      lacking('suspenderOfAnna', 'suspension'),
    );
  });
});

describe('RBAC, before any policy,', () => {
  test.each([
    ['reader', 'to change an account', patch('anna', { reset: { requestedAt } })],
    ['operator', 'to change an account', patch('anna', { reset: { requestedAt } })],
    ['login', 'to change an account', patch('anna', { reset: { requestedAt } })],
    ['helpdesk', 'to create an account', create()],
    ['helpdesk', 'to delete an account', { method: 'DELETE', path: `${accountsPath}/carl` }],
    ['admin', 'to write a status', { method: 'PATCH', path: `${accountsPath}/carl/status`, body: { status: {} } }],
  ] as const)('refuses %s %s', async (who, _, request) => {
    expect(await as(who, request)).toMatch(/^mailaccounts\.exchange2fa\.io .*is forbidden: User "USER" cannot/);
  });

  test('lets the operator write a status', async () => {
    const status = { observedGeneration: 1, phase: 'Off' };
    const request = { method: 'PATCH', path: `${accountsPath}/carl/status`, body: { status } } as const;
    expect(await as('operator', request)).toBe('');
  });
});
