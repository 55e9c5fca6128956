import { beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/host/log.ts';
import { cutNote, eventName } from '../../../src/kube/events/event-object.ts';
import { createEventRecorder, type EventRecorder } from '../../../src/kube/events/events.ts';
import { type FakeServer, fakeWorld, status } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';

const regarding = { apiVersion: 'example.io/v1', kind: 'Thing', namespace: 'ns', name: 'a', uid: 'u' };
const event = { type: 'Normal', reason: 'Made', action: 'Make', note: 'a was made' } as const;

let clock: VirtualClock;
let server: FakeServer;
let recorder: EventRecorder;

beforeEach(() => {
  clock = new VirtualClock();
  const world = fakeWorld(clock);
  server = world.server;
  server.respond = () => ({ status: 201, body: { metadata: { name: 'e', uid: 'u', resourceVersion: '1' } } });
  recorder = createEventRecorder({
    client: world.client,
    clock,
    log: silentLog,
    controller: 'example.io/operator',
    instance: 'pod-1',
  });
});

const bodies = (): Record<string, unknown>[] =>
  server.requests.map(({ body }) => JSON.parse(body ?? '{}') as Record<string, unknown>);

describe('an event', () => {
  it('is written in the form of events.k8s.io/v1', async () => {
    recorder.record(regarding, event);
    await clock.advance(0);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/apis/events.k8s.io/v1/namespaces/ns/events' });
    expect(bodies()[0]).toEqual({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: {
        namespace: 'ns',
        name: `a.${(BigInt(Date.parse('2026-11-24T00:00:00Z')) * 1_000_000n).toString(16)}`,
      },
      eventTime: '2026-11-24T00:00:00.000000Z',
      reportingController: 'example.io/operator',
      reportingInstance: 'pod-1',
      regarding,
      ...event,
    });
  });

  it('that happens again is counted, and the count written once, six minutes later', async () => {
    for (let round = 0; round < 5; round++) {
      recorder.record(regarding, event);
      await clock.advance(30_000);
    }
    expect(server.requests).toHaveLength(1);
    await clock.advance(6 * 60_000);
    expect(bodies().slice(1)).toEqual([{ series: { count: 5, lastObservedTime: '2026-11-24T00:02:00.000000Z' } }]);
    expect(server.requests[1]?.method).toBe('PATCH');
    recorder.record(regarding, event);
    await clock.advance(0);
    expect(server.requests).toHaveLength(3);
  });

  it('about another object, for another reason or with another note is another', async () => {
    recorder.record(regarding, event);
    recorder.record({ ...regarding, name: 'b' }, event);
    recorder.record(regarding, { ...event, reason: 'Changed' });
    recorder.record(regarding, { ...event, note: 'x' });
    await clock.advance(0);
    expect(server.requests).toHaveLength(4);
  });

  it('that happened once costs no second write', async () => {
    recorder.record(regarding, event);
    await clock.advance(3_600_000);
    expect(server.requests).toHaveLength(1);
    expect(clock.timers).toBe(0);
  });
});

it('the names of events are in the order of their times, also within a millisecond and where the clock is put back', async () => {
  const recordMany = async (ms: number, reasons: readonly string[]): Promise<void> => {
    await clock.advance(ms);
    for (const reason of reasons) recorder.record(regarding, { ...event, reason });
  };
  await recordMany(0, ['A', 'B']);
  await recordMany(20, ['C']);
  clock.wallOffsetMs -= 5_000;
  await recordMany(20, ['D']);
  await clock.advance(0);
  const told = bodies() as { metadata: { name: string }; reason: string }[];
  const byName = told.toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  expect(byName.map(({ reason }) => reason)).toEqual(['A', 'B', 'C', 'D']);
  expect(new Set(told.map(({ metadata }) => metadata.name)).size).toBe(4);
});

describe('too many', () => {
  const flood = (count: number): void => {
    for (let n = 0; n < count; n++) recorder.record({ ...regarding, name: `a${n}` }, event);
  };

  it('are sent as a burst and then slowly', async () => {
    flood(400);
    await clock.advance(0);
    expect(server.requests).toHaveLength(50);
    await clock.advance(5_000);
    expect(server.requests).toHaveLength(150);
  });

  it('are dropped, and counted', async () => {
    flood(5_000);
    await clock.advance(0);
    expect(recorder.dropped()).toBe(3_999);
  });
});

describe('an API server that', () => {
  it.each([
    ['refuses events', () => ({ status: 403, body: status(403, 'Forbidden') })],
    ['is broken', () => ({ status: 500, body: 'x' })],
  ])('%s is no reason to stop', async (_what, respond) => {
    server.respond = respond;
    recorder.record(regarding, event);
    await clock.advance(1_000);
    expect(recorder.dropped()).toBe(1);
  });

  it('never answers does not hold up the end', async () => {
    server.respond = undefined;
    recorder.record(regarding, event);
    recorder.record({ ...regarding, name: 'b' }, event);
    await clock.advance(0);
    const stop = recorder.stop(2_000);
    await clock.advance(2_000);
    await stop;
    expect(recorder.dropped()).toBe(2);
  });
});

it('the end writes what waits, counts included, and then nothing more', async () => {
  recorder.record(regarding, event);
  recorder.record(regarding, event);
  await recorder.stop(2_000);
  recorder.record({ ...regarding, name: 'b' }, event);
  await clock.advance(60_000);
  expect(server.requests.map(({ method }) => method)).toEqual(['POST', 'PATCH']);
  expect(clock.timers).toBe(0);
});

it.each([
  ['short', 'short'],
  ['x'.repeat(1_024), 'x'.repeat(1_024)],
  ['x'.repeat(1_025), `${'x'.repeat(1_021)}…`],
  ['€'.repeat(400), `${'€'.repeat(340)}…`],
])('a note is cut to 1,024 bytes at a character (%#)', (note, expected) => {
  expect(cutNote(note)).toBe(expected);
  expect(Buffer.byteLength(cutNote(note))).toBeLessThanOrEqual(1_024);
});

it('a name is at most 253 characters', () => {
  expect(eventName({ ...regarding, name: 'n'.repeat(253) }, 1_795_478_400_000_000_000n)).toHaveLength(253);
});
