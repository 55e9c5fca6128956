import { beforeEach, describe, expect, test } from 'vitest';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import { secretNameFor } from '../../../src/api/names.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { watchClocks } from '../../../src/operator/clock-skew.ts';
import type { Fault } from './simulation/api-server.ts';
import { namespace, SimulatedWorld } from './simulation/world.ts';

const differs = (how: string): string =>
  `the API server's clock is ${how} the operator's: suspensions start and end at wrong times`;

test.each([
  { says: '5 s are let pass', offsetMs: -5_000, roundTripMs: 0, certainMs: -5_000, warned: [], told: [] },
  {
    says: 'more is warned of in the log',
    offsetMs: 6_000,
    roundTripMs: 20,
    certainMs: 5_990,
    warned: [differs('6 s ahead of')],
    told: [],
  },
  {
    says: 'an Event lets 30 s pass',
    offsetMs: 30_000,
    roundTripMs: 0,
    certainMs: 30_000,
    warned: [differs('30 s ahead of')],
    told: [],
  },
  {
    says: 'and what a slow answer may explain',
    offsetMs: 31_000,
    roundTripMs: 4_000,
    certainMs: 29_000,
    warned: [differs('29 s ahead of')],
    told: [],
  },
  {
    says: 'a server ahead by more is told',
    offsetMs: 45_000,
    roundTripMs: 20,
    certainMs: 44_990,
    warned: [differs('45 s ahead of')],
    told: [differs('45 s ahead of')],
  },
  {
    says: 'a server behind by more is told',
    offsetMs: -3_600_000,
    roundTripMs: 20,
    certainMs: -3_599_990,
    warned: [differs('3600 s behind')],
    told: [differs('3600 s behind')],
  },
])('$says', ({ offsetMs, roundTripMs, certainMs, warned, told }) => {
  const [lines, notes]: [string[], string[]] = [[], []];
  const log = { ...silentLog, warn: (_fields: object, message: string) => void lines.push(message) };
  const serverClock = watchClocks(systemClock, log, (note) => void notes.push(note));
  serverClock.sample({ offsetMs, roundTripMs });
  // the metric shows what is certain, as the Event does
  expect([lines, notes, serverClock.offsetMs]).toEqual([warned, told, certainMs]);
});

describe('the program', () => {
  const begin = () => {
    const world = new SimulatedWorld();
    world.applyPlatform();
    return world;
  };

  test('tells of an API server whose clock is a minute ahead: one Event on its Lease, and the figure', async () => {
    const world = begin();
    world.server.clockAheadMs = 60_000;
    const program = world.start();
    for (let second = 0; second < 30; second += 1) {
      world.applyAccount(`user-${second}`);
      await world.clock.advance(1_000);
    }
    const told = world.server.events.filter(({ reason }) => reason === 'ClockSkew');
    expect(told).toMatchObject([{ regarding: { kind: 'Lease', name: 'x' } }]);
    expect(told[0]?.note).toMatch(/6[01] s ahead/);
    const [, figure] =
      /^exchange2fa_server_clock_offset_seconds (\S+)$/m.exec(await program.metrics.registry.metrics()) ?? [];
    // Dates have whole seconds.
    expect(Math.abs(Number(figure) - 60)).toBeLessThanOrEqual(0.5);
  });

  test.each([
    ['ahead', hourMs],
    ['behind', -hourMs],
  ])('stamps a seed with the API server’s time while its own clock is an hour %s', async (_, aheadMs) => {
    const world = begin();
    world.clock.wallOffsetMs += aheadMs;
    world.server.clockAheadMs = -aheadMs;
    world.start();
    await world.settle();
    world.applyAccount('anna');
    await world.clock.advance(60_000);
    const status = world.accountNamed('anna')?.status;
    const agoMs = world.clock.now() - aheadMs - Date.parse(String(status?.['seedMintedAt']));
    expect(agoMs).toBeGreaterThan(50_000);
    expect(agoMs).toBeLessThan(62_000);
  });

  test('logs that its clock was set, within ten seconds and once, and not how time passes', async () => {
    const world = begin();
    world.start();
    await world.clock.advance(60_000);
    expect(world.linesOf('clock was set')).toEqual([]);
    world.clock.wallOffsetMs += 2_000;
    await world.clock.advance(60_000);
    world.clock.wallOffsetMs -= 90_000;
    await world.clock.advance(60_000);
    expect(world.linesOf('clock was set').map((line) => JSON.parse(line) as object)).toMatchObject([
      { steppedMs: 2_000, message: "this machine's clock was set forward" },
      { steppedMs: -90_000, message: "this machine's clock was set back" },
    ]);
  });

  describe('decides everything anew when its clock is set back', () => {
    const dayMs = 24 * hourMs;
    const address = 'anna@example.com';
    let world: SimulatedWorld;
    const status = (): Record<string, unknown> => world.accountNamed('anna')?.status ?? {};
    const ready = () => (status()['conditions'] as { type: string }[]).find(({ type }) => type === 'Ready');
    const seed = (): unknown => world.secretOf(address)?.data?.['seed'];
    /** The clock is put right, and that is noticed. */
    const setBack = async (ms: number): Promise<void> => {
      world.clock.wallOffsetMs -= ms;
      await world.clock.advance(11_000);
    };
    const resetNow = () => ({ reset: { requestedAt: formatSeconds(world.clock.now()) } });

    beforeEach(() => {
      world = begin();
    });

    test('a suspension that had ended runs again', async () => {
      world.applyAccount('anna', { suspension: { requestedAt: formatSeconds(world.clock.now()), hours: 1 } });
      world.start();
      await world.settle();
      await world.pass(2 * hourMs);
      expect(status()['phase']).toBe('Enrolling');
      await setBack(2 * hourMs);
      expect(status()['phase']).toBe('Suspended');
    });

    test('a name that was taken is looked at again', async () => {
      world.clock.wallOffsetMs += dayMs;
      const metadata = { namespace, name: secretNameFor(address) ?? '' };
      world.server.store.create('secrets', { metadata, type: 'Opaque' });
      world.applyAccount('anna');
      world.start();
      await world.settle();
      expect(ready()).toMatchObject({ reason: 'SecretNameTaken' });
      const foreign = world.secretOf(address);
      if (foreign) world.server.store.delete('secrets', foreign);
      await setBack(dayMs);
      expect(ready()).toMatchObject({ reason: 'Reconciled' });
    });

    test('and so it is if it was set back by mistake, and the API server’s is right', async () => {
      const metadata = { namespace, name: secretNameFor(address) ?? '' };
      world.server.store.create('secrets', { metadata, type: 'Opaque' });
      world.applyAccount('anna');
      world.start();
      await world.settle();
      const foreign = world.secretOf(address);
      if (foreign) world.server.store.delete('secrets', foreign);
      world.server.clockAheadMs = hourMs;
      await setBack(hourMs);
      expect(ready()).toMatchObject({ reason: 'Reconciled' });
    });

    test('what failed is tried again', async () => {
      world.applyAccount('anna');
      world.server.faults.push(...Array<Fault>(100).fill(500));
      world.start();
      await world.clock.advance(20_000);
      expect(world.server.faults).not.toEqual([]);
      world.server.faults.length = 0;
      await setBack(dayMs);
      expect(status()['phase']).toBe('Enrolling');
    });

    test('what waits as storage went back does so for an hour', async () => {
      world.applyAccount('anna');
      world.start();
      await world.calmDown();
      const snapshot = world.server.store.snapshot();
      world.applyAccount('anna', resetNow());
      await world.settle();
      world.server.restore(snapshot);
      const kept = seed();
      world.clock.wallOffsetMs += dayMs;
      for (let minute = 0; minute < 4; minute += 1) await world.clock.advance(60_000);
      await setBack(dayMs);
      world.applyAccount('anna', resetNow());
      await world.settle();
      expect([ready(), seed()]).toMatchObject([{ reason: 'StorageWentBack' }, kept]);
      await world.pass(hourMs);
      expect(ready()).toMatchObject({ reason: 'Reconciled' });
      expect(seed()).not.toBe(kept);
    });
  });
});
