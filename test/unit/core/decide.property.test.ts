import fc from 'fast-check';
import { expect, test } from 'vitest';
import { annotation, readRecord, type Annotations } from '../../../src/api/record.ts';
import { secretType } from '../../../src/api/names.ts';
import { contains } from '../../../src/api/windows.ts';
import { decide } from '../../../src/core/decide.ts';
import { isForeign, type Facts } from '../../../src/core/facts.ts';
import { decideOrphan } from '../../../src/core/orphan.ts';
import { decidePlatform } from '../../../src/core/platform.ts';
import { secondFactor, type Verdict } from '../../../src/core/second-factor.ts';
import { readAccount, readPlatform } from '../../../src/core/wishes.ts';
import { applied } from './applied.ts';
import { platform } from './given.ts';
import { anyAnnotations, anyFacts, junkSpec } from './model/any-facts.ts';
import { hourMs, start } from './model/asks.ts';

const runs = 1000;
const verdictOf = ({ secret }: Facts, now: number): Verdict =>
  secret === undefined || isForeign(secret)
    ? secondFactor(undefined, now)
    : secondFactor({ type: secretType, annotations: secret.annotations }, now);

/** An instant of the lives that these facts are about. */
const instant = fc.integer({ min: -4 * 3600, max: 13 * 3600 }).map((seconds) => start + seconds * 1000);

test('what was decided is then so: deciding again at the same instant neither does nor tells anything', () => {
  fc.assert(
    fc.property(anyFacts(junkSpec), instant, (facts, now) => {
      const decision = decide(facts, now);
      expect(decide(applied(facts, decision), now)).toEqual({ ...decision, secret: { kind: 'keep' }, events: [] });
    }),
    { numRuns: runs },
  );
});

test('until requeueAt nothing changes: no write is due, at any instant before it', () => {
  const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(anyFacts(), instant, share, (facts, now, part) => {
      const decision = decide(facts, now);
      const settled = applied(facts, decision);
      const { status, requeueAt } = decide(settled, now);
      if (requeueAt !== undefined) expect(requeueAt).toBeGreaterThan(now);
      const later = now + Math.floor(((requeueAt ?? now + 400 * 24 * hourMs) - 1 - now) * part);
      expect(decide(settled, later)).toEqual({ secret: { kind: 'keep' }, status, events: [], requeueAt });
    }),
    { numRuns: 3 * runs },
  );
});

test('decide never throws, whatever specs, annotations and status say, and never lets in who did not ask', () => {
  fc.assert(
    fc.property(anyFacts(junkSpec), instant, (facts, now) => {
      const before = verdictOf(facts, now);
      const after = verdictOf(applied(facts, decide(facts, now)), now);
      if (after.kind !== 'none' || before.kind === 'none') return;
      const account = readAccount(facts.account.spec);
      const known = facts.platform && readPlatform(facts.platform.spec);
      if (!known || 'misunderstood' in known || 'misunderstood' in account) {
        expect.fail('nobody could have asked');
      }
      const state = account.state ?? known.accountDefault;
      if (after.reason === 'Off')
        expect([known.state, state]).toSatisfy((said: string[]) => said.some((each) => each !== 'Enabled'));
      else {
        const asked = [account.suspension, known.suspension].filter(
          (each) => each && each.hours <= known.maxSuspensionHours,
        );
        expect(asked.some((each) => each && contains(each, now))).toBe(true);
      }
    }),
    { numRuns: runs },
  );
});

test('status.phase is what a login meets, and Enforced is False exactly when the verdict is none', () => {
  fc.assert(
    fc.property(anyFacts(), instant, (facts, now) => {
      const decision = decide(facts, now);
      const { conditions = [], phase } = decision.status;
      const isHeld = conditions.some(({ reason }) => reason === 'AddressInUse');
      const verdict: Verdict = isHeld ? { kind: 'deny', reason: 'NoSecret' } : verdictOf(applied(facts, decision), now);
      const enforced = conditions.find(({ type }) => type === 'Enforced');
      expect(enforced?.status).toBe(verdict.kind === 'none' ? 'False' : 'True');
      const expected = {
        enroll: 'Enrolling',
        code: 'Enforced',
        none: verdict.kind === 'none' ? verdict.reason : '',
        deny: verdict.kind === 'deny' && verdict.reason === 'Locked' ? 'Locked' : 'Blocked',
      };
      expect(phase).toBe(expected[verdict.kind]);
    }),
    { numRuns: runs },
  );
});

test('decideOrphan and decidePlatform never throw; an orphan is never let in', () => {
  fc.assert(
    fc.property(anyAnnotations, fc.option(junkSpec, { nil: undefined }), instant, (annotations, spec, now) => {
      const facts = platform({}, { spec: spec as never });
      const secret = { uid: 'u', resourceVersion: '1', platformLabel: 'hosted', annotations };
      const { secret: act } = decideOrphan({ secret, platform: facts }, now);
      const orphaned: Annotations = { ...annotations, [annotation.orphanedAt]: 'x' };
      expect(['orphan', 'annotate', 'delete', 'keep']).toContain(act.kind);
      if (act.kind === 'orphan') expect(act.patch.annotations[annotation.orphanedAt]).toBeDefined();
      expect(secondFactor({ type: secretType, annotations: orphaned }, now).kind).toBe('deny');
      const counts = { total: 0, enforced: 0, enrolling: 0, suspended: 0, locked: 0, off: 0, blocked: 0 };
      expect(
        decidePlatform({ platform: facts, counts, pending: 0, countsDueAt: now }, now).status.conditions,
      ).not.toEqual([]);
    }),
    { numRuns: runs },
  );
});

test('absent or unreadable: deny; none only where it says off, or inside a window', () => {
  fc.assert(
    fc.property(
      anyAnnotations,
      fc.constantFrom(secretType, secretType, secretType, 'Opaque'),
      instant,
      (annotations, type, now) => {
        const record = { type, annotations };
        const verdict = secondFactor(record, now);
        const read = readRecord(record);
        if (type !== secretType || 'annotation' in read || annotation.orphanedAt in annotations) {
          expect(verdict.kind).toBe('deny');
          return;
        }
        const isOpen = read.suspended.some((window) => contains(window, now));
        const isNone = read.secondFactor === 'off' || (read.secondFactor === 'required' && isOpen);
        expect(verdict.kind === 'none').toBe(isNone);
        if (verdict.kind === 'code') expect(annotations[annotation.enrolledAt]).toBeDefined();
      },
    ),
    { numRuns: runs },
  );
});
