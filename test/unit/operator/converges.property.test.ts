import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSeconds, hourMs } from '../../../src/api/instants.ts';
import { annotation } from '../../../src/api/record.ts';
import type { Fault } from './simulation/api-server.ts';
import type { SimObject } from './simulation/store.ts';
import { platformName, SimulatedWorld } from './simulation/world.ts';

/** One thing that happens in the world: a sentence for the report of a failure, and what it does. */
interface Step {
  readonly says: string;
  readonly act: (world: SimulatedWorld) => void | Promise<void>;
  /** Not part of the twin run: it must make no difference. */
  readonly isFault?: boolean;
}

const addresses = ['anna@example.com', 'ben@example.com'] as const;
/** Two accounts may claim the first address. */
const accounts = [
  { name: 'anna', address: addresses[0] },
  { name: 'anna-too', address: addresses[0] },
  { name: 'ben', address: addresses[1] },
] as const;

const start = Date.UTC(2026, 10, 24);
const at = (hours: number): string => formatSeconds(start + hours * hourMs);

const request = fc.integer({ min: -30, max: 60 }).map((hours) => ({ requestedAt: at(hours) }));
const suspension = fc.record({
  requestedAt: fc.integer({ min: -30, max: 60 }).map(at),
  hours: fc.integer({ min: 1, max: 40 }),
});
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

const withoutGaps = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const accountStep: fc.Arbitrary<Step> = fc
  .record({
    account: fc.constantFrom(...accounts),
    state: optional(fc.constantFrom('Enabled', 'Removed')),
    suspension: optional(suspension),
    reset: optional(request),
    unlock: optional(request),
  })
  .map(({ account, ...twoFactor }) => {
    const spec = { platformRef: { name: platformName }, address: account.address, twoFactor: withoutGaps(twoFactor) };
    return {
      says: `apply account ${account.name} ${JSON.stringify(spec.twoFactor)}`,
      act: (world) => world.apply('mailaccounts', account.name, spec),
    };
  });

const platformStep: fc.Arbitrary<Step> = fc
  .record({
    state: fc.constantFrom('Enabled', 'Enabled', 'Disabled'),
    accountDefault: optional(fc.constantFrom('Enabled', 'Disabled')),
    suspension: optional(suspension),
    reset: optional(request),
    enrollment: optional(fc.record({ windowHours: fc.integer({ min: 1, max: 50 }) })),
    retainDeletedHours: optional(fc.integer({ min: 0, max: 50 })),
  })
  .map((fields) => {
    const spec = { issuer: 'Example Mail', twoFactor: withoutGaps(fields) };
    return {
      says: `apply platform ${JSON.stringify(spec.twoFactor)}`,
      act: (world) => world.apply('exchangeplatforms', platformName, spec),
    };
  });

const deletion: fc.Arbitrary<Step> = fc.constantFrom(
  ...accounts.map(({ name }): Step => ({
    says: `delete account ${name}`,
    act: (world) => world.remove('mailaccounts', name),
  })),
  { says: 'delete the platform', act: (world: SimulatedWorld) => world.remove('exchangeplatforms', platformName) },
);

const enroll = (address: string): Step => ({
  says: `${address} types a first code`,
  act: (world) => {
    const present = world.secretOf(address)?.metadata.annotations ?? {};
    if (present[annotation.mintedAt] === undefined || present[annotation.enrolledAt] !== undefined) return;
    const annotations = { [annotation.enrolledAt]: at(0), [annotation.lastStep]: '59000000' };
    world.editSecret(address, { metadata: { annotations } });
  },
});

const guess = (address: string): Step => ({
  says: `25 wrong codes for ${address}`,
  act: (world) => {
    const seconds = Math.floor(world.clock.now() / 1_000);
    const failures = JSON.stringify({ row: 25, unknown: Array.from({ length: 25 }, () => seconds), known: [] });
    world.editSecret(address, { metadata: { annotations: { [annotation.failures]: failures } } });
  },
});

const meddle = (address: string): Step => ({
  says: `somebody takes the label and the suspension from the Secret of ${address}`,
  act: (world) =>
    world.editSecret(address, { metadata: { labels: null, annotations: { [annotation.suspended]: null } } }),
});

const loginStep: fc.Arbitrary<Step> = fc.constantFrom(
  ...addresses.flatMap((address) => [enroll(address), guess(address), meddle(address)]),
);

const time: fc.Arbitrary<Step> = fc
  .integer({ min: 1, max: 30 })
  .map((hours) => ({ says: `${hours} h pass`, act: (world) => world.pass(hours * hourMs) }));

const settle: Step = { says: 'the operator works', act: (world) => world.settle() };

const faults: readonly Fault[] = ['before', 'after', 409, 422, 429, 500, 504];
const faultStep: fc.Arbitrary<Step> = fc.oneof(
  fc.array(fc.constantFrom(...faults), { minLength: 1, maxLength: 4 }).map((next): Step => ({
    isFault: true,
    says: `the next writes meet ${next.join(', ')}`,
    act: (world) => void world.server.faults.push(...next),
  })),
  fc.constant<Step>({ isFault: true, says: 'the operator is killed and started', act: (world) => world.restart() }),
  fc.constant<Step>({ isFault: true, says: 'watches fall silent', act: (world) => void (world.server.held = true) }),
  fc.constant<Step>({ isFault: true, says: 'watches speak again', act: (world) => world.server.release() }),
  fc.constantFrom('exchangeplatforms', 'mailaccounts', 'secrets').map((plural): Step => ({
    isFault: true,
    says: `of the silent watches those of ${plural} speak`,
    act: (world) => world.server.release(plural),
  })),
  fc.nat({ max: 40 }).map((turns): Step => ({
    isFault: true,
    says: `the operator is killed ${turns} turns later, in the middle of its work`,
    act: async (world) => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      world.restart();
    },
  })),
);

const step = fc.oneof(
  { weight: 4, arbitrary: accountStep },
  { weight: 2, arbitrary: platformStep },
  { weight: 1, arbitrary: deletion },
  { weight: 2, arbitrary: loginStep },
  { weight: 2, arbitrary: time },
  { weight: 3, arbitrary: fc.constant(settle) },
);

const begin: Step = {
  says: 'a platform',
  act: (world) =>
    world.apply('exchangeplatforms', platformName, {
      issuer: 'Example Mail',
      twoFactor: { state: 'Enabled', accountDefault: 'Enabled' },
    }),
};

const live = async (steps: readonly Step[]): Promise<SimulatedWorld> => {
  const world = new SimulatedWorld();
  world.start();
  for (const { act } of [begin, settle, ...steps]) await act(world);
  await world.calmDown();
  return world;
};

const story = (steps: readonly Step[]): string => steps.map(({ says }) => says).join('\n');

/** All seeds that are or were in storage, as they would look in a text. */
const seedsOf = (world: SimulatedWorld): readonly string[] =>
  world.server.store.history.flatMap(({ object }) => (object.data?.['seed'] ? [object.data['seed']] : []));

const textsOf = (world: SimulatedWorld): string =>
  JSON.stringify([world.logged, world.server.store.list('mailaccounts'), world.server.store.list('exchangeplatforms')]);

test('whatever happens, the operator comes to rest, and a restart then writes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof({ weight: 3, arbitrary: step }, { weight: 2, arbitrary: faultStep }), { maxLength: 25 }),
      async (steps) => {
        const world = await live(steps);
        const written = world.server.writes.length;
        world.restart();
        await world.calmDown();
        expect(world.server.writes.slice(written), story(steps)).toEqual([]);
        for (const account of world.server.store.list('mailaccounts')) {
          expect(account.status?.['observedGeneration'], story(steps)).toBe(account.metadata.generation);
        }
        const texts = textsOf(world);
        for (const seed of seedsOf(world)) {
          expect(texts.includes(seed) || texts.includes(Buffer.from(seed, 'base64').toString()), story(steps)).toBe(
            false,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** What must be the same whatever went wrong on the way; instants may differ by how long the way was. */
const outcomeOf = (world: SimulatedWorld): unknown => {
  const reasons = (object: SimObject | undefined): unknown =>
    (object?.status?.['conditions'] as { type: string; status: string; reason: string }[] | undefined)?.map(
      ({ type, status, reason }) => `${type} ${status} ${reason}`,
    );
  const { store } = world.server;
  return {
    accounts: accounts.map(({ name }) => [
      world.accountNamed(name)?.status?.['phase'],
      reasons(world.accountNamed(name)),
    ]),
    platform: reasons(store.list('exchangeplatforms')[0]),
    secrets: addresses.map((address) => {
      const secret = world.secretOf(address);
      const { annotations = {}, labels } = secret?.metadata ?? {};
      const asSaid = Object.entries(annotations).filter(([key]) => !timed.includes(key));
      const seeds = new Set(
        store.history.flatMap(({ object }) =>
          object.metadata.annotations?.[annotation.address] === address ? [object.data?.['seed']] : [],
        ),
      );
      return {
        asSaid,
        has: Object.keys(annotations),
        labels,
        data: Object.keys(secret?.data ?? {}),
        seeds: seeds.size,
      };
    }),
  };
};

/** Annotations whose value is the moment at which something was done. */
const timed: readonly string[] = [
  annotation.mintedAt,
  annotation.erasedAt,
  annotation.enrollUntil,
  annotation.orphanedAt,
  annotation.eraseAfter,
  annotation.suspended,
  annotation.failures,
  annotation.dataInvalid,
];

test('faults on the way change nothing about the end: the same state, and not one seed more', async () => {
  const faulty = fc.record({ faults: fc.array(faultStep, { maxLength: 3 }), step });
  await fc.assert(
    fc.asyncProperty(fc.array(faulty, { maxLength: 8 }), async (steps) => {
      const [calm, troubled] = [new SimulatedWorld(), new SimulatedWorld()];
      for (const world of [calm, troubled]) {
        world.start();
        await begin.act(world);
        await world.calmDown();
      }
      for (const { faults, step } of steps) {
        for (const { act } of faults) await act(troubled);
        for (const world of [calm, troubled]) {
          await step.act(world);
          await world.calmDown();
        }
      }
      const all = steps.flatMap(({ faults, step }) => [...faults, step]);
      expect(outcomeOf(troubled), story(all)).toEqual(outcomeOf(calm));
    }),
    { numRuns: 12 },
  );
});
