import type { ControlPlane, ProviderName, ProviderOptions } from '../types.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { takeLock, type Lock } from '../lock.ts';
import { once } from '../once.ts';
import { ApiServer } from './api-server.ts';
import { Child } from './child.ts';
import { prepareCredentials } from './credentials.ts';
import { Etcd } from './etcd.ts';
import { makeFolders, makeRunFolder, type Folders } from './folders.ts';
import { localFaults } from './faults.ts';
import { startGuard, type Guard } from './guard.ts';
import { controllerManagerCommand, etcdCommand, type Programs } from './parts.ts';
import { answers, waitFor } from './ready.ts';

const graceMs = 3000;
const controllersTimeoutMs = 60_000;

/** What must be undone, in the order of undoing. */
type Undo = (() => Promise<void>)[];

/** Starts etcd, the API server and the controllers as processes of this machine. */
export async function startLocal(
  provider: ProviderName,
  programs: Programs,
  options: ProviderOptions,
): Promise<ControlPlane> {
  const run = await makeRunFolder();
  const guard = startGuard(run);
  const undo: Undo = [() => guard.close()];
  const stop = once(async () => {
    const failures: unknown[] = [];
    for (const step of undo) await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, 'the control plane did not end cleanly');
  });
  try {
    const folders = await makeFolders(run, options.dataDir);
    if (options.dataDir !== undefined) undo.unshift(await lockData(folders));
    return await startParts({ provider, programs, options, folders, guard, undo, stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Setting {
  readonly provider: ProviderName;
  readonly programs: Programs;
  readonly options: ProviderOptions;
  readonly folders: Folders;
  readonly guard: Guard;
  readonly undo: Undo;
  readonly stop: () => Promise<void>;
}

async function startParts(setting: Setting): Promise<ControlPlane> {
  const { provider, programs, options, folders, guard, undo, stop } = setting;
  const began = performance.now();
  const credentials = await prepareCredentials(folders);
  const command = etcdCommand(programs, folders, { throwAway: options.dataDir === undefined });
  const etcd = new Etcd({ name: 'etcd', command, logFile: folders.log('etcd'), guard }, folders);
  undo.unshift(() => etcd.stop());
  const apiServer = await ApiServer.start({ programs, folders, guard, options, etcd });
  undo.unshift(() => apiServer.stop());
  const endpoint = await apiServer.endpoint();
  const { server } = endpoint;
  const caFile = folders.authority;
  await writeKubeconfig(folders.kubeconfig, { server, caFile, token: credentials.adminToken });
  await writeKubeconfig(folders.controllerKubeconfig, { server, caFile, token: credentials.controllerToken });
  const controllers = startControllers(programs, folders, guard);
  if (controllers !== undefined) undo.unshift(() => controllers.stop(graceMs));
  await apiServer.waitUntilReady();
  if (controllers !== undefined) {
    // The sign that controllers work: they have given the first namespace its ServiceAccount.
    await waitFor(() => answers(endpoint, '/api/v1/namespaces/default/serviceaccounts/default'), {
      what: 'the start of the controllers',
      timeoutMs: controllersTimeoutMs,
      children: [controllers, etcd.child],
      signal: options.signal,
    });
  }
  options.log(`ready after ${((performance.now() - began) / 1000).toFixed(1)} s at ${server}`);
  const kubectl = [...programs.kubectl, '--kubeconfig', folders.kubeconfig];
  const local = localFaults({ etcd, apiServer, folders });
  return { provider, kubeconfig: folders.kubeconfig, server, caFile, kubectl, local, stop };
}

function startControllers(programs: Programs, folders: Folders, guard: Guard): Child | undefined {
  if (programs.controllerManager === undefined) return undefined;
  const command = controllerManagerCommand(programs.controllerManager, folders);
  return new Child({ name: 'controller-manager', command, logFile: folders.log('controller-manager'), guard });
}

async function lockData(folders: Folders): Promise<() => Promise<void>> {
  const lock: Lock | undefined = await takeLock(folders.lock);
  if (lock === undefined) {
    throw new Error(`${folders.data} is in use by another control plane. End that one, or name another --data-dir.`);
  }
  return () => lock.release();
}
