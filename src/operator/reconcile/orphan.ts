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
import { afterFailedRead, isNext, type Next, type Surroundings } from './surroundings.ts';
import { earlierTime, laterTime } from './two-clocks.ts';

/** How soon to ask again whether the CRDs are there to stay. */
const crdLookMs = 60_000;

const factsOf = ({ world, setbacks }: Surroundings, mailboxKey: string, now: Instant): OrphanFacts | undefined => {
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

const decideAt = (now: Instant, op: Surroundings, mailboxKey: string): Decided | undefined => {
  const facts = factsOf(op, mailboxKey, now);
  return facts && { facts, decision: decideOrphan(facts, now) };
};

/** Before anything is done: is there really no account, what does the platform say, and are the CRDs to stay? */
const decideAfresh = async (op: Surroundings, mailboxKey: string, known: Decided): Promise<Decided | Next> => {
  const { namespace } = secretRefOf(mailboxKey);
  const { annotations, platformLabel } = known.facts.secret;
  const accounts = await lookForAccounts(op, mailboxKey, annotations[annotation.address]);
  if (!accounts.ok) return afterFailedRead(op, mailboxKey, accounts.error);
  const platform = platformLabel === undefined ? undefined : await lookAtPlatform(op, namespace, platformLabel);
  if (platform && !platform.ok) return afterFailedRead(op, mailboxKey, platform.error);
  const stand = await crdsStand(op);
  if (!stand.ok) return afterFailedRead(op, mailboxKey, stand.error);
  if (!stand.value) {
    op.log.warn({ secret: mailboxKey }, 'a CRD is missing or being deleted: Secrets without account are left alone');
    return { kind: 'done', requeueAt: op.clock.now() + crdLookMs };
  }
  // Else a grace period begins.
  const { now, inOurs } = known.decision.secret.kind === 'delete' ? earlierTime(op) : laterTime(op);
  const decided = decideAt(now, op, mailboxKey);
  return decided ? { ...decided, decision: inOurs(decided.decision) } : { kind: 'again' };
};

/** Does what is decided about a Secret whose address no account has. */
export const reconcileOrphan = async (op: Surroundings, mailboxKey: string): Promise<Next> => {
  const known = decideAt(op.clock.now(), op, mailboxKey);
  if (!known) return { kind: 'done' };
  const decided = known.decision.secret.kind === 'keep' ? known : await decideAfresh(op, mailboxKey, known);
  if (isNext(decided)) return decided;
  const { facts, decision } = decided;
  if (decision.secret.kind === 'keep') return { kind: 'done', requeueAt: decision.requeueAt };
  const ref = secretRefOf(mailboxKey);
  if (!op.mayWrite(ref.namespace)) return { kind: 'done' };
  const outcome = await doSecretAct(op, ref, decision.secret, facts.secret);
  op.metrics.wrote('secret', decision.secret.kind, outcome.kind);
  if (outcome.kind === 'refused') {
    const refused = refusal(op, mailboxKey, outcome);
    op.setbacks.refuse(mailboxKey, refused);
    return { kind: 'done', requeueAt: refused.retryAt };
  }
  if (outcome.kind !== 'done') return afterWrite(op, mailboxKey, outcome);
  op.world.wroteSecret(mailboxKey, facts.secret, outcome.value);
  op.log.info({ secret: mailboxKey, act: decision.secret.kind }, 'Secret without account');
  recordEvents(op.events, { apiVersion: 'v1', kind: 'Secret', ...ref, uid: facts.secret.uid }, decision.events);
  return { kind: 'done', requeueAt: decision.requeueAt };
};
