import { setTimeout as sleep } from 'node:timers/promises';
import { formatSeconds } from '../../src/api/instants.ts';
import { type Connection, mergePatch } from '../raw-client/connection.ts';
import { accountNamed, accountObject, accountsPath } from '../raw-client/objects.ts';
import { Watch } from '../raw-client/watch.ts';
import { monotonicMs } from './instants.ts';

export const probeLabel = 'bench.exchange2fa.io/probe';

interface ProbeEvent {
  readonly object: { readonly metadata: { readonly name: string }; readonly status?: { readonly phase?: string } };
}

let probes = 0;

interface Awaited {
  readonly phase: string;
  readonly seen: (atMs: number) => void;
}

/** Creates and suspends single accounts and sees, in a watch of its own, when their status says so. */
export class Probe {
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #waiting = new Map<string, Awaited>();
  /** Accounts of this probe that are there and not suspended. */
  readonly #known: string[] = [];
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

  /** From just before the POST of a new account to the status seen, in milliseconds. */
  async create(): Promise<number> {
    const account = accountNamed('probe', ++probes);
    const seen = this.#seen(account.name, 'Enrolling');
    const object = accountObject(this.#namespace, account, { labels: { [probeLabel]: 'true' } });
    const body = JSON.stringify(object);
    const beganMs = monotonicMs();
    await this.#connection.ask({ method: 'POST', path: accountsPath(this.#namespace), body });
    const tookMs = (await seen) - beganMs;
    this.#known.push(account.name);
    return tookMs;
  }

  /** From just before the PATCH that suspends an account that was created before to the status seen, in milliseconds. */
  async suspend(): Promise<number> {
    const name = this.#known.pop();
    if (name === undefined) throw new Error('no account of this probe is left to be suspended');
    const seen = this.#seen(name, 'Suspended');
    const suspension = { requestedAt: formatSeconds(Date.now()), hours: 1 };
    const body = JSON.stringify({ spec: { twoFactor: { suspension } } });
    const path = `${accountsPath(this.#namespace)}/${name}`;
    const beganMs = monotonicMs();
    await this.#connection.ask({ method: 'PATCH', path, body, contentType: mergePatch });
    return (await seen) - beganMs;
  }

  async close(): Promise<void> {
    await this.#watch?.close();
  }

  #seen(name: string, phase: string): Promise<number> {
    return new Promise((seen) => this.#waiting.set(name, { phase, seen }));
  }

  #see(line: Buffer, atMs: number): void {
    const { object } = JSON.parse(line.toString('utf8')) as ProbeEvent;
    const { name } = object.metadata;
    const awaited = this.#waiting.get(name);
    if (awaited === undefined || object.status?.phase !== awaited.phase) return;
    this.#waiting.delete(name);
    awaited.seen(atMs);
  }
}

/**
 * One probe every so often, whether or not those before are back: a slow answer must not thin out the samples that would
 * have been slow as well. Ends when `enough` says so and all are back.
 */
export const probeSteadily = async (
  probe: () => Promise<number>,
  everyMs: number,
  enough: () => boolean,
): Promise<number[]> => {
  const under: Promise<number>[] = [];
  while (!enough()) {
    under.push(probe());
    await sleep(everyMs);
  }
  return Promise.all(under);
};
