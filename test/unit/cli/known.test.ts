import { describe, expect, test } from 'vitest';
import { allNamespaces, findAccounts, requireKnown } from '../../../src/cli/cluster/accounts.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { failure, success } from '../../../src/kube/client/errors.ts';

const clusterOf = (...names: readonly string[]): Cluster => {
  const items = names.map((name) => ({ metadata: { name } }));
  return { client: { list: () => Promise.resolve(success({ items })) } } as unknown as Cluster;
};

const require = (platform: string | undefined, names: readonly string[], accounts: readonly unknown[] = []) =>
  requireKnown(clusterOf(...names), { namespace: allNamespaces, platform }, accounts as readonly Account[]);

describe('a platform by which accounts are selected', () => {
  test('is named if it is not there', async () => {
    await expect(require('nope', ['mail', 'mail', 'other'])).rejects.toThrow(
      'there is no ExchangePlatform nope in any namespace; there are mail, other',
    );
    await expect(require('nope', [])).rejects.toThrow('there is none');
  });

  test.each([
    ['if it is there, without accounts', 'mail', []],
    ['if accounts wait for it', 'nope', [{}]],
    ['if none is named', undefined, []],
  ] as const)('is no failure %s', async (_, platform, accounts) => {
    await expect(require(platform, ['mail'], accounts)).resolves.toBeUndefined();
  });
});

describe('an account that is not there', () => {
  const there = [
    ['ben', 'ben@example.com'],
    ['ivy.example.com', 'ivy@example.com'],
    ['x17', 'robin@example.com'],
  ].map(([name, address]) => ({ metadata: { name }, spec: { address } }));
  const client = {
    get: () => Promise.resolve(failure({ kind: 'notFound', text: 'GET mailaccounts: 404' })),
    list: (_: unknown, { fieldSelector }: { readonly fieldSelector?: string }) =>
      Promise.resolve(success({ items: fieldSelector === undefined ? there : [] })),
  };

  test.each([
    ['bem', 'is ben meant?'],
    ['mailaccount/bem', 'is ben meant?'],
    ['ivy', 'is ivy.example.com meant?'],
    ['robin', 'is robin@example.com meant?'],
    ['robin@exmaple.com', 'is robin@example.com meant?'],
    ['robin@', 'is robin@example.com meant?'],
    ['nobody', 'kubectl twofactor status lists those that there are'],
  ])('%s: the nearest are named', async (typed, hint) => {
    const cluster = { client, namespace: 'mail' } as unknown as Cluster;
    await expect(findAccounts(cluster, [typed])).rejects.toThrow(
      `there is no MailAccount ${typed} in namespace mail; ${hint}`,
    );
  });
});
