import type { Instant } from '../../api/instants.ts';
import { systemClock } from '../../host/clock.ts';
import { silentLog } from '../../host/log.ts';
import { pick } from '../../host/options.ts';
import { systemRandom } from '../../host/random.ts';
import { version } from '../../host/version.ts';
import type { Client } from '../../kube/client/client.ts';
import { createClient } from '../../kube/client/create-client.ts';
import type { CredentialSource } from '../../kube/credentials/credentials.ts';
import { inClusterCredentials, inClusterNamespace, isInCluster } from '../../kube/credentials/in-cluster.ts';
import { kubeconfigCredentials, parseKubeconfig } from '../../kube/credentials/kubeconfig.ts';
import { TransportFailure, type Transport } from '../../kube/transport/transport.ts';
import { createUndiciTransport } from '../../kube/transport/undici-transport.ts';
import { Failure } from '../frame/failure.ts';
import { kubeconfigFiles, readKubeconfigs } from './kubeconfig-files.ts';
import { notReached } from './reach.ts';
import { ServerTime } from './server-time.ts';

/** The options by which kubectl finds a cluster. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** A cluster to ask, and the namespace that is meant where none is named. */
export interface Cluster {
  readonly client: Client;
  readonly namespace: string;
  /** Where requests go, for messages. */
  readonly server: string;
  /** The API server's time, from the answers' `Date`; this machine's until there was one. */
  now(): Instant;
  /** A whole second that is not yet over at the API server: what `requestedAt` says. */
  requestInstant(): Instant;
  /** How far the API server's clock is ahead of this machine's for certain, in milliseconds; undefined before the first answer. */
  clockOffsetMs(): number | undefined;
  close(): Promise<void>;
}

/** Not beginning with kubectl: Flux's kustomize-controller takes back what such a client wrote. */
const userAgent = `exchange2fa-cli/${version}`;

/**
 * Until there was an answer, a server that can't be reached is more likely the wrong one than a passing failure: that is
 * said at once, and not tried again for seconds.
 */
const failingAtOnce = (transport: Transport, server: string): Transport => {
  let answered = false;
  const first = async <Answer>(exchange: Promise<Answer>): Promise<Answer> => {
    try {
      const answer = await exchange;
      answered = true;
      return answer;
    } catch (error) {
      if (answered || !(error instanceof TransportFailure) || error.sent || error.kind === 'aborted') throw error;
      throw new Failure(notReached(server, error.message));
    }
  };
  return { send: (request) => first(transport.send(request)), stream: (request) => first(transport.stream(request)) };
};

interface Found {
  readonly credentials: CredentialSource;
  readonly namespace: string | undefined;
}

const fromKubeconfig = async (paths: readonly string[], wanted: string | undefined): Promise<Found> => {
  const content = await readKubeconfigs(paths);
  const { context, namespace } = await parseKubeconfig(content, wanted);
  const path = paths[0] ?? '';
  const credentials = kubeconfigCredentials({
    path,
    context,
    clock: systemClock,
    log: silentLog,
    ...(paths.length > 1 && { read: () => readKubeconfigs(paths) }),
  });
  return { credentials, namespace };
};

const find = async ({ kubeconfig, context }: ClusterOptions, environment: NodeJS.ProcessEnv): Promise<Found> => {
  // an empty text is none, as kubectl takes it
  const paths = kubeconfigFiles(pick(kubeconfig, undefined), environment);
  if (paths.length > 0) return fromKubeconfig(paths, pick(context, undefined));
  if (isInCluster(environment)) {
    const credentials = inClusterCredentials({ clock: systemClock, log: silentLog, environment });
    return { credentials, namespace: await inClusterNamespace() };
  }
  throw new Failure('no kubeconfig was found: name one with --kubeconfig or KUBECONFIG');
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Finds the cluster that kubectl would use. Nothing is asked of it yet. */
const connect = async (options: ClusterOptions): Promise<Cluster> => {
  let found: Found;
  let server: string;
  try {
    found = await find(options, process.env);
    ({ server } = await found.credentials.current());
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`the kubeconfig can't be used: ${messageOf(error).replace(/^kubeconfig: /, '')}`);
  }
  const transport = createUndiciTransport({ credentials: found.credentials, clock: systemClock });
  const time = new ServerTime(systemClock);
  const client = createClient({
    transport: failingAtOnce(transport, server),
    clock: systemClock,
    random: systemRandom,
    userAgent,
    onServerTime: (sample) => time.heard(sample),
  });
  return {
    client,
    // An empty -n is none, as kubectl takes it: a variable that is not set must not reach every tenant.
    namespace: pick(options.namespace, found.namespace) ?? 'default',
    server,
    now: () => time.now(),
    requestInstant: () => time.nextSecond(),
    clockOffsetMs: () => time.offsetMs,
    close: () => transport.close(),
  };
};

/** Runs work on a cluster and gives its connections back. */
export const withCluster = async <T>(options: ClusterOptions, work: (cluster: Cluster) => Promise<T>): Promise<T> => {
  const cluster = await connect(options);
  try {
    return await work(cluster);
  } finally {
    await cluster.close();
  }
};
