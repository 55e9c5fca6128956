import type { Instant } from '../../api/instants.ts';
import { annotation } from '../../api/record.ts';
import type { OrphanDecision } from '../../core/decision.ts';
import type { OrphanFacts } from '../../core/facts.ts';
import { decideOrphan } from '../../core/orphan.ts';
import { doSecretAct } from '../do/secret.ts';
import { platformKeyOf, secretRefOf } from '../see/keys.ts';
import { crdsStand, lookAtPlatform, lookForAccounts } from '../see/look.ts';
import { afterWrite, refusal } from './after-write.ts';
import { recordEvents } from './events.ts';
import { afterFailedRead, isNext, type Next, type ReconcileContext } from './context.ts';
import { earlierTime, laterTime } from './two-clocks.ts';

/** How soon to ask again whether the CRDs are there to stay. */
const crdLookMs = 60_000;

const factsOf = ({ world, setbacks }: ReconcileContext, mailboxKey: string, now: Instant): OrphanFacts | undefined => {
  const secret = world.secret(mailboxKey);
  if (!secret || world.accountsOf(mailboxKey).length > 0) return undefined;
  const { namespace } = secretRefOf(mailboxKey);
  const { platformLabel: label } = secret;
  return {
    secret,
    platform: label === undefined ? undefined : world.platform(platformKeyOf(namespace, label)),
    refusedWrite: setbacks.refused(mailboxKey),
    holdUntil: setbacks.holdUntil(now),
  };
};

interface Decided {
  readonly facts: OrphanFacts;
  readonly decision: OrphanDecision;
}

const decideAt = (now: Instant, context: ReconcileContext, mailboxKey: string): Decided | undefined => {
  const facts = factsOf(context, mailboxKey, now);
  return facts && { facts, decision: decideOrphan(facts, now) };
};

/** Before anything is done: is there really no account, what does the platform say, and are the CRDs to stay? */
const decideAfresh = async (context: ReconcileContext, mailboxKey: string, known: Decided): Promise<Decided | Next> => {
  const { namespace } = secretRefOf(mailboxKey);
  const { annotations, platformLabel } = known.facts.secret;
  const accounts = await lookForAccounts(context, mailboxKey, annotations[annotation.address]);
  if (!accounts.ok) return afterFailedRead(context, mailboxKey, accounts.error);
  const platform = platformLabel === undefined ? undefined : await lookAtPlatform(context, namespace, platformLabel);
  if (platform && !platform.ok) return afterFailedRead(context, mailboxKey, platform.error);
  const stand = await crdsStand(context);
  if (!stand.ok) return afterFailedRead(context, mailboxKey, stand.error);
  if (!stand.value) {
    context.log.warn(
      { secret: mailboxKey },
      'a CRD is missing or being deleted: Secrets without account are left alone',
    );
    return { kind: 'done', requeueAt: context.clock.now() + crdLookMs };
  }
  // Else a grace period begins.
  const { now, inOurs } = known.decision.secret.kind === 'delete' ? earlierTime(context) : laterTime(context);
  const decided = decideAt(now, context, mailboxKey);
  return decided ? { ...decided, decision: inOurs(decided.decision) } : { kind: 'again' };
};

/** Does what is decided about a Secret whose address no account has. */
export const reconcileOrphan = async (context: ReconcileContext, mailboxKey: string): Promise<Next> => {
  const known = decideAt(context.clock.now(), context, mailboxKey);
  if (!known) return { kind: 'done' };
  const decided = known.decision.secret.kind === 'keep' ? known : await decideAfresh(context, mailboxKey, known);
  if (isNext(decided)) return decided;
  const { facts, decision } = decided;
  if (decision.secret.kind === 'keep') return { kind: 'done', requeueAt: decision.requeueAt };
  const ref = secretRefOf(mailboxKey);
  if (!context.mayWrite(ref.namespace)) return { kind: 'done' };
  const outcome = await doSecretAct(context, ref, decision.secret, facts.secret);
  context.metrics.wrote('secret', decision.secret.kind, outcome.kind);
  if (outcome.kind === 'refused') {
    const refused = refusal(context, mailboxKey, outcome);
    context.setbacks.refuse(mailboxKey, refused);
    return { kind: 'done', requeueAt: refused.retryAt };
  }
  if (outcome.kind !== 'done') return afterWrite(context, mailboxKey, outcome);
  context.world.wroteSecret(mailboxKey, facts.secret, outcome.value);
  context.log.info({ secret: mailboxKey, act: decision.secret.kind }, 'Secret without account');
  recordEvents(context.events, { apiVersion: 'v1', kind: 'Secret', ...ref, uid: facts.secret.uid }, decision.events);
  return { kind: 'done', requeueAt: decision.requeueAt };
};
