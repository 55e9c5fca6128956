import fc from 'fast-check';
import { expect, test } from 'vitest';
import { start } from './model/asks.ts';
import { checkRest } from './model/contract.ts';
import { Operator, settle, type Fault } from './model/operator.ts';
import { Server } from './model/server.ts';
import { anyStep, type Step } from './model/steps.ts';

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom('none', 'crash before the Secret', 'crash after the Secret', 'refused'),
  stale: fc.nat({ max: 3 }),
});

/** A step, and what goes wrong with the operator before it comes to rest. */
const troubledStep = fc.record({ step: anyStep, faults: fc.array(fault, { maxLength: 3 }) });

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const moved = /("(?:exchange2fa\.io\/erased-at|lastTransitionTime)":)"[^"]*"/g;
/** Hides what depends on when exactly a seed was minted or erased, and on how many writes it took. */
const masked = (server: Server): unknown => {
  const { accounts, secret, platform } = server.view;
  const { annotations, platformLabel } = secret?.facts ?? {};
  const text = JSON.stringify([
    accounts.map(({ name, spec, status }) => [name, spec, status]),
    [annotations, platformLabel],
    platform?.spec,
  ]);
  return JSON.parse(text.replace(instant, 'minted').replace(moved, '$1"then"')) as unknown;
};

const live = (
  steps: readonly Step[],
  faultsOf: (index: number) => readonly Fault[],
  after: (server: Server, index: number) => void,
) => {
  const server = new Server(start);
  const operator = new Operator(server);
  server.putPlatform({ state: 'Enabled', accountDefault: 'Enabled' });
  steps.forEach((step, index) => {
    step.run(server);
    if (step.isByHand) operator.forget();
    for (const each of faultsOf(index)) operator.pass(each);
    expect(settle(server, operator)).toBeLessThanOrEqual(3);
    after(server, index);
  });
};

test('crashes, lost answers, refused writes and stale caches end in the same Secret and status as none, and then nothing is written', () => {
  fc.assert(
    fc.property(fc.array(troubledStep, { maxLength: 14 }), (life) => {
      const steps = life.map(({ step }) => step);
      const expected: unknown[] = [];
      live(
        steps,
        () => [],
        (server) => {
          checkRest(server);
          expected.push(masked(server));
        },
      );
      live(
        steps,
        (index) => life[index]!.faults,
        (server, index) => expect(masked(server)).toEqual(expected[index]),
      );
    }),
    { numRuns: 400 },
  );
});

test('crashes, lost answers and refused writes cost no seed more', () => {
  fc.assert(
    fc.property(fc.array(troubledStep, { maxLength: 14 }), (life) => {
      const steps = life.map(({ step }) => step);
      const minted: number[] = [];
      live(
        steps,
        () => [],
        (server) => minted.push(server.seeds),
      );
      const fresh = (index: number) => life[index]!.faults.map((each) => ({ ...each, stale: 0 }));
      live(steps, fresh, (server, index) => expect(server.seeds).toBe(minted[index]));
    }),
    { numRuns: 300 },
  );
});
