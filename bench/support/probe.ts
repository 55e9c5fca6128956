import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../raw-client/connection.ts';
import { accountNamed, accountObject, accountsPath } from '../raw-client/objects.ts';
import { Watch } from '../raw-client/watch.ts';
import { monotonicMs } from './instants.ts';

export const probeLabel = 'bench.exchange2fa.io/probe';

interface ProbeEvent {
  readonly object: { readonly metadata: { readonly name: string }; readonly status?: { readonly phase?: string } };
}

let probes = 0;

/** Creates single accounts and sees, in a watch of its own, when their status is there. */
export class Probe {
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #waiting = new Map<string, (atMs: number) => void>();
  #watch: Watch | undefined;

  private constructor(connection: Connection, namespace: string) {
    this.#connection = connection;
    this.#namespace = namespace;
  }

  static async open(connection: Connection, namespace: string): Promise<Probe> {
    const probe = new Probe(connection, namespace);
    probe.#watch = await Watch.open(connection, {
      path: accountsPath(namespace),
      query: `&labelSelector=${encodeURIComponent(probeLabel)}`,
      onLine: (line) => probe.#see(line, monotonicMs()),
    });
    return probe;
  }

  /** From just before the POST to the status seen, in milliseconds. */
  async once(): Promise<number> {
    const account = accountNamed('probe', ++probes);
    const seen = new Promise<number>((resolve) => this.#waiting.set(account.name, resolve));
    const object = accountObject(this.#namespace, account, { labels: { [probeLabel]: 'true' } });
    const body = JSON.stringify(object);
    const beganMs = monotonicMs();
    await this.#connection.ask({ method: 'POST', path: accountsPath(this.#namespace), body });
    return (await seen) - beganMs;
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  #see(line: Buffer, atMs: number): void {
    const { object } = JSON.parse(line.toString('utf8')) as ProbeEvent;
    if (object.status?.phase !== 'Enrolling') return;
    this.#waiting.get(object.metadata.name)?.(atMs);
    this.#waiting.delete(object.metadata.name);
  }
}

/**
 * One probe every so often, whether or not those before are back: a slow answer must not thin out the samples that would
 * have been slow as well. Ends when `enough` says so and all are back.
 */
export const probeSteadily = async (probe: Probe, everyMs: number, enough: () => boolean): Promise<number[]> => {
  const under: Promise<number>[] = [];
  while (!enough()) {
    under.push(probe.once());
    await sleep(everyMs);
  }
  return Promise.all(under);
};
