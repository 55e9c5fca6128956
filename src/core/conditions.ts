import type { MailAccountCondition } from '../api/generated/mail-account.ts';
import { formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';

/** A Kubernetes condition, as in metav1.Condition; those of both kinds are alike. */
export type Condition = Readonly<MailAccountCondition>;

/** What a condition says now; the rest follows from what it said before. */
export type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export const conditionOf = (
  status: { readonly conditions?: readonly Condition[] },
  type: string,
): Condition | undefined => status.conditions?.find((condition) => condition.type === type);

/** What the schema allows: a message that quotes names from elsewhere must not make the status unwritable. */
const longestMessage = 4096;

/** Adds generation and time: `lastTransitionTime` moves only when the condition's status does. */
export const conditionsNow = (
  said: readonly Said[],
  before: { readonly conditions?: readonly Condition[] },
  generation: number,
  now: Instant,
): Condition[] =>
  said.map(({ type, status, reason, message }) => {
    const previous = conditionOf(before, type);
    const since = previous?.status === status ? parseSeconds(previous.lastTransitionTime) : undefined;
    const lastTransitionTime = formatSeconds(since ?? now);
    const text = message.slice(0, longestMessage).toWellFormed();
    return { type, status, observedGeneration: generation, lastTransitionTime, reason, message: text };
  });
