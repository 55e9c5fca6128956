import { beforeEach, describe, expect, it } from 'vitest';
import { sleep } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { createLeadership, type Leadership } from '../../../src/kube/lease.ts';
import { TransportFailure } from '../../../src/kube/transport.ts';
import { type FakeServer, fakeWorld, status, steadyRandom } from './fake-server.ts';
import { type RawRequest } from '../../../src/kube/transport.ts';
import { VirtualClock } from './virtual-clock.ts';

interface StoredLease {
  version: number;
  spec: Record<string, unknown>;
}

/** One Lease, as an API server keeps it. */
class LeaseStore {
  lease: StoredLease | undefined;
  /** What the server does instead, if anything. */
  fault: ((request: RawRequest) => 'lost' | 'silent' | 'down' | undefined) | undefined;
  version = 100;

  serve(server: FakeServer): void {
    server.respond = (request) => {
      const fault = this.fault?.(request);
      if (fault === 'down') return new TransportFailure('connection', false, 'ECONNREFUSED');
      if (fault === 'silent') return new TransportFailure('timeout', true, 'no answer');
      const answer = this.#answer(request);
      return fault === 'lost' ? new TransportFailure('connection', true, 'ECONNRESET') : answer;
    };
  }

  write(spec: Record<string, unknown>): void {
    this.version += 1;
    this.lease = { version: this.version, spec: { ...this.lease?.spec, ...spec } };
  }

  get holder(): unknown {
    return this.lease?.spec['holderIdentity'];
  }

  #answer(request: RawRequest): { status: number; body: unknown } {
    const body = JSON.parse(request.body ?? '{}') as {
      metadata?: { resourceVersion?: string };
      spec?: Record<string, unknown>;
    };
    if (request.method === 'POST') {
      if (this.lease) return { status: 409, body: status(409, 'AlreadyExists') };
      this.write(body.spec ?? {});
    } else if (!this.lease) return { status: 404, body: status(404, 'NotFound') };
    if (request.method === 'PATCH') {
      if (body.metadata?.resourceVersion !== String(this.lease?.version)) {
        return { status: 409, body: status(409, 'Conflict') };
      }
      this.write(body.spec ?? {});
    }
    const metadata = { name: 'lock', uid: 'u', resourceVersion: String(this.lease?.version) };
    return { status: 200, body: { metadata, spec: this.lease?.spec } };
  }
}

interface Candidate {
  readonly leadership: Leadership;
  readonly log: string[];
  readonly signal: () => AbortSignal | undefined;
}

let clock: VirtualClock;
let store: LeaseStore;

beforeEach(() => {
  clock = new VirtualClock();
  store = new LeaseStore();
});

const candidate = (identity: string, answersAfterMs = 0): Candidate & { tripped: () => boolean } => {
  const { client, server, tripwire } = fakeWorld(clock);
  store.serve(server);
  const send = server.send.bind(server);
  server.send = async (request) => {
    const answer = await send(request);
    if (answersAfterMs > 0) await sleep(clock, answersAfterMs);
    return answer;
  };
  const log: string[] = [];
  let term: AbortSignal | undefined;
  let tripped = false;
  tripwire.onStorageWentBack(() => (tripped = true));
  const leadership = createLeadership({
    client,
    clock,
    random: steadyRandom,
    log: silentLog,
    tripwire,
    namespace: 'system',
    name: 'lock',
    identity,
    onElected: (signal) => {
      term = signal;
      log.push('elected');
    },
    onLost: () => void log.push(`lost, ${term?.aborted ? 'aborted before' : 'not aborted'}`),
  });
  leadership.start();
  return { leadership, log, signal: () => term, tripped: () => tripped };
};

describe('a candidate', () => {
  it('takes a Lease that nobody made', async () => {
    const { log, leadership } = candidate('a');
    await clock.advance(0);
    expect(log).toEqual(['elected']);
    expect(leadership.holds()).toBe(true);
    expect(store.lease?.spec).toMatchObject({ holderIdentity: 'a', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(store.lease?.spec['renewTime']).toBe('2026-11-24T00:00:00.000000Z');
    await leadership.release();
  });

  it('takes a Lease that was given up, at once', async () => {
    store.write({ holderIdentity: '', leaseTransitions: 3 });
    const { log, leadership } = candidate('a');
    await clock.advance(0);
    expect(log).toEqual(['elected']);
    expect(store.lease?.spec['leaseTransitions']).toBe(4);
    await leadership.release();
  });

  it('waits fifteen seconds of its own clock for a silent holder, whatever times the Lease says', async () => {
    store.write({ holderIdentity: 'dead', renewTime: '1999-01-01T00:00:00.000000Z' });
    const { log, leadership } = candidate('a');
    await clock.advance(14_900);
    expect(log).toEqual([]);
    await clock.advance(2_500);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('waits as long as the holder renews', async () => {
    store.write({ holderIdentity: 'b' });
    const { log, leadership } = candidate('a');
    for (let round = 0; round < 20; round++) {
      await clock.advance(5_000);
      store.write({ holderIdentity: 'b' });
    }
    expect(log).toEqual([]);
    await leadership.release();
    expect(store.holder).toBe('b');
  });

  it('is elected though the answer to its acquisition was lost', async () => {
    store.write({ holderIdentity: '' });
    let writes = 0;
    store.fault = (request) => (request.method === 'PATCH' && ++writes === 1 ? 'lost' : undefined);
    const { log, leadership } = candidate('a');
    await clock.advance(3_000);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('is elected alone of two', async () => {
    const [a, b] = [candidate('a'), candidate('b')];
    await clock.advance(10_000);
    expect([...a.log, ...b.log]).toEqual(['elected']);
    expect(a.leadership.holds()).not.toBe(b.leadership.holds());
    await Promise.all([a.leadership.release(), b.leadership.release()]);
  });
});

describe('a leader', () => {
  it('renews every two seconds, by compare-and-swap', async () => {
    const { log, leadership } = candidate('a');
    await clock.advance(20_500);
    expect(store.version).toBe(111);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('gives the Lease up when it ends, and the next one takes it at once', async () => {
    const a = candidate('a');
    await clock.advance(1_000);
    const b = candidate('b');
    await clock.advance(1_000);
    await a.leadership.release();
    expect(store.holder).toBe('');
    expect(a.log).toEqual(['elected']);
    await clock.advance(2_500);
    expect(b.log).toEqual(['elected']);
    await b.leadership.release();
  });

  it.each(['silent', 'down'] as const)(
    'stops ten seconds after its last renewal was sent when the server is %s',
    async (how) => {
      const { log, leadership } = candidate('a');
      await clock.advance(2_100);
      store.fault = () => how;
      await clock.advance(9_800);
      expect(log).toEqual(['elected']);
      await clock.advance(200);
      expect(log).toEqual(['elected', 'lost, aborted before']);
      expect(leadership.holds()).toBe(false);
      await clock.advance(60_000);
      expect(log).toHaveLength(2);
    },
  );

  it('counts from before a renewal was sent, not from its answer', async () => {
    const { log, leadership } = candidate('a', 3_000);
    // Read, answered after three seconds; made, sent then and answered after three more.
    await clock.advance(6_100);
    expect(log).toEqual(['elected']);
    store.fault = () => 'down';
    await clock.advance(6_800);
    expect(leadership.holds()).toBe(true);
    await clock.advance(200);
    expect(log).toEqual(['elected', 'lost, aborted before']);
  });

  it('survives a server that is away for a few seconds', async () => {
    const { log, leadership } = candidate('a');
    await clock.advance(2_100);
    store.fault = () => 'down';
    await clock.advance(6_000);
    store.fault = undefined;
    await clock.advance(30_000);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('whose answers are all lost goes on as long as the Lease says its name', async () => {
    let patches = 0;
    const { log, leadership } = candidate('a');
    store.fault = (request) => (request.method === 'PATCH' && ++patches % 2 === 1 ? 'lost' : undefined);
    await clock.advance(60_000);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('stops at once when another holds the Lease', async () => {
    const { log } = candidate('a');
    await clock.advance(1_000);
    store.write({ holderIdentity: 'b' });
    await clock.advance(1_500);
    expect(log).toEqual(['elected', 'lost, aborted before']);
    expect(store.holder).toBe('b');
  });

  it('stops when the Lease was deleted', async () => {
    const { log } = candidate('a');
    await clock.advance(1_000);
    store.lease = undefined;
    await clock.advance(1_500);
    expect(log).toEqual(['elected', 'lost, aborted before']);
  });

  it('holds nothing any more when it wakes from a freeze, before any timer has fired', async () => {
    const { leadership } = candidate('a');
    await clock.advance(100);
    const frozen = clock.monotonic() + 11_000;
    clock.monotonic = () => frozen;
    expect(leadership.holds()).toBe(false);
  });

  it('is not moved by a wall clock that is set', async () => {
    const { log, leadership } = candidate('a');
    await clock.advance(1_000);
    clock.wallOffsetMs += 86_400_000;
    await clock.advance(20_000);
    clock.wallOffsetMs -= 2 * 86_400_000;
    await clock.advance(20_000);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });
});

describe('storage that went back', () => {
  it('is noticed by the leader within seconds', async () => {
    const { tripped, leadership } = candidate('a');
    await clock.advance(5_000);
    expect(tripped()).toBe(false);
    store.version = 50;
    store.write({ holderIdentity: 'a' });
    await clock.advance(5_000);
    expect(tripped()).toBe(true);
    await leadership.release();
  });

  it('is noticed by a candidate that only looks', async () => {
    store.write({ holderIdentity: 'b' });
    const { tripped, leadership } = candidate('a');
    await clock.advance(3_000);
    store.version = 50;
    store.write({ holderIdentity: 'b' });
    await clock.advance(3_000);
    expect(tripped()).toBe(true);
    await leadership.release();
  });
});
