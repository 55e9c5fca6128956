import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kubeconfigFiles, mergeKubeconfigs } from '../../../src/cli/cluster/kubeconfig-files.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-kubeconfig-'));
  await Promise.all(['a', 'b'].map((name) => writeFile(join(folder, name), '')));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the files of a kubeconfig', () => {
  const at = (...names: string[]): string[] => names.map((name) => join(folder, name));

  test('are the one that is named', () => {
    expect(kubeconfigFiles(at('a')[0], { KUBECONFIG: at('b')[0] })).toEqual(at('a'));
  });

  test('or those of KUBECONFIG that there are', () => {
    expect(kubeconfigFiles(undefined, { KUBECONFIG: at('b', 'missing', 'a').join(':') })).toEqual(at('b', 'a'));
  });

  test('and a file that is named must be there', () => {
    expect(() => kubeconfigFiles(join(folder, 'missing'), {})).toThrow('there is no file');
  });
});

describe('several files', () => {
  const one = {
    folder: '/one',
    config: {
      contexts: [{ name: 'c', context: { cluster: 'k' } }],
      clusters: [{ name: 'k', cluster: { server: 'https://one', 'certificate-authority': 'ca.crt' } }],
    },
  };
  const two = {
    folder: '/two',
    config: {
      'current-context': 'c',
      clusters: [{ name: 'k', cluster: { server: 'https://two' } }],
      users: [{ name: 'u', user: { tokenFile: '/abs/token', 'client-key': 'key' } }],
    },
  };

  test('are merged as kubectl does: the first to say something wins, and its files are beside it', () => {
    expect(mergeKubeconfigs([one, two])).toMatchObject({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'k' } }],
      clusters: [{ name: 'k', cluster: { server: 'https://one', 'certificate-authority': '/one/ca.crt' } }],
      users: [{ name: 'u', user: { tokenFile: '/abs/token', 'client-key': '/two/key' } }],
    });
  });
});
