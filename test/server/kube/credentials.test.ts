import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { inClusterCredentials } from '../../../src/kube/credentials/in-cluster.ts';
import { kubeconfigCredentials } from '../../../src/kube/credentials/kubeconfig.ts';
import { endpointOf } from '../../support/api-request.ts';
import { type Certificate, selfSigned } from '../../support/certificate.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { Watched } from './watched.ts';
import { configMaps, connect, type Connected, thing, World } from './world.ts';

let world: World;
let space: string;
let folder: string;
let proxy: FaultProxy;
let first: Certificate;
let connected: Connected | undefined;

beforeAll(async () => void (world = await World.open(inject('kubeconfig'))));
afterAll(() => world.close());

/** A folder as the kubelet keeps it for a pod, and an API server whose certificate can change. */
beforeEach(async () => {
  space = await world.newNamespace();
  await world.put(space, 'a', '1');
  folder = await mkdtemp(join(tmpdir(), 'transport-credentials-'));
  first = selfSigned('first');
  const { server, ca } = endpointOf(world.kubeconfig);
  proxy = await startFaultProxy({ upstream: server, upstreamTls: ca === undefined ? {} : { ca }, certificate: first });
  await keep({ token: world.token, 'ca.crt': first.cert });
});
afterEach(async () => {
  await connected?.transport.close();
  await proxy.close();
  await rm(folder, { recursive: true });
});

const keep = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
};

const inPod = (): Connected => {
  const { hostname, port } = new URL(proxy.url);
  const environment = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  return (connected = connect(inClusterCredentials({ clock: systemClock, log: silentLog, environment, folder })));
};

const outside = async (): Promise<Connected> => {
  const config = {
    'current-context': 'dev',
    contexts: [{ name: 'dev', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: proxy.url, 'certificate-authority': 'ca.crt' } }],
    users: [{ name: 'u', user: { tokenFile: 'token' } }],
  };
  await keep({ config: JSON.stringify(config) });
  const path = join(folder, 'config');
  return (connected = connect(kubeconfigCredentials({ path, clock: systemClock, log: silentLog })));
};

const read = ({ client }: Connected) => client.get(configMaps, { namespace: space, name: 'a' }, { deadlineMs: 2_000 });

describe.each([
  ['in a pod', () => Promise.resolve(inPod())],
  ['with a kubeconfig', outside],
])('%s', (_where, open) => {
  it('a token that has expired is read again, and the write is done once', async () => {
    await keep({ token: 'expired' });
    const opened = await open();
    expect(await read(opened)).toMatchObject({ error: { kind: 'unauthorized' } });
    await keep({ token: world.token });
    proxy.forget();
    orThrow(await opened.client.create(configMaps, thing(space, 'b', 'new')));
    expect(proxy.requests.map(({ method, status }) => [method, status])).toEqual([
      ['POST', 401],
      ['POST', 201],
    ]);
  });

  it('a server with a new certificate is trusted once its authority is in the file', async () => {
    const opened = await open();
    orThrow(await read(opened));
    const second = selfSigned('second');
    proxy.useCertificate(second);
    proxy.cutAll();
    expect(await read(opened)).toMatchObject({ error: { kind: 'unavailable', status: 0 } });
    await keep({ 'ca.crt': second.cert });
    orThrow(await read(opened));
    orThrow(await opened.client.create(configMaps, thing(space, 'b', 'new')));
  });
});

it('a watch goes on, without a new list, with the new token and the new certificate', async () => {
  const watched = new Watched(inPod(), space);
  await watched.tells('+a=1', 'synced');
  const second = selfSigned('second');
  await keep({ token: 'not yet good', 'ca.crt': second.cert });
  proxy.useCertificate(second);
  proxy.cutAll();
  await expect.poll(() => proxy.requests.map(({ status }) => status), { timeout: 10_000 }).toContain(401);
  await keep({ token: world.token });
  await world.put(space, 'a', '2');
  await watched.tells('+a=2');
  expect(watched.reflector.status()).toMatchObject({ lists: 1, synced: true });
  await watched.stop();
});

it('a server that nobody vouches for gets no token', async () => {
  await keep({ 'ca.crt': selfSigned('of somebody else').cert });
  expect(await read(inPod())).toMatchObject({ error: { kind: 'unavailable', status: 0 } });
  expect(proxy.requests).toEqual([]);
});
