import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpointOf } from './api-request.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import type { LoggedRequest } from './fault-proxy-log.ts';
import type { Cluster } from './kubectl.ts';
import { OperatorProcess } from './operator-process.ts';
import { applyList, openNamespaces, sayOk, seeAll, system, tokenOf, until } from './scenario-cluster.ts';
import { withoutData } from './scenario-view.ts';

/** Every stage of the run, for what is judged of all of them at its end. */
export const stages: Stage[] = [];

export interface StageOptions {
  readonly cluster: Cluster;
  /** Of the Lease, and of who holds it; the shared stage has the name that manifests give. */
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly flags?: readonly string[];
  /** Rights by the overlay for all namespaces, instead of a Role in each. */
  readonly clusterWide?: boolean;
}

export const sharedName = 'exchange2fa-operator';

/** In manifests the operator has one Lease by name; for that of a second operator docs/status.md says what to do. */
const allowLease = async (cluster: Cluster, name: string): Promise<void> => {
  const text = await readFile('docs/status.md', 'utf8');
  const [, commands = ''] = /## More than one operator.*?```sh\n(.*?)```/s.exec(text) ?? [];
  const made = commands
    .trim()
    .split('\n')
    .map((line) => line.replaceAll('exchange2fa-operator-b', name).split(' ').slice(1))
    .map((args) => sayOk(cluster, [...args, '--dry-run=client', '-o', 'json']));
  await applyList(
    cluster,
    (await Promise.all(made)).map((object) => JSON.parse(object) as object),
  );
};

const kubeconfigFor = (server: string, tokenFile: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'proxy', cluster: { server } }],
    users: [{ name: 'operator', user: { tokenFile } }],
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'operator' } }],
    'current-context': 'proxy',
  });

/** An operator with its own ServiceAccount's token, behind a proxy that sees and can spoil all that it asks. */
export class Stage {
  readonly cluster: Cluster;
  readonly proxy: FaultProxy;
  readonly namespaces: readonly string[];
  readonly leaseName: string;
  /** Whether its rights are those for all namespaces. */
  readonly clusterWide: boolean;
  /** Every process that ever ran here. */
  readonly operators: OperatorProcess[] = [];
  /** Metrics, and what is visible of processes, whenever they were looked at. */
  readonly shown: string[] = [];
  readonly #options: StageOptions;
  readonly #folder: string;

  private constructor(options: StageOptions, proxy: FaultProxy, folder: string) {
    this.#options = options;
    this.cluster = options.cluster;
    this.namespaces = options.namespaces;
    this.leaseName = options.name;
    this.clusterWide = options.clusterWide ?? false;
    this.proxy = proxy;
    this.#folder = folder;
    stages.push(this);
  }

  /** Everything but the operator, which `start` starts. */
  static async raise(options: StageOptions): Promise<Stage> {
    const { cluster, name, namespaces, clusterWide = false } = options;
    await openNamespaces(cluster, namespaces, clusterWide ? ['manifests/tenant-login'] : undefined);
    if (clusterWide) await sayOk(cluster, ['apply', '-f', 'manifests/overlays/cluster-wide/operator.yaml']);
    if (name !== sharedName) await allowLease(cluster, name);
    const { server, ca } = endpointOf(cluster.kubeconfig);
    const proxy = await startFaultProxy({ upstream: server, ...(ca !== undefined && { upstreamTls: { ca } }) });
    const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-stage-'));
    await writeFile(join(folder, 'token'), await tokenOf(cluster, sharedName), { mode: 0o600 });
    await writeFile(join(folder, 'kubeconfig'), kubeconfigFor(proxy.url, join(folder, 'token')), { mode: 0o600 });
    return new Stage(options, proxy, folder);
  }

  /** The process that was started last. */
  get operator(): OperatorProcess {
    const operator = this.operators.at(-1);
    if (!operator) throw new Error('no operator was started');
    return operator;
  }

  /** Starts a process; resolves once it has read everything, without waiting for the Lease. */
  async start(podName = this.#options.name): Promise<OperatorProcess> {
    const operator = this.#launch(podName);
    await operator.listening();
    await until('the operator is ready', () => operator.isReady()).catch((error: unknown) => {
      throw new Error(`${String(error)}; it said:\n${operator.last(20)}`);
    });
    await this.look(operator);
    return operator;
  }

  /** Starts a process again each time it is killed, until `end`, which resolves with how many were. */
  keepRunning(): { end(): Promise<number> } {
    let killed = 0;
    let ending = false;
    const isEnding = (): boolean => ending;
    const run = async (): Promise<void> => {
      while (!isEnding()) {
        const operator = this.#launch();
        const how = await (isEnding() ? operator.stop() : operator.ended);
        if (how === 'SIGKILL') killed += 1;
        else if (!isEnding()) throw new Error(`the operator ended by itself with ${how}:\n${this.operator.last(20)}`);
      }
    };
    const running = run();
    return {
      end: async () => {
        ending = true;
        if (!this.operator.hasEnded) await this.stop();
        await running;
        return killed;
      },
    };
  }

  /** Ends the process as a rolling update does; its exit code. */
  async stop(operator = this.operator): Promise<number | string> {
    await this.look(operator);
    return operator.stop();
  }

  async look(operator: OperatorProcess): Promise<void> {
    if (operator.hasEnded) return;
    this.shown.push(operator.visible(), (await operator.ask('/metrics'))?.text ?? '');
  }

  /** Keeps what people can read of these namespaces: objects and Events whole, of Secrets all but their data. */
  async gather(): Promise<void> {
    const kinds = ['MailAccount', 'ExchangePlatform', 'Event', 'Lease', 'Secret'];
    for (const namespace of [...this.namespaces, system]) {
      const found = await Promise.all(kinds.map((kind) => seeAll(this.cluster, namespace, kind)));
      this.shown.push(JSON.stringify(found.flat().map(withoutData)));
    }
  }

  /** What the operator wrote, except its Lease; in one namespace if that is given. */
  writes(namespace?: string): readonly LoggedRequest[] {
    return this.proxy.requests.filter(
      (request) =>
        request.method !== 'GET' &&
        request.resource !== 'leases' &&
        (namespace === undefined || request.namespace === namespace),
    );
  }

  async lower(): Promise<void> {
    for (const operator of this.operators) {
      if (operator.hasEnded) continue;
      await this.stop(operator);
    }
    try {
      await this.gather();
    } finally {
      await this.proxy.close();
      await rm(this.#folder, { recursive: true });
    }
  }

  #launch(podName = this.#options.name): OperatorProcess {
    const { name, namespaces, flags = [] } = this.#options;
    const watched = this.clusterWide ? ['--all-namespaces'] : ['--namespaces', namespaces.join(',')];
    const operator = new OperatorProcess({
      kubeconfig: join(this.#folder, 'kubeconfig'),
      flags: [...watched, '--lease-name', name, '--log-level', 'debug', ...flags],
      podName,
    });
    this.operators.push(operator);
    return operator;
  }
}
