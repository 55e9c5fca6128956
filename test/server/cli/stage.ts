import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { parse, stringify } from 'yaml';
import { failuresKept, formatFailures } from '../../../src/api/failures.ts';
import { secretNameFor } from '../../../src/api/names.ts';
import { ask, type ApiObject } from '../../support/api-request.ts';
import { runCli, type CliOptions } from '../../support/cli-process.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import type { RunResult } from '../../support/run.ts';
import { kubectlOk } from '../../support/kubectl.ts';
import { OperatorProcess } from '../../support/operator-process.ts';
import { applyObjects, prepareTenant, tenant, until, type Identities, type Who } from '../policies/tenant.ts';

export type Caller = 'admin' | 'helpdesk' | 'reader' | 'master';
export type Act = readonly [who: Caller, args: readonly string[]];

export const accountsPath = `/apis/exchange2fa.io/v1alpha1/namespaces/${tenant}/mailaccounts`;
const platformsPath = accountsPath.replace('mailaccounts', 'exchangeplatforms');

export const platformObject = (name: string, twoFactor: object): object => ({
  apiVersion: 'exchange2fa.io/v1alpha1',
  kind: 'ExchangePlatform',
  metadata: { name, namespace: tenant },
  spec: { issuer: 'Example Mail', twoFactor },
});

export const accountObject = (name: string, platform: string, twoFactor?: object): object => ({
  apiVersion: 'exchange2fa.io/v1alpha1',
  kind: 'MailAccount',
  metadata: { name, namespace: tenant },
  spec: { platformRef: { name: platform }, address: `${name}@example.com`, ...(twoFactor && { twoFactor }) },
});

interface Kubeconfig {
  readonly clusters: readonly [{ readonly name: string; readonly cluster: Readonly<Record<string, string>> }];
  readonly users: readonly { readonly name: string; readonly user: object }[];
}

/** A tenant with the shipped roles under the shipped policies, an operator, and the command line as each of its people. */
export class CliStage {
  readonly #folder: string;
  readonly #operator: OperatorProcess;

  private constructor(folder: string, operator: OperatorProcess) {
    this.#folder = folder;
    this.#operator = operator;
  }

  static async prepare(): Promise<CliStage> {
    const identities = await prepareTenant();
    const folder = await mkdtemp(join(tmpdir(), 'cli-stage-'));
    await writeKubeconfigs(folder, identities);
    const flags = ['--namespaces', tenant, '--leader-elect=false'];
    const operator = new OperatorProcess({ kubeconfig: inject('kubeconfig'), flags, podName: 'cli-test' });
    await operator.listening();
    return new CliStage(folder, operator);
  }

  /** The kubeconfig of one of its people. */
  kubeconfig(who: Caller): string {
    return join(this.#folder, who);
  }

  /** A loopback proxy before the API server, and the kubeconfig by which one of its people goes through it. */
  async throughProxy(who: Caller): Promise<{ readonly proxy: FaultProxy; readonly kubeconfig: string }> {
    const config = parse(await readFile(this.kubeconfig(who), 'utf8')) as Kubeconfig;
    const [{ cluster }] = config.clusters;
    const ca = await readFile(cluster['certificate-authority'] ?? '', 'utf8');
    const proxy = await startFaultProxy({ upstream: cluster['server'] ?? '', upstreamTls: { ca } });
    const kubeconfig = join(this.#folder, `${who}-through-proxy`);
    const clusters = config.clusters.map((each) => ({ ...each, cluster: { server: proxy.url } }));
    await writeFile(kubeconfig, stringify({ ...config, clusters }), { mode: 0o600 });
    return { proxy, kubeconfig };
  }

  run(who: Caller, args: readonly string[], options: CliOptions = {}): Promise<RunResult> {
    return runCli(args, { ...options, kubeconfig: this.kubeconfig(who) });
  }

  /** For what must go well. */
  async does(...[who, args]: Act): Promise<void> {
    const { code, stderr } = await this.run(who, args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
  }

  async end(): Promise<void> {
    await this.#operator.stop();
    await rm(this.#folder, { recursive: true });
    for (const path of [accountsPath, platformsPath]) await ask({ method: 'DELETE', path });
  }
}

async function writeKubeconfigs(folder: string, identities: Identities): Promise<void> {
  const master = parse(await readFile(inject('kubeconfig'), 'utf8')) as Kubeconfig;
  const [cluster] = master.clusters;
  const [admin] = master.users;
  const write = (name: string, user: object | undefined): Promise<void> => {
    const contexts = [{ name, context: { cluster: cluster.name, user: name, namespace: tenant } }];
    const config = { ...master, 'current-context': name, contexts, users: [{ name, user }] };
    return writeFile(join(folder, name), stringify(config), { mode: 0o600 });
  };
  const people: readonly Who[] = ['admin', 'helpdesk', 'reader'];
  await Promise.all([
    ...people.map((who) => write(who, { token: identities[who].token })),
    write('master', admin?.user),
  ]);
}

interface Status {
  readonly phase?: string;
  readonly observedGeneration?: number;
}

/** An account as it is now. */
export const liveOf = async (name: string): Promise<ApiObject> => {
  const { body } = await ask({ method: 'GET', path: `${accountsPath}/${name}` });
  return body;
};

export const specOf = async (name: string): Promise<unknown> => (await liveOf(name))['spec'];

const phaseOf = async (name: string): Promise<string | undefined> => {
  const { metadata, ...account } = await liveOf(name);
  const status = account.status as Status | undefined;
  const generation = metadata?.['generation'];
  return status?.observedGeneration === generation ? status?.phase : undefined;
};

/** Waits for what the operator makes of an account. */
export const untilPhase = (name: string, phase: string): Promise<void> =>
  until(`${name} is ${phase}`, async () => (await phaseOf(name)) === phase);

/** Objects as Git would apply them, by server-side apply under Flux's name. */
export const applyAsGit = async (objects: readonly object[]): Promise<void> => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await kubectlOk(['apply', '--server-side', '--force-conflicts', '--field-manager=kustomize-controller', '-f', '-'], {
    input,
  });
};

const annotate = async (name: string, annotations: Readonly<Record<string, string>>): Promise<void> => {
  const path = `/api/v1/namespaces/${tenant}/secrets/${secretNameFor(`${name}@example.com`) ?? ''}`;
  const { status, message } = await ask({ method: 'PATCH', path, body: { metadata: { annotations } } });
  if (status !== 200) throw new Error(message);
};

/** What a login service writes at the first accepted code. */
export const enrol = (name: string): Promise<void> =>
  annotate(name, { 'exchange2fa.io/enrolled-at': '2026-01-01T00:00:00Z', 'exchange2fa.io/last-step': '1' });

/** What a login service writes when somebody guesses until the login is locked. */
export const guess = (name: string): Promise<void> => {
  const seconds = Math.floor(Date.now() / 1000);
  const unknown = Array.from({ length: failuresKept }, () => seconds);
  return annotate(name, { 'exchange2fa.io/failures': formatFailures({ row: failuresKept, unknown, known: [] }) });
};

export { applyObjects, tenant };
