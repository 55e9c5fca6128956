import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';
import { codeAt } from '../../../src/totp/code.ts';
import { ask, endpointOf } from '../../support/api-request.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { installCrds, kubectlOk } from '../../support/kubectl.ts';
import { LoginProcess } from './login-process.ts';

export const namespace = 'login-tenant';
export const system = 'exchange2fa-system';
export const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const mintedAt = '2026-11-01T10:00:00.000Z';

/** Two replicas behind a proxy that sees and can spoil what they ask, the real identity of a login, a real caller. */
export interface Stage {
  readonly replicas: readonly [LoginProcess, LoginProcess];
  readonly proxy: FaultProxy;
  /** The token of exchange2fa-login itself. */
  readonly loginToken: string;
  /** The token of the caller `gateway`, for our audience. */
  readonly gatewayToken: string;
  readonly folder: string;
  /** What an example needs to reach the API server as exchange2fa-login. */
  readonly environment: Readonly<Record<string, string>>;
  lower(): Promise<void>;
}

/** A token of a ServiceAccount; for the API server's own audience unless another is named. */
export const tokenOf = async (inNamespace: string, name: string, audience?: string): Promise<string> => {
  const { status, message, body } = await ask({
    method: 'POST',
    path: `/api/v1/namespaces/${inNamespace}/serviceaccounts/${name}/token`,
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600, ...(audience !== undefined && { audiences: [audience] }) },
    },
  });
  if (status !== 201) throw new Error(`no token for ${name}: ${message}`);
  return (body.status as { readonly token: string }).token;
};

const install = async (): Promise<void> => {
  await installCrds();
  const metadata = { name: namespace };
  const accounts = ['gateway', 'stranger'].map((name) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
  }));
  const items = [{ apiVersion: 'v1', kind: 'Namespace', metadata }, ...accounts];
  await kubectlOk(['apply', '-k', 'manifests']);
  await kubectlOk(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  await kubectlOk(['apply', '-k', 'manifests/login']);
  await kubectlOk(['apply', '-k', 'manifests/tenant-login', '-n', namespace]);
  await kubectlOk(['apply', '-k', 'manifests/policies']);
};

const config = JSON.stringify({
  issuer: 'https://login.example.com',
  apiCallers: [
    {
      name: 'gateway',
      serviceAccount: { namespace, name: 'gateway' },
      namespace,
      scopes: ['verify', 'enroll'],
      requestsPerMinute: 100_000,
      mode: 'enforce',
    },
  ],
});

const writeKeys = async (folder: string): Promise<void> => {
  const { stdout } = await promisify(execFile)('openssl', [
    'genpkey',
    '-algorithm',
    'EC',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ]);
  await writeFile(join(folder, 'signing-2026-01-01'), stdout, { mode: 0o600 });
  for (const purpose of ['session', 'device', 'attempt']) {
    await writeFile(join(folder, `${purpose}-2026-01-01`), randomBytes(32).toString('base64'), { mode: 0o600 });
  }
};

const kubeconfig = (server: string, tokenFile: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server } }],
    users: [{ name: 'login', user: { tokenFile } }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'login' } }],
    'current-context': 'proxy',
  });

export const raise = async (): Promise<Stage> => {
  await install();
  const { server, ca = '' } = endpointOf(inject('kubeconfig'));
  const proxy = await startFaultProxy({ upstream: server, upstreamTls: { ca } });
  const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-login-'));
  const keys = await mkdtemp(join(folder, 'keys-'));
  await writeKeys(keys);
  const file = (name: string): string => join(folder, name);
  const loginToken = await tokenOf(system, 'exchange2fa-login');
  const gatewayToken = await tokenOf(namespace, 'gateway', 'exchange2fa-login');
  await writeFile(file('ca.crt'), ca);
  await writeFile(file('token'), loginToken, { mode: 0o600 });
  await writeFile(file('kubeconfig'), kubeconfig(proxy.url, file('token')), { mode: 0o600 });
  await writeFile(file('login.yaml'), config);
  const flags = ['--kubeconfig', file('kubeconfig'), '--keys', keys, '--config', file('login.yaml')];
  const replicas = [new LoginProcess(flags), new LoginProcess(flags)] as const;
  try {
    await Promise.all(replicas.map((replica) => replica.listening()));
  } catch (error) {
    await Promise.all(replicas.map((replica) => replica.stop()));
    throw error;
  }
  return {
    replicas,
    proxy,
    loginToken,
    gatewayToken,
    folder,
    environment: { KUBE_SERVER: server, KUBE_CA: file('ca.crt'), KUBE_TOKEN: file('token') },
    lower: async () => {
      for (const replica of replicas) await replica.stop();
      await proxy.close();
      await rm(folder, { recursive: true });
      await kubectlOk(['delete', 'namespace', namespace, '--timeout=90s']);
    },
  };
};

type Short = Readonly<Record<string, string>>;

const prefixed = (short: Short): Short =>
  Object.fromEntries(Object.entries(short).map(([key, value]) => [`exchange2fa.io/${key}`, value]));

export const unscanned: Short = { 'second-factor': 'required', 'minted-at': mintedAt };
export const enrolled: Short = { ...unscanned, 'enrolled-at': '2026-11-01T10:05:00Z', 'last-step': '1' };

export const secretPath = (address: string): string =>
  `/api/v1/namespaces/${namespace}/secrets/${secretNameFor(address) ?? ''}`;

/** A Secret as the operator leaves it after minting. */
export const given = async (address: string, annotations: Short = enrolled): Promise<void> => {
  const uri = `otpauth://totp/E:${address}?secret=${seed}&issuer=E`;
  const { status, message } = await ask({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/secrets`,
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'exchange2fa.io/totp',
      metadata: { name: secretNameFor(address), annotations: prefixed(annotations) },
      stringData: { seed, algorithm: 'SHA1', digits: '6', period: '30', issuer: 'E', 'otpauth-uri': uri },
    },
  });
  if (status !== 201) throw new Error(message);
};

/** What the operator does at a reset. */
export const reset = async (address: string, newSeed: string): Promise<void> => {
  const annotations = {
    ...prefixed({ 'minted-at': new Date().toISOString() }),
    ...Object.fromEntries(
      ['enrolled-at', 'last-step', 'attempt', 'first-shown-at'].map((key) => [`exchange2fa.io/${key}`, null]),
    ),
  };
  const data = { seed: Buffer.from(newSeed).toString('base64') };
  const { status, message } = await ask({
    method: 'PATCH',
    path: secretPath(address),
    body: { metadata: { annotations }, data },
  });
  if (status !== 200) throw new Error(message);
};

export const annotationsOf = async (address: string): Promise<Short> => {
  const { body } = await ask({ method: 'GET', path: secretPath(address) });
  const found = (body.metadata?.['annotations'] ?? {}) as Short;
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key.replace('exchange2fa.io/', ''), value]));
};

export const code = (steps = 0, of = seed): string =>
  codeAt(of, { algorithm: 'SHA1', digits: 6, periodSeconds: 30 }, Date.now() + steps * 30_000);

/** `accepted`, or the last part of a problem's type. */
export const brief = ({ body }: { readonly body: Readonly<Record<string, unknown>> }): string =>
  String(body['result'] ?? body['type']).replace('https://exchange2fa.io/problems/', '');

let made = 0;

/** An address that no other test has. */
export const anAddress = (): string => `person-${(made += 1)}-${process.pid}@example.com`;
