import { beforeAll, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { type Identities, type Who, prepareTenant, tenant } from './tenant.ts';

const ourVerbs = ['suspend', 'reset', 'unlock', 'remove', 'mint', 'verify', 'restore'];
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', ...ourVerbs];
const resources = {
  accounts: { group: 'exchange2fa.io', resource: 'mailaccounts' },
  'account status': { group: 'exchange2fa.io', resource: 'mailaccounts', subresource: 'status' },
  platforms: { group: 'exchange2fa.io', resource: 'exchangeplatforms' },
  'platform status': { group: 'exchange2fa.io', resource: 'exchangeplatforms', subresource: 'status' },
  secrets: { group: '', resource: 'secrets' },
  events: { group: 'events.k8s.io', resource: 'events' },
  pods: { group: '', resource: 'pods' },
  roles: { group: 'rbac.authorization.k8s.io', resource: 'roles' },
} as const;

/** Everything that each role of manifests may do in a tenant, and nothing else. */
const allowed: Partial<Record<Who, Partial<Record<keyof typeof resources, string>>>> = {
  operator: {
    accounts: 'list watch mint',
    'account status': 'patch',
    platforms: 'list watch',
    'platform status': 'patch',
    secrets: 'list watch create patch delete',
    events: 'create patch',
  },
  login: { accounts: 'verify', secrets: 'get patch' },
  reader: { accounts: 'get list watch', platforms: 'get list watch', events: 'get list watch' },
  helpdesk: {
    accounts: 'get list watch patch suspend reset unlock',
    platforms: 'get list watch',
    events: 'get list watch',
  },
  admin: {
    accounts: 'get list watch create update patch delete suspend reset unlock remove',
    platforms: 'get list watch create update patch delete',
    events: 'get list watch',
  },
};

let identities: Identities;

beforeAll(async () => {
  identities = await prepareTenant();
});

async function allowedVerbs(user: string, namespace: string, resource: object): Promise<string> {
  const answers = await Promise.all(
    verbs.map(async (verb) => {
      const spec = { user, resourceAttributes: { namespace, verb, ...resource } };
      const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
      const answer = await ask({ method: 'POST', path: '/apis/authorization.k8s.io/v1/subjectaccessreviews', body });
      return (answer.body.status as { allowed: boolean }).allowed;
    }),
  );
  return verbs.filter((_, index) => answers[index]).join(' ');
}

async function everythingAllowed(user: string, namespace: string): Promise<object> {
  const found = await Promise.all(
    Object.entries(resources).map(async ([name, resource]) => [name, await allowedVerbs(user, namespace, resource)]),
  );
  return Object.fromEntries(found.filter(([, may]) => may !== '')) as object;
}

test.each(Object.keys(allowed) as readonly Who[])(
  '%s may do in a tenant what the design says, and no more',
  async (who) => {
    expect(await everythingAllowed(identities[who].user, tenant)).toEqual(allowed[who]);
  },
);

test.each(Object.keys(allowed) as readonly Who[])('%s may do nothing in another namespace', async (who) => {
  expect(await everythingAllowed(identities[who].user, 'default')).toEqual({});
});

test('the operator reads its own two CRDs, by name', async () => {
  const crd = { group: 'apiextensions.k8s.io', resource: 'customresourcedefinitions' };
  const { user } = identities.operator;
  expect(await allowedVerbs(user, '', crd)).toBe('');
  expect(await allowedVerbs(user, '', { ...crd, name: 'mailaccounts.exchange2fa.io' })).toBe('get');
  expect(await allowedVerbs(user, '', { ...crd, name: 'exchangeplatforms.exchange2fa.io' })).toBe('get');
});

test('the operator holds one Lease in its own namespace', async () => {
  const leases = { group: 'coordination.k8s.io', resource: 'leases' };
  const { user } = identities.operator;
  expect(await allowedVerbs(user, 'exchange2fa-system', leases)).toBe('create');
  expect(await allowedVerbs(user, 'exchange2fa-system', { ...leases, name: 'exchange2fa-operator' })).toBe(
    'get create patch',
  );
  expect(await allowedVerbs(user, 'exchange2fa-system', resources.secrets)).toBe('');
});
