import { describe, expect, test } from 'vitest';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { watchClocks } from '../../../src/operator/clock-skew.ts';
import { platformName, SimulatedWorld } from './simulation/world.ts';

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
    const enabled = { state: 'Enabled', accountDefault: 'Enabled' };
    world.apply('exchangeplatforms', platformName, { issuer: 'Example', twoFactor: enabled });
    const apply = (name: string, twoFactor: object = {}): void =>
      world.apply('mailaccounts', name, {
        platformRef: { name: platformName },
        address: `${name}@example.com`,
        twoFactor,
      });
    const linesOf = (text: string): string[] => world.logged.filter((line) => line.includes(text));
    return { world, apply, linesOf };
  };

  test('tells of an API server whose clock is a minute ahead: one Event on its Lease, and the figure', async () => {
    const { world, apply } = begin();
    world.server.clockAheadMs = 60_000;
    const program = world.start();
    for (let second = 0; second < 30; second += 1) {
      apply(`user-${second}`);
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

  test('logs that its clock was set, within ten seconds and once, and not how time passes', async () => {
    const { world, linesOf } = begin();
    world.start();
    await world.clock.advance(60_000);
    expect(linesOf('clock was set')).toEqual([]);
    world.clock.wallOffsetMs += 2_000;
    await world.clock.advance(60_000);
    world.clock.wallOffsetMs -= 90_000;
    await world.clock.advance(60_000);
    expect(linesOf('clock was set').map((line) => JSON.parse(line) as object)).toMatchObject([
      { steppedMs: 2_000, message: "this machine's clock was set forward" },
      { steppedMs: -90_000, message: "this machine's clock was set back" },
    ]);
  });

  test('judges everything anew when its clock is set back: a suspension that had ended runs again', async () => {
    const { world, apply } = begin();
    const phase = (): unknown => world.accountNamed('anna')?.status?.['phase'];
    apply('anna', { suspension: { requestedAt: formatSeconds(world.clock.now()), hours: 1 } });
    world.start();
    await world.settle();
    await world.pass(2 * hourMs);
    expect(phase()).toBe('Enrolling');
    world.clock.wallOffsetMs -= 2 * hourMs;
    await world.clock.advance(11_000);
    expect(phase()).toBe('Suspended');
  });
});
