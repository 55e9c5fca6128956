import type { Instant } from '../api/instants.ts';
import type { SecretFacts } from './facts.ts';
import { doNothing, type Plan } from './plan.ts';
import type { Problem } from './problems.ts';
import { patchTo, shrinking } from './secret-plan.ts';
import type { AccountWishes } from './wishes.ts';

/**
 * What to do for an account whose platform is unknown: open windows shrink to what the account still asks for, and
 * nothing else changes.
 */
export const decideWithoutPlatform = (
  secret: SecretFacts | undefined,
  { suspension }: AccountWishes,
  why: Problem,
  now: Instant,
): Plan => {
  const plan = doNothing(why, suspension?.from);
  const patch = secret && patchTo(secret, shrinking(secret.annotations, suspension, now), undefined);
  return patch ? { ...plan, act: { kind: 'annotate', patch } } : plan;
};
