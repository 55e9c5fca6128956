import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usualKubeconfigs } from '../../src/cli/cluster/kubeconfig-files.ts';
import { findKubectl } from './find-kubectl.ts';
import { askReady } from './kubectl-ready.ts';
import { startGuard } from './local/guard.ts';
import { makeRunFolder } from './local/folders.ts';
import { Unavailable, type ControlPlane, type ProviderOptions, type StartProvider } from './types.ts';

/** A cluster that exists already, in the context that the caller names. It is used, never ended. */
export const startContext: StartProvider = async (options) => {
  const cluster = await readContext(options);
  const run = await makeRunFolder();
  const guard = startGuard(run);
  try {
    return await useContext(cluster, run, () => guard.close());
  } catch (error) {
    await guard.close();
    throw error;
  }
};

interface NamedCluster {
  readonly name: string;
  readonly kubeconfig: string;
  readonly server: string;
  /** Trusted certificates in PEM, or the file with them. */
  readonly ca: { readonly pem: string } | { readonly file: string } | undefined;
}

async function useContext(cluster: NamedCluster, run: string, stop: () => Promise<void>): Promise<ControlPlane> {
  // A file of our own with this one context: the current context of the caller's file may be another.
  const kubeconfig = join(run, 'kubeconfig');
  await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  const kubectl = [...findKubectl(), '--kubeconfig', kubeconfig];
  const said = await askReady(kubectl);
  if (said !== undefined) {
    const reason = `the cluster of context ${cluster.name} at ${cluster.server} is not ready: ${said}`;
    throw new Unavailable(reason, 'start that cluster');
  }
  const caFile = await writeAuthority(cluster, run);
  return { provider: 'context', kubeconfig, server: cluster.server, caFile, kubectl, stop };
}

async function readContext({ context: name, kubeconfig: file }: ProviderOptions): Promise<NamedCluster> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  checkFiles(file);
  if (file === undefined) config.loadFromDefault();
  else config.loadFromFile(file);
  const known = config.getContexts().map((context) => context.name);
  const choice = known.length === 0 ? 'the file holds no context' : `name one with --context: ${known.join(', ')}`;
  if (name === undefined) throw new Unavailable('no context was named, and the current one is never assumed', choice);
  const context = config.getContextObject(name);
  const [cluster, user] = [context && config.getCluster(context.cluster), context && config.getUser(context.user)];
  if (context === null || !cluster || !user) throw new Unavailable(`there is no complete context ${name}`, choice);
  const only = new KubeConfig();
  only.loadFromOptions({ clusters: [cluster], users: [user], contexts: [context], currentContext: name });
  return { name, kubeconfig: only.exportConfig(), server: cluster.server, ca: authorityOf(cluster) };
}

/** Without a file, the library would make up a cluster. */
function checkFiles(named: string | undefined): void {
  const files = named === undefined ? usualKubeconfigs(process.env) : [named];
  if (!files.some((file) => existsSync(file))) {
    throw new Unavailable(`there is no kubeconfig ${files.join(', ')}`, 'name a kubeconfig that exists');
  }
}

function authorityOf({ caData, caFile }: { readonly caData?: string; readonly caFile?: string }): NamedCluster['ca'] {
  if (caData !== undefined) return { pem: Buffer.from(caData, 'base64').toString() };
  return caFile === undefined ? undefined : { file: caFile };
}

async function writeAuthority({ ca }: NamedCluster, run: string): Promise<string | undefined> {
  if (ca === undefined || 'file' in ca) return ca?.file;
  const file = join(run, 'ca.crt');
  await writeFile(file, ca.pem, { mode: 0o600 });
  return file;
}
