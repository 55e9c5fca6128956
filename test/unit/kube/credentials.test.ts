import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../../src/host/log.ts';
import { type Credentials, ReloadedCredentials } from '../../../src/kube/credentials/credentials.ts';
import { inClusterCredentials, inClusterNamespace, isInCluster } from '../../../src/kube/credentials/in-cluster.ts';
import { kubeconfigCredentials } from '../../../src/kube/credentials/kubeconfig.ts';
import { VirtualClock } from './virtual-clock.ts';

let clock: VirtualClock;
let folder: string;

beforeEach(async () => {
  clock = new VirtualClock();
  folder = await mkdtemp(join(tmpdir(), 'credentials-'));
});

afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface Config {
  readonly cluster?: object;
  readonly user?: object;
  readonly current?: string;
}

/** A kubeconfig of two contexts, `dev` and `other`. JSON is YAML. */
const config = ({ cluster = {}, user = {}, current = 'dev' }: Config): string =>
  JSON.stringify({
    'current-context': current,
    contexts: [
      { name: 'dev', context: { cluster: 'c', user: 'u', namespace: 'ns' } },
      { name: 'other', context: { cluster: 'd', user: 'u' } },
    ],
    clusters: [
      { name: 'c', cluster: { server: 'https://dev:6443', ...cluster } },
      { name: 'd', cluster: { server: 'https://other:6443' } },
    ],
    users: [{ name: 'u', user }],
  });

const load = async (content: string, context?: string, log: Log = silentLog): Promise<Credentials> => {
  await write('config', content);
  const path = join(folder, 'config');
  return kubeconfigCredentials({ path, clock, log, ...(context !== undefined && { context }) }).current();
};

describe('a kubeconfig', () => {
  beforeEach(async () => {
    for (const name of ['token', 'ca', 'cert', 'key']) await write(name, `${name} of a file\n`);
  });

  const server = 'https://dev:6443';
  it.each([
    ['a token', { user: { token: 't' } }, { server, tls: {}, authorization: 'Bearer t' }],
    [
      'a token file, before a token',
      { user: { tokenFile: 'token', token: 't' } },
      { server, tls: {}, authorization: 'Bearer token of a file' },
    ],
    [
      'certificates in the file itself',
      {
        cluster: { 'certificate-authority-data': base64('CA') },
        user: { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') },
      },
      { server, tls: { ca: 'CA', cert: 'CERT', key: 'KEY' } },
    ],
    [
      'certificates in files beside it',
      { cluster: { 'certificate-authority': 'ca' }, user: { 'client-certificate': 'cert', 'client-key': './key' } },
      { server, tls: { ca: 'ca of a file\n', cert: 'cert of a file\n', key: 'key of a file\n' } },
    ],
    ['another server name', { cluster: { 'tls-server-name': 'kube' } }, { server, tls: { serverName: 'kube' } }],
    [
      'plain HTTP on loopback',
      { cluster: { server: 'http://127.0.0.1:1' } },
      { server: 'http://127.0.0.1:1', tls: {} },
    ],
  ])('with %s', async (_what, given, expected) => {
    expect(await load(config(given))).toEqual(expected);
  });

  it.each([
    ['plain HTTP elsewhere', config({ cluster: { server: 'http://dev:6443' } }), 'neither https nor on loopback'],
    ['no server', config({ cluster: { server: '' } }), 'no valid server'],
    ['a proxy', config({ cluster: { 'proxy-url': 'http://p' } }), '"proxy-url" is not supported'],
    ['impersonation', config({ user: { as: 'admin' } }), '"as" is not supported'],
    ['a password', config({ user: { username: 'u', password: 'p' } }), '"username" is not supported'],
    ['no current context', config({ current: '' }), 'no context named'],
    ['an unknown context', config({ current: 'gone' }), 'no entry "gone" in contexts'],
    ['another content', '[]', 'not a map'],
    ['a missing file', config({ user: { tokenFile: 'gone' } }), 'ENOENT'],
  ])('with %s is refused', async (_what, content, message) => {
    await expect(load(content)).rejects.toThrow(message);
  });

  it('gives the context that is named', async () => {
    expect((await load(config({}), 'other')).server).toBe('https://other:6443');
  });

  it('that does not check the server says so', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_fields: object, message: string) => void warnings.push(message) };
    const credentials = await load(config({ cluster: { 'insecure-skip-tls-verify': true } }), undefined, log);
    expect(credentials.tls).toEqual({ insecure: true });
    expect(warnings).toEqual(['the certificate of the API server is not checked']);
  });

  it('keeps its context when somebody switches to another', async () => {
    await write('config', config({}));
    const source = kubeconfigCredentials({ path: join(folder, 'config'), clock, log: silentLog });
    await source.current();
    await write('config', config({ current: 'other', user: { token: 'new' } }));
    expect(await source.renew()).toEqual({ server, tls: {}, authorization: 'Bearer new' });
  });

  it('with an exec plugin runs it', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'made' },
    };
    await write('plugin.sh', `echo '${JSON.stringify(credential)}'`);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: '/bin/sh',
      args: [join(folder, 'plugin.sh')],
      interactiveMode: 'Never',
    };
    expect(await load(config({ user: { exec } }))).toEqual({ server, tls: {}, authorization: 'Bearer made' });
  });
});

describe('in a pod', () => {
  const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };

  beforeEach(async () => {
    await write('token', 'first\n');
    await write('ca.crt', 'CA');
    await write('namespace', 'system\n');
  });

  it('the ServiceAccount is used', async () => {
    const source = inClusterCredentials({ clock, log: silentLog, environment, folder });
    expect(await source.current()).toEqual({
      server: 'https://[fd00::1]:443',
      tls: { ca: 'CA' },
      authorization: 'Bearer first',
    });
    expect(await inClusterNamespace(folder)).toBe('system');
    expect([isInCluster(environment), isInCluster({})]).toEqual([true, false]);
  });

  it('the token is read again each minute, and at once when refused', async () => {
    const source = inClusterCredentials({ clock, log: silentLog, environment, folder });
    await source.current();
    await write('token', 'second');
    expect((await source.current()).authorization).toBe('Bearer first');
    expect((await source.renew()).authorization).toBe('Bearer second');
    await write('token', 'third');
    await clock.advance(60_000);
    expect((await source.current()).authorization).toBe('Bearer third');
  });
});

describe('credentials that are read again', () => {
  it('are kept when they cannot be read', async () => {
    let fails = false;
    const read = (): Promise<Credentials> =>
      fails ? Promise.reject(new Error('gone')) : Promise.resolve({ server: 'https://x', tls: {} });
    const source = new ReloadedCredentials(read, clock, silentLog);
    await source.current();
    fails = true;
    expect((await source.renew()).server).toBe('https://x');
  });

  it('are read once for many who ask at the same time', async () => {
    let reads = 0;
    const read = (): Promise<Credentials> => Promise.resolve({ server: `https://x${++reads}`, tls: {} });
    const source = new ReloadedCredentials(read, clock, silentLog);
    await Promise.all([source.current(), source.renew(), source.current()]);
    expect(reads).toBe(1);
  });
});
