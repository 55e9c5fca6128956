import fc from 'fast-check';
import { test } from 'vitest';
import { start } from './model/asks.ts';
import { checkRest, History, witness } from './model/contract.ts';
import { Operator, settle, type Fault } from './model/operator.ts';
import { Server } from './model/server.ts';
import { anyStep, type Step } from './model/steps.ts';

const fault: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constantFrom('none', 'none', 'crash before the Secret', 'crash after the Secret', 'refused'),
  stale: fc.constantFrom(0, 0, 1, 2, 5),
});

/** Steps, passes of the first operator and of a second one that also thinks it leads, and holds, in any order. */
type Happening = { readonly step: Step } | { readonly fault: Fault; readonly by: 0 | 1 } | { readonly hold: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ step: anyStep }) },
  { weight: 5, arbitrary: fc.record({ fault, by: fc.constantFrom(0 as const, 1 as const) }) },
  { weight: 1, arbitrary: fc.record({ hold: fc.constantFrom(0, 3_600_000) }) },
);

test('in any life with two operators: a seed changes only when asked, no request acts twice, nobody is let in unasked', () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (life) => {
      const server = new Server(start);
      const operators = [new Operator(server, witness), new Operator(server, witness)] as const;
      const history = new History();
      server.putPlatform({ state: 'Enabled', accountDefault: 'Enabled' });
      server.putAccount('anna', {});
      for (const each of life) {
        if ('fault' in each) operators[each.by].pass(each.fault);
        else if ('hold' in each) for (const operator of operators) operator.holdUntil = server.now + each.hold;
        else {
          each.step.run(server);
          if (each.step.isByHand) for (const operator of operators) operator.forget();
        }
        history.note(server);
        history.check(server);
      }
      operators[0].holdUntil = undefined;
      settle(server, operators[0]);
      checkRest(server);
      history.check(server);
    }),
    { numRuns: 1200 },
  );
});
