import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { findEngine, type EngineAddress } from './container/engine.ts';
import { findKubectl } from './find-kubectl.ts';
import { waitUntilReady } from './kubectl-ready.ts';
import { makeRunFolder } from './local/folders.ts';
import { startGuard } from './local/guard.ts';
import { once } from './once.ts';
import {
  Unavailable,
  type ContainerChoice,
  type ControlPlane,
  type ProviderOptions,
  type StartProvider,
} from './types.ts';

const k3s = { image: 'rancher/k3s:v1.37.2-k3s1', privileged: true };
const pullTimeoutMs = 5 * 60_000;
const readyTimeoutMs = 60_000;
// Nothing here runs pods, so nothing need be fetched for them.
const command = ['server', '--disable=coredns,servicelb,traefik,local-storage,metrics-server'];

/** K3s in Docker, where an engine answers and has the image or can get it. */
export const startK3s: StartProvider = async (options) => {
  const engine = await findEngine();
  if (engine === undefined) {
    throw new Unavailable('no Docker engine answers', 'start Docker (or set DOCKER_HOST), with kubectl on the PATH');
  }
  const kubectl = findKubectl();
  const choice = options.container ?? k3s;
  await fetchImage(choice.image, options);
  const run = await makeRunFolder();
  const guard = startGuard(run);
  try {
    return await startContainer({ engine, choice, kubectl, run, options, close: () => guard.close() });
  } catch (error) {
    await guard.close();
    throw error;
  }
};

/** Has the engine fetch the image unless it is there; a registry that does not answer must not stop us for long. */
async function fetchImage(image: string, { log, signal }: ProviderOptions): Promise<void> {
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const client = await getContainerRuntimeClient();
  const name = ImageName.fromString(image);
  if (await client.image.exists(name)) return;
  log(`fetching the image ${image}; this happens once`);
  const patience = new AbortController();
  const late = sleep(pullTimeoutMs, 'late' as const, {
    signal: AbortSignal.any([patience.signal, ...(signal === undefined ? [] : [signal])]),
  });
  try {
    if ((await Promise.race([client.image.pull(name), late])) === 'late') throw new Error('it took over five minutes');
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unavailable(`the image ${image} cannot be had: ${reason}`, `load the image ${image} into Docker`);
  } finally {
    patience.abort();
  }
}

interface Setting {
  readonly engine: EngineAddress;
  readonly choice: ContainerChoice;
  readonly kubectl: readonly string[];
  readonly run: string;
  readonly options: ProviderOptions;
  readonly close: () => Promise<void>;
}

async function startContainer({ engine, choice, kubectl, run, options, close }: Setting): Promise<ControlPlane> {
  const { LoopbackK3s } = await import('./container/k3s-container.ts');
  const args = (options.extraApiServerArgs ?? []).map((arg) => `--kube-apiserver-arg=${arg.replace(/^--/, '')}`);
  const container = new LoopbackK3s(choice, engine).withCommand([...command, ...args]);
  options.log(`starting ${choice.image}`);
  try {
    const started = await container.start();
    const text = started.getKubeConfig().replace('https://localhost:', 'https://127.0.0.1:');
    const kubeconfig = join(run, 'kubeconfig');
    await writeFile(kubeconfig, text, { mode: 0o600 });
    const { server, authority } = readCluster(text);
    const caFile = join(run, 'ca.crt');
    await writeFile(caFile, authority, { mode: 0o600 });
    const prefix = [...kubectl, '--kubeconfig', kubeconfig];
    await waitUntilReady(prefix, { timeoutMs: readyTimeoutMs, signal: options.signal });
    options.log(`ready at ${server}`);
    const stop = async () => {
      await started.stop({ remove: true, removeVolumes: true });
      container.discard();
      await close();
    };
    return { provider: 'k3s', kubeconfig, server, caFile, kubectl: prefix, stop: once(stop) };
  } catch (error) {
    container.discard();
    throw error;
  }
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: Readonly<Record<'server' | 'certificate-authority-data', string>> }];
}

function readCluster(text: string): { readonly server: string; readonly authority: Buffer } {
  const [{ cluster }] = (parse(text) as Kubeconfig).clusters;
  return { server: cluster.server, authority: Buffer.from(cluster['certificate-authority-data'], 'base64') };
}
