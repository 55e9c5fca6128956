import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { projectAccount, projectAccountStatus } from '../../../src/core/seen/account.ts';
import { projectConditions } from '../../../src/core/seen/conditions.ts';

const ready = {
  type: 'Ready',
  status: 'True',
  observedGeneration: 1,
  lastTransitionTime: '2026-03-01T08:00:00Z',
  reason: 'Enrolling',
  message: 'the next login shows a QR code',
} as const;

const enrolled = {
  ...ready,
  type: 'Enrolled',
  status: 'False',
  reason: 'NotEnrolled',
  message: 'no code yet',
} as const;

const account = (name: string, status: object) =>
  projectAccount({
    metadata: { namespace: 'tenant', name, uid: `uid of ${name}`, resourceVersion: '7', generation: 1 },
    spec: { platformRef: { name: 'mail' }, address: `${name}@example.com` },
    // A parser makes new objects each time.
    status: structuredClone(status),
  });

describe('what is kept of an object as it was read', () => {
  const seen = { observedGeneration: 1, phase: 'Enrolling', conditions: [ready, enrolled] };

  test('accounts that changed alike in the same second share their conditions and their platform', () => {
    const [anna, ben] = [account('anna', seen), account('ben', seen)];
    expect(ben?.status.conditions).toBe(anna?.status.conditions);
    expect(ben?.spec.platformRef).toBe(anna?.spec.platformRef);
    expect(anna?.status).toEqual(seen);
  });

  test('a status that was just written is kept as it would be read', () => {
    expect(projectAccountStatus(structuredClone(seen)).conditions).toBe(account('anna', seen)?.status.conditions);
  });

  test('conditions say afterwards what they said before, however many others were read', () => {
    const few = fc.constantFrom('', 'Ready', 'a', '1', 'a,1', '["a"]');
    const condition = fc.record({
      type: few,
      status: fc.constantFrom('True', 'False', 'Unknown'),
      observedGeneration: fc.nat(2),
      lastTransitionTime: fc.constantFrom(ready.lastTransitionTime, '2026-03-01T08:00:01Z'),
      reason: few,
      message: fc.oneof(few, fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(fc.array(fc.array(condition, { maxLength: 4 }), { minLength: 1, maxLength: 300 }), (all) => {
        const kept = all.map((conditions) => projectConditions(structuredClone(conditions)));
        expect(kept).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});
