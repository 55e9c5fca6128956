import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import { type Credentials, type CredentialSource, ReloadedCredentials } from './credentials.ts';

/** Where the kubelet mounts a pod's ServiceAccount. */
const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface InClusterOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
}

/** Whether this process runs in a pod that has an API server to talk to. */
export const isInCluster = (environment: InClusterOptions['environment']): boolean =>
  Boolean(environment['KUBERNETES_SERVICE_HOST'] && environment['KUBERNETES_SERVICE_PORT']);

const load = async ({ environment, folder = serviceAccountFolder }: InClusterOptions): Promise<Credentials> => {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '';
  const [token, ca] = await Promise.all([
    readFile(join(folder, 'token'), 'utf8'),
    readFile(join(folder, 'ca.crt'), 'utf8'),
  ]);
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    tls: { ca },
    authorization: `Bearer ${token.trim()}`,
  };
};

/** The ServiceAccount of the pod: the kubelet rotates its token file. */
export const inClusterCredentials = (options: InClusterOptions): CredentialSource =>
  new ReloadedCredentials(() => load(options), options.clock, options.log);

/** The pod's own namespace. */
export const inClusterNamespace = async (folder: string = serviceAccountFolder): Promise<string> =>
  (await readFile(join(folder, 'namespace'), 'utf8')).trim();
