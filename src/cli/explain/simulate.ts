import type { Instant } from '../../api/instants.ts';
import { decide } from '../../core/decide.ts';
import type { Decision } from '../../core/decision.ts';
import { isForeign, type Facts, type SecretFacts } from '../../core/facts.ts';
import { annotationsAfter } from '../../core/secret-plan.ts';

/** One instant at which something changes: what the operator decides then, and the facts that this leaves. */
export interface Moment {
  readonly at: Instant;
  readonly decision: Decision;
  readonly after: Facts;
}

const labelAfter = (facts: SecretFacts | undefined, { secret }: Decision): string | undefined =>
  secret.kind !== 'keep' && secret.kind !== 'delete'
    ? (secret.patch.platformLabel ?? facts?.platformLabel)
    : facts?.platformLabel;

const secretAfter = ({ secret }: Facts, decision: Decision): Facts['secret'] => {
  if (isForeign(secret)) return secret;
  const annotations = annotationsAfter(secret, decision.secret);
  if (!annotations) return undefined;
  const { uid = '', resourceVersion = '' } = secret ?? {};
  return { uid, resourceVersion, platformLabel: labelAfter(secret, decision), annotations };
};

const decideAt = (facts: Facts, at: Instant): Moment => {
  const decision = decide(facts, at);
  const account = { ...facts.account, status: decision.status };
  return { at, decision, after: { ...facts, account, secret: secretAfter(facts, decision) } };
};

/** A refused write is tried again at an instant that nobody outside knows. */
const isForeseen = (instant: Instant | undefined): instant is Instant => instant !== undefined && instant < Infinity;

/** More changes than anybody reads, and than requests can give. */
const mostMoments = 50;

/**
 * What the operator would do now and at each coming instant, if nobody asked for anything else and nobody logged in: the
 * same decisions, one after the other, on what the one before leaves.
 */
export const simulate = (facts: Facts, from: Instant): readonly [Moment, ...Moment[]] => {
  const moments: [Moment, ...Moment[]] = [decideAt(facts, from)];
  for (let next = moments[0].decision.requeueAt; isForeseen(next) && moments.length < mostMoments;) {
    const moment = decideAt(moments.at(-1)?.after ?? facts, next);
    moments.push(moment);
    next = moment.decision.requeueAt;
  }
  return moments;
};
