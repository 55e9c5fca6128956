import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';
import { writeKubeconfig } from '../../dev/control-plane/kubeconfig.ts';
import { parseKubeconfig } from '../../src/kube/kubeconfig.ts';
import { Connection, type Endpoint } from '../raw-client/connection.ts';
import { loadByOthers } from './machine.ts';
import { OperatorProcess } from './operator-process.ts';
import { type Options, type Scale } from './options.ts';
import { RawProcess } from './raw-process.ts';
import { type Job } from '../raw-client/jobs.ts';

const root = join(import.meta.dirname, '../..');
const systemNamespace = 'exchange2fa-system';
const serviceAccount = 'exchange2fa-operator';
const tokenSeconds = 12 * 3600;

/** One real control plane with the product installed, for all benches of a run. */
export class Setting {
  readonly options: Options;
  readonly admin: Connection;
  readonly #controlPlane: ControlPlane;
  readonly #folder: string;
  /** As whom operator and raw client speak. */
  readonly #endpoint: Endpoint;
  readonly #kubeconfig: string;
  readonly #command: readonly string[];
  readonly #processes: (OperatorProcess | RawProcess)[] = [];
  readonly loads: number[] = [];

  private constructor(parts: {
    readonly options: Options;
    readonly admin: Connection;
    readonly controlPlane: ControlPlane;
    readonly folder: string;
    readonly endpoint: Endpoint;
    readonly kubeconfig: string;
    readonly command: readonly string[];
  }) {
    this.options = parts.options;
    this.admin = parts.admin;
    this.#controlPlane = parts.controlPlane;
    this.#folder = parts.folder;
    this.#endpoint = parts.endpoint;
    this.#kubeconfig = parts.kubeconfig;
    this.#command = parts.command;
  }

  static async start(options: Options, command: readonly string[]): Promise<Setting> {
    const controlPlane = await startControlPlane({ log: tell });
    try {
      const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-bench-'));
      const asAdmin = await endpointOf(controlPlane);
      const admin = new Connection(asAdmin);
      await kubectl(controlPlane, 'apply', '--server-side', '-k', join(root, 'manifests'));
      await kubectl(controlPlane, 'wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
      const endpoint = options.as === 'admin' ? asAdmin : await asServiceAccount(admin, asAdmin);
      const kubeconfig = await kubeconfigFor(folder, controlPlane, options.as === 'admin' ? undefined : endpoint);
      return new Setting({ options, admin, controlPlane, folder, endpoint, kubeconfig, command });
    } catch (error) {
      await controlPlane.stop();
      throw error;
    }
  }

  get scale(): Scale {
    return this.options.scale;
  }

  get concurrency(): number {
    return this.options.concurrency;
  }

  /** As the operator, for what the bench itself measures on its behalf. */
  asOperator(): Connection {
    return new Connection(this.#endpoint);
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(this.#controlPlane, ...args);
  }

  operator(
    namespace: string,
    how: { readonly command?: readonly string[]; readonly extra?: readonly string[] } = {},
  ): OperatorProcess {
    const operator = new OperatorProcess({
      command: how.command ?? this.#command,
      kubeconfig: this.#kubeconfig,
      namespace,
      concurrency: this.concurrency,
      folder: this.#folder,
      ...(how.extra && { extraArguments: how.extra }),
    });
    this.#processes.push(operator);
    return operator;
  }

  raw(job: Job): RawProcess {
    const raw = new RawProcess(this.#endpoint, job);
    this.#processes.push(raw);
    return raw;
  }

  /** The program without Node's flags. */
  get program(): string {
    return this.#command.at(-1) ?? '';
  }

  get flags(): readonly string[] {
    return this.#command.slice(0, -1);
  }

  /** A pause in which the API server comes to rest, and a look at who else uses the machine. */
  async rest(): Promise<void> {
    await sleep(1_000);
    this.loads.push(await loadByOthers());
  }

  async stop(): Promise<void> {
    for (const process of this.#processes) await (process instanceof RawProcess ? process.kill() : process.stop());
    await this.admin.close();
    await this.#controlPlane.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export const tell = (sentence: string): void => void process.stderr.write(`bench: ${sentence}\n`);

const kubectl = async ({ kubectl: [program = '', ...prefix] }: ControlPlane, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, [...prefix, ...args])).stdout;

const pem = async (fields: Readonly<Record<string, unknown>>, name: string): Promise<string | undefined> => {
  const [inline, file] = [fields[`${name}-data`], fields[name]];
  if (typeof inline === 'string') return Buffer.from(inline, 'base64').toString('utf8');
  return typeof file === 'string' ? readFile(file, 'utf8') : undefined;
};

const endpointOf = async ({ kubeconfig, server }: ControlPlane): Promise<Endpoint> => {
  const { cluster, user } = await parseKubeconfig(await readFile(kubeconfig, 'utf8'));
  const ca = await pem(cluster, 'certificate-authority');
  const cert = await pem(user, 'client-certificate');
  const key = await pem(user, 'client-key');
  const token = user['token'];
  return {
    server,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(typeof token === 'string' && { token }),
  };
};

/** The ServiceAccount that the manifests give to the operator, with the token that a pod would have. */
const asServiceAccount = async (admin: Connection, { server, ca }: Endpoint): Promise<Endpoint> => {
  const answer = await admin.ask({
    method: 'POST',
    path: `/api/v1/namespaces/${systemNamespace}/serviceaccounts/${serviceAccount}/token`,
    body: JSON.stringify({
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: tokenSeconds },
    }),
  });
  const { status } = JSON.parse(answer) as { readonly status: { readonly token: string } };
  return { server, token: status.token, ...(ca !== undefined && { ca }) };
};

const kubeconfigFor = async (
  folder: string,
  { kubeconfig, server, caFile }: ControlPlane,
  endpoint: Endpoint | undefined,
): Promise<string> => {
  if (endpoint?.token === undefined || caFile === undefined) return kubeconfig;
  const file = join(folder, 'kubeconfig');
  await writeKubeconfig(file, { server, caFile, token: endpoint.token });
  return file;
};
