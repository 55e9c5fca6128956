import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { systemRandom } from '../../../src/host/random.ts';
import { orThrow } from '../../../src/kube/client/errors.ts';
import { createLeadership, type Leadership } from '../../../src/kube/lease/lease.ts';
import { leasesResource } from '../../../src/kube/lease/lease-record.ts';
import { World } from './world.ts';

let world: World;

beforeAll(async () => void (world = await World.open(inject('kubeconfig'))));
afterAll(() => world.close());

interface Candidate {
  readonly world: World;
  readonly leadership: Leadership;
  /** `elected`, `lost`; with whether its signal was aborted before. */
  readonly told: string[];
  /** Moments at which it held the Lease, in ms. */
  readonly held: number[];
  end(): Promise<void>;
}

/** A candidate behind a proxy of its own. */
const candidate = async (namespace: string, identity: string): Promise<Candidate> => {
  const own = await World.open(world.kubeconfig);
  const told: string[] = [];
  const held: number[] = [];
  let term: AbortSignal | undefined;
  const leadership = createLeadership({
    client: own.client,
    tripwire: own.tripwire,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    namespace,
    name: 'lease',
    identity,
    onElected: (signal) => {
      term = signal;
      told.push('elected');
    },
    onLost: () => void told.push(term?.aborted ? 'lost' : 'lost before its signal'),
  });
  void leadership.start();
  const watching = setInterval(() => leadership.holds() && held.push(performance.now()), 20);
  const end = async (): Promise<void> => {
    clearInterval(watching);
    await leadership.release();
    await own.close();
  };
  return { world: own, leadership, told, held, end };
};

const holderOf = async (namespace: string): Promise<unknown> => {
  const lease = orThrow(await world.direct.get(leasesResource, { namespace, name: 'lease' }));
  return (lease as { spec?: { holderIdentity?: string } }).spec?.holderIdentity;
};

/** Tests that run beside each other cannot share `expect.poll`. */
const until = async (holds: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> => {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
    await wait(20);
  }
};

const elected = async (one: Candidate): Promise<void> => {
  await until(() => one.held.length > 0);
  expect(one.told).toEqual(['elected']);
};

const lost = async (one: Candidate): Promise<void> => {
  await until(() => one.told.length > 1);
  expect(one.told).toEqual(['elected', 'lost']);
};

describe.concurrent('of two candidates for a Lease', () => {
  it('one is elected; when it gives the Lease up the other follows within seconds', async () => {
    const namespace = await world.newNamespace();
    const a = await candidate(namespace, 'a');
    await elected(a);
    const b = await candidate(namespace, 'b');
    await wait(3_000);
    expect([a.told, b.told]).toEqual([['elected'], []]);
    await a.end();
    const releasedMs = performance.now();
    await elected(b);
    expect(performance.now() - releasedMs).toBeLessThan(4_000);
    expect(b.held[0]).toBeGreaterThan(a.held.at(-1) ?? Infinity);
    await b.end();
    expect(await holderOf(namespace)).toBe('');
  });

  it.each([
    ['cut off', { do: 'drop-before' }],
    ['whose answers do not come', { do: 'stall' }],
  ] as const)('the leader, %s, stops before the other begins', async (_how, act) => {
    const namespace = await world.newNamespace();
    const a = await candidate(namespace, 'a');
    await elected(a);
    const b = await candidate(namespace, 'b');
    await wait(2_500);
    a.world.proxy.add({ path: /leases/, act });
    const cutMs = performance.now();
    await lost(a);
    expect(performance.now() - cutMs).toBeLessThan(11_000);
    expect(b.told).toEqual([]);
    await elected(b);
    expect(b.held[0]).toBeGreaterThan(a.held.at(-1) ?? Infinity);
    a.world.proxy.reset();
    await wait(3_000);
    expect([a.leadership.holds(), b.leadership.holds(), await holderOf(namespace)]).toEqual([false, true, 'b']);
    await Promise.all([a.end(), b.end()]);
  });

  it('the leader whose every other answer is lost stays', async () => {
    const namespace = await world.newNamespace();
    const a = await candidate(namespace, 'a');
    await elected(a);
    for (const nth of [1, 3, 5]) {
      a.world.proxy.add({ method: 'PATCH', path: /leases/, nth, act: { do: 'drop-after' } });
    }
    const b = await candidate(namespace, 'b');
    await wait(13_000);
    expect([a.told, b.told, a.leadership.holds()]).toEqual([['elected'], [], true]);
    await Promise.all([b.end(), a.end()]);
  });

  it('the leader whose Lease is deleted stops', async () => {
    const namespace = await world.newNamespace();
    const a = await candidate(namespace, 'a');
    await elected(a);
    await until(async () => {
      const { metadata } = orThrow(await world.direct.get(leasesResource, { namespace, name: 'lease' }));
      return (await world.direct.delete(leasesResource, { namespace, name: 'lease' }, metadata)).ok;
    });
    await lost(a);
    await a.end();
  });

  it('one that is elected with its answer lost knows it by the Lease', async () => {
    const namespace = await world.newNamespace();
    const a = await candidate(namespace, 'a');
    a.world.proxy.add({ method: 'POST', path: /leases/, nth: 1, act: { do: 'drop-after' } });
    await elected(a);
    expect(await holderOf(namespace)).toBe('a');
    await a.end();
  });
});

interface Process {
  readonly child: ChildProcess;
  readonly lines: { readonly atMs: number; readonly what: string }[];
}

/** A candidate in a process of its own, which a signal can freeze. */
const candidateProcess = (namespace: string, identity: string): Process => {
  const program = join(import.meta.dirname, '../../support/lease-candidate.ts');
  const env = { SERVER: world.proxy.url, TOKEN: world.token, NAMESPACE: namespace, IDENTITY: identity };
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Process['lines'] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [atMs, what = ''] = line.split(' ');
    lines.push({ atMs: Number(atMs), what });
  });
  return { child, lines };
};

it.concurrent('a leader that was frozen for longer than its Lease wakes up without it', async () => {
  const namespace = await world.newNamespace();
  const frozen = candidateProcess(namespace, 'frozen');
  await until(() => frozen.lines.at(-1)?.what === 'holds');
  const other = candidateProcess(namespace, 'other');
  await wait(1_000);
  frozen.child.kill('SIGSTOP');
  await until(() => other.lines.at(-1)?.what === 'holds', 40_000);
  frozen.child.kill('SIGCONT');
  await until(() => frozen.lines.at(-1)?.what === 'lost', 5_000);
  await wait(1_000);
  const electedMs = other.lines.find(({ what }) => what === 'elected')?.atMs ?? 0;
  expect(frozen.lines.filter(({ what, atMs }) => what === 'holds' && atMs >= electedMs)).toEqual([]);
  expect(other.lines.at(-1)?.what).toBe('holds');
  for (const { child } of [frozen, other]) child.kill('SIGKILL');
});
