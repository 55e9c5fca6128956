import { expect, test } from 'vitest';
import { secretType } from '../../../src/api/names.ts';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { readSecrets } from '../../../src/cli/explain/explain-files.ts';
import type { ListOptions, Page } from '../../../src/kube/client/client.ts';
import { failure, success, type KubeError, type Result } from '../../../src/kube/client/errors.ts';
import type { KubeObject, Resource } from '../../../src/kube/client/resource.ts';

type Answer = (options: ListOptions) => Result<Page<KubeObject>>;

const pageOf = (name: string, more?: string): Result<Page<KubeObject>> =>
  success({
    items: [{ metadata: { namespace: 'mail', name, uid: name, resourceVersion: '1' } }],
    resourceVersion: '1',
    ...(more !== undefined && { continue: more }),
  });

const clusterWith = (answer: Answer): Cluster => {
  const client = { list: (_: Resource, options: ListOptions) => Promise.resolve(answer(options)) };
  return { client, namespace: 'mail', server: 'https://api.example.com' } as unknown as Cluster;
};

const failing =
  (error: KubeError): Answer =>
  ({ continue: token }) =>
    token === undefined ? pageOf('totp-0', 'more') : failure(error);

test('the Secrets of every page are read, by type and as metadata only', async () => {
  const pages: Answer = ({ namespace, fieldSelector, metadataOnly, continue: token }) => {
    expect({ namespace, fieldSelector, metadataOnly }).toEqual({
      namespace: 'mail',
      fieldSelector: `type=${secretType}`,
      metadataOnly: true,
    });
    return token === undefined ? pageOf('totp-0', 'more') : pageOf('totp-1');
  };
  expect([...((await readSecrets(clusterWith(pages), 'mail')) ?? [])].map(([name]) => name)).toEqual([
    'totp-0',
    'totp-1',
  ]);
});

test('only a missing right makes them unreadable', async () => {
  const error = { kind: 'forbidden', because: 'permission', text: 'GET secrets: 403' } as const;
  expect(await readSecrets(clusterWith(failing(error)), 'mail')).toBeUndefined();
});

test.each<KubeError>([
  { kind: 'unavailable', status: 503, text: 'GET secrets: 503' },
  { kind: 'malformed', text: 'GET secrets: 200' },
  { kind: 'gone', text: 'GET secrets: 410' },
  { kind: 'unauthorized', text: 'GET secrets: 401' },
])('$kind ends it: nothing is said of what was not read', async (error) => {
  await expect(readSecrets(clusterWith(failing(error)), 'mail')).rejects.toMatchObject({ name: 'Failure' });
});
