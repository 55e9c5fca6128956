import { beforeEach, describe, expect, it } from 'vitest';
import { campaign } from './lease-candidate.ts';
import { LeaseStore } from './lease-store.ts';
import { VirtualClock } from './virtual-clock.ts';

let clock: VirtualClock;
let store: LeaseStore;

beforeEach(() => {
  clock = new VirtualClock();
  store = new LeaseStore();
});

const candidate = (identity: string, answersAfterMs?: number) => campaign(clock, store, identity, answersAfterMs);

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
    const { log, leadership, tried } = candidate('a');
    await clock.advance(14_900);
    expect([log, tried()]).toEqual([[], true]);
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

  it('warns where it may not write the Lease, and is elected once it may', async () => {
    store.fault = ({ method }) => (method === 'POST' ? 'forbidden' : undefined);
    const { log, warnings, leadership } = candidate('a');
    await clock.advance(1_000);
    expect([log, warnings]).toEqual([[], ['the lease cannot be taken']]);
    store.fault = undefined;
    await clock.advance(3_000);
    expect(log).toEqual(['elected']);
    await leadership.release();
  });

  it('is elected alone of two', async () => {
    const [a, b] = [candidate('a'), candidate('b')];
    await clock.advance(10_000);
    expect([...a.warnings, ...b.warnings]).toEqual([]);
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
