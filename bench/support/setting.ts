import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startControlPlane, type ControlPlane } from '../../dev/control-plane/index.ts';
import { writeKubeconfig } from '../../dev/control-plane/kubeconfig.ts';
import { Connection, type Endpoint } from '../raw-client/connection.ts';
import { endpointOf } from './endpoint.ts';
import { loadByOthers } from './machine.ts';
import { OperatorProcess } from './operator-process.ts';
import type { Options, Scale } from './options.ts';
import type { Program } from './program.ts';
import { RawProcess } from './raw-process.ts';
import type { Job } from '../raw-client/jobs.ts';
import type { Tuning } from './tunings.ts';

const root = join(import.meta.dirname, '../..');
const systemNamespace = 'exchange2fa-system';
const serviceAccount = 'exchange2fa-operator';
const tokenSeconds = 12 * 3600;
/** More than this used by others, and a measurement tells more of them than of us. */
const quietShare = 0.1;

/** One real control plane with the product installed, for all benches of a run. */
export class Setting {
  readonly options: Options;
  readonly admin: Connection;
  readonly #controlPlane: ControlPlane;
  readonly #folder: string;
  /** As whom operator and raw client speak. */
  readonly #endpoint: Endpoint;
  readonly #kubeconfig: string;
  readonly #program: Program;
  readonly #processes: (OperatorProcess | RawProcess)[] = [];
  readonly loads: number[] = [];

  private constructor(parts: {
    readonly options: Options;
    readonly admin: Connection;
    readonly controlPlane: ControlPlane;
    readonly folder: string;
    readonly endpoint: Endpoint;
    readonly kubeconfig: string;
    readonly program: Program;
  }) {
    this.options = parts.options;
    this.admin = parts.admin;
    this.#controlPlane = parts.controlPlane;
    this.#folder = parts.folder;
    this.#endpoint = parts.endpoint;
    this.#kubeconfig = parts.kubeconfig;
    this.#program = parts.program;
    process.on('exit', this.#abandon);
  }

  static async start(options: Options, program: Program): Promise<Setting> {
    const controlPlane = await startControlPlane({ log: tell });
    try {
      const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-bench-'));
      const asAdmin = await endpointOf(controlPlane);
      const admin = new Connection(asAdmin);
      await kubectl(controlPlane, 'apply', '--server-side', '-k', join(root, 'manifests'));
      await kubectl(controlPlane, 'wait', 'crd', '--all', '--for=condition=Established', '--timeout=60s');
      const endpoint = options.as === 'admin' ? asAdmin : await asServiceAccount(admin, asAdmin);
      const kubeconfig = await kubeconfigFor(folder, controlPlane, options.as === 'admin' ? undefined : endpoint);
      return new Setting({ options, admin, controlPlane, folder, endpoint, kubeconfig, program });
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

  operator(namespace: string, tunings: readonly Tuning[] = this.#program.tunings): OperatorProcess {
    const operator = new OperatorProcess({
      file: this.#program.file,
      tunings,
      kubeconfig: this.#kubeconfig,
      namespace,
      concurrency: this.concurrency,
      folder: this.#folder,
    });
    this.#processes.push(operator);
    return operator;
  }

  raw(job: Job): RawProcess {
    const raw = new RawProcess(this.#endpoint, job);
    this.#processes.push(raw);
    return raw;
  }

  /** A pause in which the API server comes to rest and, for a while, others on the machine may come to an end. */
  async rest(): Promise<void> {
    await sleep(1_000);
    let load = await loadByOthers();
    for (let waited = 1; load > quietShare && waited < this.scale.quietWaitSeconds; waited += 1) {
      load = await loadByOthers();
    }
    this.loads.push(load);
  }

  /** However the bench ends, no operator is left behind; control plane and raw client see to themselves. */
  readonly #abandon = (): void => {
    for (const worker of this.#processes) if (worker instanceof OperatorProcess) worker.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  };

  async stop(): Promise<void> {
    process.off('exit', this.#abandon);
    for (const worker of this.#processes) await (worker instanceof RawProcess ? worker.kill() : worker.stop());
    await this.admin.close();
    await this.#controlPlane.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export const tell = (sentence: string): void => void process.stderr.write(`bench: ${sentence}\n`);

const kubectl = async ({ kubectl: [program = '', ...prefix] }: ControlPlane, ...args: string[]): Promise<string> =>
  (await promisify(execFile)(program, [...prefix, ...args])).stdout;

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
