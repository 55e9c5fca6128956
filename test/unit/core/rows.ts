import { describe, expect, test } from 'vitest';
import { group } from '../../../src/api/names.ts';
import { conditionOf } from '../../../src/core/conditions.ts';
import { decide } from '../../../src/core/decide.ts';
import type { Decision, SecretAct } from '../../../src/core/decision.ts';
import { formatSeconds } from '../../../src/api/instants.ts';
import { applied } from './applied.ts';
import { factsOf, now, type Given } from './given.ts';

const patchOf = (act: SecretAct) => ('patch' in act ? act.patch : undefined);

/** Changes to annotations, by the part of their name after the prefix; null: taken away. */
export const changesOf = (act: SecretAct): Readonly<Record<string, string | null>> =>
  Object.fromEntries(
    Object.entries(patchOf(act)?.annotations ?? {}).map(([key, value]) => [key.replace(`${group}/`, ''), value]),
  );

const inWords = ({ status }: Decision, type: string): string | undefined => {
  const condition = conditionOf(status, type);
  return condition && `${condition.status} ${condition.reason}`;
};

/** A decision in the words of design.md: what rows compare. */
const inShort = (decision: Decision) => ({
  act: decision.secret.kind,
  changes: changesOf(decision.secret),
  label: patchOf(decision.secret)?.platformLabel,
  seed: 'seed' in decision.secret ? decision.secret.seed : undefined,
  over: 'over' in decision.secret ? decision.secret.over : undefined,
  phase: decision.status.phase,
  ready: inWords(decision, 'Ready'),
  enforced: inWords(decision, 'Enforced'),
  enrolled: inWords(decision, 'Enrolled'),
  stalled: inWords(decision, 'Stalled'),
  readyMessage: conditionOf(decision.status, 'Ready')?.message,
  remembers: [decision.status.seedMintedAt, decision.status.enrolledAt],
  secretName: decision.status.secretName,
  suspendedUntil: decision.status.suspendedUntil,
  lockedUntil: decision.status.lockedUntil,
  events: decision.events.map(({ reason }) => reason),
  notices: decision.events.map(({ type, note }) => `${type}: ${note}`),
  requeueAt: decision.requeueAt === undefined ? undefined : formatSeconds(decision.requeueAt),
});

type Wants = Partial<Record<keyof ReturnType<typeof inShort>, unknown>>;

export interface Row extends Given {
  /** The sentence of design.md that the row holds the code to, shortened. */
  readonly says: string;
  readonly at?: number;
  readonly wants: Wants;
  /** All changes to annotations, where the row says that there are no others; `wants.changes` are some. */
  readonly onlyChanges?: Readonly<Record<string, string | null>>;
}

/** One test a row. In each, what was decided is then so: deciding again at the same instant neither does nor tells anything. */
export const sentences = (title: string, rows: readonly Row[]): void => {
  describe(title, () => {
    test.each(rows)('$says', ({ wants, onlyChanges, at = now, ...given }) => {
      const facts = factsOf(given);
      const decision = decide(facts, at);
      const short = inShort(decision);
      expect(short).toMatchObject(wants);
      if (onlyChanges) expect(short.changes).toEqual(onlyChanges);
      const again = decide(applied(facts, decision), at);
      expect(again).toEqual({ ...decision, secret: { kind: 'keep' }, events: [] });
    });
  });
};
