import { setTimeout as wait } from 'node:timers/promises';
import type { ExpectStatic } from 'vitest';
import { createStandInLogin, type StandInLogin } from '../../dev/login/index.ts';
import { systemClock } from '../../src/host/clock.ts';
import { systemRandom } from '../../src/host/random.ts';
import { createClient } from '../../src/kube/client/create-client.ts';
import { createUndiciTransport } from '../../src/kube/transport/undici-transport.ts';
import { endpointOf } from './api-request.ts';
import type { LoggedRequest } from './fault-proxy-log.ts';
import type { Cluster, KubectlOptions } from './kubectl.ts';
import { say, sayOk, tokenOf, until } from './scenario-cluster.ts';
import { eventually, type Eventually, lookAt } from './scenario-expect.ts';
import { golden, masked } from './scenario-golden.ts';
import type { Account, Ref } from './scenario-objects.ts';
import type { Stage } from './scenario-stage.ts';
import type { View } from './scenario-view.ts';

export interface ApplyOptions {
  readonly serverSide?: boolean;
  /** The field manager of a server-side apply. */
  readonly manager?: string;
  readonly as?: string;
}

/** One namespace with an operator, as the people of a scenario see it. */
export interface Tenant {
  readonly namespace: string;
  readonly stage: Stage;
  /** `kubectl apply` as the pipeline. */
  apply(objects: Ref | readonly Ref[], options?: ApplyOptions): Promise<string>;
  /** Applies, and waits until each was decided. */
  given(...objects: readonly Ref[]): Promise<void>;
  /** kubectl as the pipeline, in this namespace; its standard output. */
  kubectl(args: string, options?: KubectlOptions): Promise<string>;
  /** A merge patch of a spec's `twoFactor`, as the pipeline or somebody else. */
  patch(ref: Ref, twoFactor: object, as?: string): Promise<string>;
  /** kubectl as the administrator, who may also touch Secrets. */
  admin(args: string, options?: KubectlOptions): Promise<string>;
  eventually(ref: Ref): Eventually;
  /** What is so now. */
  now(ref: Ref): Promise<View | undefined>;
  /** What a login does in this namespace. */
  readonly login: StandInLogin;
  /** An account that is enrolled. */
  enrolled(account: Account): Promise<void>;
  /** The operator's writes in this namespace. */
  writes(): readonly LoggedRequest[];
  /** Waits until the operator has written nothing here for a second and a half. */
  settled(): Promise<void>;
  /** Runs `act` and resolves with the operator's writes to accounts and Secrets that came of it; platforms are counted now and then. */
  writesAfter(act: () => Promise<unknown>): Promise<readonly string[]>;
  /** Status, and the Secret's metadata, are as in golden/NAME.yaml. */
  isAsIn(name: string, account: Account): Promise<void>;
}

const logins = new Map<string, Promise<StandInLogin>>();

const openLogin = async (cluster: Cluster, namespace: string): Promise<StandInLogin> => {
  const { server, ca } = endpointOf(cluster.kubeconfig);
  const authorization = `Bearer ${await tokenOf(cluster, 'exchange2fa-login')}`;
  const credentials = { server, tls: ca === undefined ? {} : { ca }, authorization };
  const source = { current: () => Promise.resolve(credentials), renew: () => Promise.resolve(credentials) };
  const transport = createUndiciTransport({ credentials: source, clock: systemClock });
  const client = createClient({ transport, clock: systemClock, random: systemRandom, userAgent: 'stand-in-login' });
  return createStandInLogin({ client, clock: systemClock, namespace });
};

const loginOf = (cluster: Cluster, namespace: string): Promise<StandInLogin> => {
  const key = `${cluster.kubeconfig} ${namespace}`;
  const login = logins.get(key) ?? openLogin(cluster, namespace);
  logins.set(key, login);
  return login;
};

const inOneList = (objects: Ref | readonly Ref[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [objects].flat() });

const quietMs = 1_500;

const brief = ({ method, resource, subresource }: LoggedRequest): string =>
  `${method} ${resource}${subresource && `/${subresource}`}`;

export const tenantOf = async (stage: Stage, namespace: string, expect: ExpectStatic): Promise<Tenant> => {
  const { cluster } = stage;
  const inNamespace = (args: string): string[] => [...args.split(' '), '-n', namespace];
  const tenant: Tenant = {
    namespace,
    stage,
    login: await loginOf(cluster, namespace),
    apply: (objects, { serverSide = false, manager, as = 'gitops' } = {}) => {
      const how = `${serverSide ? ' --server-side' : ''}${manager === undefined ? '' : ` --field-manager ${manager}`}`;
      return sayOk(cluster, inNamespace(`apply${how} -f -`), { as, input: inOneList(objects) });
    },
    given: async (...objects) => {
      await tenant.apply(objects);
      for (const object of objects) await tenant.eventually(object).shows({});
    },
    kubectl: (args, options) => sayOk(cluster, inNamespace(args), { as: 'gitops', ...options }),
    patch: (ref, twoFactor, as = 'gitops') => {
      const patch = JSON.stringify({ spec: { twoFactor } });
      const args = ['patch', ref.kind, ref.metadata.name, '--type', 'merge', '-p', patch, '-n', namespace];
      return sayOk(cluster, args, { as });
    },
    admin: (args, options) => sayOk(cluster, inNamespace(args), options),
    eventually: (ref) => eventually(stage, namespace, ref),
    now: (ref) => lookAt({ stage, namespace, ref }),
    enrolled: async (account) => {
      await tenant.given(account);
      await tenant.login.enrol(account.spec.address);
      await tenant.eventually(account).shows({ phase: 'Enforced', enrolled: 'True FirstCodeAccepted' });
    },
    writes: () => stage.writes(namespace),
    settled: async () => {
      let [seen, sinceMs] = [tenant.writes().length, performance.now()];
      await until(`the operator writes nothing more in ${namespace}`, () => {
        if (tenant.writes().length !== seen) [seen, sinceMs] = [tenant.writes().length, performance.now()];
        return performance.now() - sinceMs > quietMs;
      });
    },
    writesAfter: async (act) => {
      await tenant.settled();
      const before = tenant.writes().length;
      await act();
      await wait(quietMs);
      await tenant.settled();
      const since = tenant.writes().slice(before);
      return since.filter(({ resource }) => resource !== 'exchangeplatforms').map(brief);
    },
    isAsIn: async (name, account) => golden(expect, name, await masked(stage, namespace, account)),
  };
  return tenant;
};

/** What kubectl says to somebody who is refused. */
export const refusal = async ({ stage, namespace }: Tenant, args: string, as: string): Promise<string> => {
  const { code, stderr } = await say(stage.cluster, [...args.split(' '), '-n', namespace], { as });
  return code === 0 ? 'not refused' : stderr;
};
