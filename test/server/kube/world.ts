import { type Log, silentLog } from '../../../src/host/log.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { systemRandom } from '../../../src/host/random.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import { createClient } from '../../../src/kube/client/create-client.ts';
import type { Credentials, CredentialSource } from '../../../src/kube/credentials/credentials.ts';
import { type KubeError, orThrow, type Result } from '../../../src/kube/client/errors.ts';
import type { KubeObject, Resource, Stored } from '../../../src/kube/client/resource.ts';
import { type StorageWentBack, Tripwire } from '../../../src/kube/client/tripwire.ts';
import { createUndiciTransport, type UndiciTransport } from '../../../src/kube/transport/undici-transport.ts';
import { ask, endpointOf } from '../../support/api-request.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';

const core = { group: '', version: 'v1', namespaced: true };
export const configMaps: Resource = { ...core, plural: 'configmaps' };
export const namespaces: Resource = { ...core, plural: 'namespaces', namespaced: false };

/** What the tests write and watch. */
export interface Thing extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** What a call that must fail failed with. */
export const errorOf = async (call: Promise<Result<unknown>>): Promise<KubeError> => {
  const result = await call;
  if (result.ok) throw new Error('expected a failure');
  return result.error;
};

/** An object with more to it than a client has to know. */
export const object = (fields: KubeObject & Readonly<Record<string, unknown>>): KubeObject => fields;

export const thing = (namespace: string, name: string, text = ''): Thing => ({
  metadata: { namespace, name },
  data: { text },
});

const fixed = (credentials: Credentials): CredentialSource => ({
  current: () => Promise.resolve(credentials),
  renew: () => Promise.resolve(credentials),
});

export interface Connected {
  readonly client: Client;
  readonly tripwire: Tripwire;
  readonly alarms: StorageWentBack[];
  readonly transport: UndiciTransport;
}

/** The real client over the real transport. */
export const connect = (credentials: CredentialSource, log: Log = silentLog): Connected => {
  const tripwire = new Tripwire(systemClock);
  const alarms: StorageWentBack[] = [];
  tripwire.onStorageWentBack((event) => {
    alarms.push(event);
    log.warn({ ...event }, 'storage went back');
  });
  const transport = createUndiciTransport({ credentials, clock: systemClock });
  const options = { transport, clock: systemClock, random: systemRandom, userAgent: 'transport-test/1', tripwire };
  return { client: createClient(options), tripwire, alarms, transport };
};

const account = 'transport-test';
const accountPath = '/api/v1/namespaces/kube-system/serviceaccounts';
const bindingsPath = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';

/** A ServiceAccount's token with all rights: unlike a client certificate it passes through a proxy. */
const tokenWithAllRights = async (kubeconfig: string): Promise<string> => {
  const metadata = { name: account };
  await ask({ kubeconfig, method: 'POST', path: accountPath, body: { metadata } });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: 'kube-system' }];
  await ask({ kubeconfig, method: 'POST', path: bindingsPath, body: { metadata, roleRef, subjects } });
  return tokenOf(kubeconfig, 'kube-system', account);
};

export const tokenOf = async (kubeconfig: string, namespace: string, name: string): Promise<string> => {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const { status, message, body } = await ask({ kubeconfig, method: 'POST', path, body: { spec: {} } });
  if (status !== 201) throw new Error(`no token for ${name}: ${message}`);
  return (body.status as { token: string }).token;
};

let spaces = 0;

/** A client behind a proxy, and one past it, as a second writer and for looking at what storage really has. */
export class World {
  readonly kubeconfig: string;
  readonly proxy: FaultProxy;
  readonly token: string;
  /** Through the proxy. */
  readonly client: Client;
  readonly tripwire: Tripwire;
  readonly alarms: StorageWentBack[];
  /** Past it. */
  readonly direct: Client;
  readonly #transports: UndiciTransport[];

  private constructor(kubeconfig: string, token: string, proxy: FaultProxy) {
    this.kubeconfig = kubeconfig;
    this.token = token;
    this.proxy = proxy;
    const { server, ca } = endpointOf(kubeconfig);
    const through = this.connect();
    const past = connect(fixed({ server, tls: ca === undefined ? {} : { ca }, authorization: `Bearer ${token}` }));
    this.client = through.client;
    this.tripwire = through.tripwire;
    this.alarms = through.alarms;
    this.direct = past.client;
    this.#transports = [through.transport, past.transport];
  }

  static async open(kubeconfig: string): Promise<World> {
    const { server, ca } = endpointOf(kubeconfig);
    const proxy = await startFaultProxy({ upstream: server, ...(ca !== undefined && { upstreamTls: { ca } }) });
    return new World(kubeconfig, await tokenWithAllRights(kubeconfig), proxy);
  }

  /** One more client through the proxy, as who has the token. */
  connect(token = this.token): Connected {
    return connect(fixed({ server: this.proxy.url, tls: {}, authorization: `Bearer ${token}` }));
  }

  async newNamespace(): Promise<string> {
    const name = `transport-${process.pid}-${(spaces += 1)}`;
    orThrow(await this.direct.create(namespaces, { metadata: { name } }));
    return name;
  }

  /** Past the proxy: makes or changes a thing. */
  async put(namespace: string, name: string, text: string): Promise<Stored<Thing>> {
    const made = await this.direct.create(configMaps, thing(namespace, name, text));
    if (made.ok) return made.value;
    return orThrow(await this.direct.mergePatch<Thing>(configMaps, { namespace, name }, { data: { text } }));
  }

  /** Past the proxy: what storage has, by a GET. */
  async look(namespace: string, name: string): Promise<Stored<Thing>> {
    return orThrow(await this.direct.get<Thing>(configMaps, { namespace, name }));
  }

  async remove(namespace: string, name: string): Promise<void> {
    const { metadata } = await this.look(namespace, name);
    orThrow(await this.direct.delete(configMaps, { namespace, name }, metadata));
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()));
    await this.proxy.close();
  }
}
