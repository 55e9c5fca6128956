import type { Decision, SecretAct } from '../../../src/core/decision.ts';
import { isForeign, type Facts, type SecretFacts } from '../../../src/core/facts.ts';

/** The Secret as the API server has it after an act. */
export const secretAfter = (before: SecretFacts | undefined, act: SecretAct): SecretFacts | undefined => {
  if (act.kind === 'keep') return before;
  if (act.kind === 'delete') return undefined;
  const { annotations, platformLabel = before?.platformLabel } = act.patch;
  const merged = Object.entries({ ...before?.annotations, ...annotations }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return {
    uid: before?.uid ?? 'uid-of-new-secret',
    resourceVersion: `${Number(before?.resourceVersion ?? '100') + 1}`,
    platformLabel,
    annotations: Object.fromEntries(merged),
  };
};

/** The facts once a decision is carried out. */
export const applied = (facts: Facts, { secret: act, status }: Pick<Decision, 'secret' | 'status'>): Facts => ({
  ...facts,
  account: { ...facts.account, status },
  secret: isForeign(facts.secret) ? facts.secret : secretAfter(facts.secret, act),
});
