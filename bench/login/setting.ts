import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleProgram } from '../../dev/build/bundle.ts';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';
import { writeLoginKeys } from '../../dev/login/key-files.ts';
import { Connection } from '../raw-client/connection.ts';
import { endpointOf } from '../support/endpoint.ts';
import { listeningAddress } from '../support/listening.ts';
import { environmentOf, shippedTunings } from '../support/tunings.ts';
import { namespace } from './accounts.ts';

const root = join(import.meta.dirname, '../..');
const system = 'exchange2fa-system';

/** A control plane with the login's manifests, one replica built as it ships, and connections as the login itself. */
export interface LoginSetting {
  readonly admin: Connection;
  /** With the login's own token: what a raw client would use. */
  readonly asLogin: Connection;
  /** To the login itself, as the caller that is configured. */
  readonly asCaller: Connection;
  readonly pid: number;
  stop(): Promise<void>;
}

const kubectlOf =
  ({ kubectl: [program = '', ...prefix] }: ControlPlane) =>
  (...args: string[]) =>
    promisify(execFile)(program, [...prefix, ...args]);

const install = async (controlPlane: ControlPlane): Promise<void> => {
  const kubectl = kubectlOf(controlPlane);
  await kubectl('apply', '-k', join(root, 'crds'));
  await kubectl('wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
  for (const name of [system, namespace]) await kubectl('create', 'namespace', name);
  await kubectl('create', 'serviceaccount', 'gateway', '-n', namespace);
  await kubectl('apply', '-k', join(root, 'manifests/login'));
  await kubectl('apply', '-k', join(root, 'manifests/tenant-login'), '-n', namespace);
  await kubectl('apply', '-k', join(root, 'manifests/policies'));
};

const tokenOf = async (controlPlane: ControlPlane, ...args: string[]): Promise<string> =>
  (await kubectlOf(controlPlane)('create', 'token', '--duration', '4h', ...args)).stdout.trim();

const config = JSON.stringify({
  issuer: 'https://login.example.com',
  apiCallers: [
    {
      name: 'gateway',
      serviceAccount: { namespace, name: 'gateway' },
      namespace,
      scopes: ['verify', 'enroll'],
      requestsPerMinute: 1_000_000,
      mode: 'enforce',
    },
  ],
});

const kubeconfigOf = (server: string, ca: string, token: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'login', user: { token } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'login' } }],
    'current-context': 'c',
  });

/** As its Deployment starts it, in the image's environment. */
const flagsOfNode = ['--max-semi-space-size=8', '--no-parallel-scavenge'];

/**
 * Built as `npm run build` builds programs: it is this source that is measured, and nobody else's build is disturbed. Its
 * log goes through a pipe to another process, as a container's does: reading it here would count as the login's work.
 */
const start = async (folder: string): Promise<{ readonly child: ChildProcess; readonly address: string }> => {
  const outfile = join(folder, 'login.js');
  await bundleProgram({ root, entry: 'src/login/main.ts', outfile, isCommandLine: false });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  const file = (name: string): string => join(folder, name);
  const flags = ['--kubeconfig', file('kubeconfig'), '--keys', file('keys'), '--config', file('login.yaml')];
  const words = [process.execPath, ...flagsOfNode, outfile, ...flags];
  await writeFile(file('log'), '');
  const child = spawn('bash', ['-c', 'exec "$@" > >(exec cat >> "$LOG")', 'bash', ...words], {
    env: { ...process.env, ...environmentOf(shippedTunings()), LOG: file('log') },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    return { child, address: await listeningAddress(child, file('log')) };
  } catch (error) {
    child.kill();
    throw error;
  }
};

export const startSetting = async (): Promise<LoginSetting> => {
  const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-bench-login-'));
  const controlPlane = await startControlPlane();
  try {
    await install(controlPlane);
    const asAdmin = await endpointOf(controlPlane);
    const { server, ca = '' } = asAdmin;
    const token = await tokenOf(controlPlane, 'exchange2fa-login', '-n', system);
    await writeLoginKeys(join(folder, 'keys'), '2026-01-01');
    await writeFile(join(folder, 'login.yaml'), config);
    await writeFile(join(folder, 'kubeconfig'), kubeconfigOf(server, ca, token), { mode: 0o600 });
    // Makes what the operator makes: login and raw client each add their own fields to its.
    const admin = new Connection({ ...asAdmin, userAgent: 'exchange2fa-operator/0' });
    const asLogin = new Connection({ server, ca, token });
    const callerToken = await tokenOf(controlPlane, 'gateway', '-n', namespace, '--audience', 'exchange2fa-login');
    // Last: what fails before leaves no process behind.
    const { child, address } = await start(folder);
    const asCaller = new Connection({ server: address, token: callerToken });
    return {
      admin,
      asLogin,
      asCaller,
      pid: child.pid ?? 0,
      stop: async () => {
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
        await Promise.all([admin.close(), asLogin.close(), asCaller.close(), controlPlane.stop()]);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await controlPlane.stop();
    throw error;
  }
};
