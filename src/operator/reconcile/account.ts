import { decide } from '../../core/decide.ts';
import { isIrreversible, type Decision, type SecretAct } from '../../core/decision.ts';
import type { AccountFacts, Facts } from '../../core/facts.ts';
import { apiVersion, accountKind } from '../../api/names.ts';
import { doSecretAct } from '../do/secret.ts';
import { statusPatch, writeStatus } from '../do/status.ts';
import { accountKeyOf, platformKeyOf, secretRefOf } from '../see/keys.ts';
import { lookAtAccount, lookAtPlatform } from '../see/look.ts';
import { accountsResource } from '../see/objects.ts';
import { afterWrite, refusal } from './after-write.ts';
import { recordEvents } from './events.ts';
import type { Next, Surroundings } from './surroundings.ts';

/** The facts about one account of a mailbox; undefined once it is gone. */
const factsOf = (op: Surroundings, mailboxKey: string, accountKey: string): Facts | undefined => {
  const { world, setbacks, clock } = op;
  const account = world.account(accountKey);
  if (!account) return undefined;
  const now = clock.now();
  return {
    account,
    rivals: world.accountsOf(mailboxKey).filter((other) => other !== account),
    platform: world.platform(platformKeyOf(account.namespace, account.spec.platformRef.name)),
    secret: world.secret(mailboxKey) ?? (setbacks.foreign(mailboxKey, now) === 'no' ? undefined : 'foreign'),
    refusedWrite: setbacks.refused(mailboxKey),
    holdUntil: setbacks.holdUntil(now),
  };
};

interface Decided {
  readonly facts: Facts;
  readonly decision: Decision;
}

const decideNow = (op: Surroundings, mailboxKey: string, accountKey: string): Decided | undefined => {
  const facts = factsOf(op, mailboxKey, accountKey);
  return facts && { facts, decision: decide(facts, op.clock.now()) };
};

/** Before what can't be undone: the account and its platform as they are now, and what follows from them. */
const decideAfresh = async (op: Surroundings, mailboxKey: string, account: AccountFacts): Promise<Decided | Next> => {
  const { namespace, spec } = account;
  const looks = await Promise.all([lookAtAccount(op, account), lookAtPlatform(op, namespace, spec.platformRef.name)]);
  for (const look of looks) if (!look.ok) return { kind: 'retry', atLeastMs: 0 };
  return decideNow(op, mailboxKey, accountKeyOf(account)) ?? { kind: 'again' };
};

/** Does the act; answers with the decision whose status is then to be written, or with what to do instead. */
const doAct = async (op: Surroundings, mailboxKey: string, decided: Decided): Promise<Decided | Next> => {
  const { facts, decision } = decided;
  const before = facts.secret === 'foreign' ? undefined : facts.secret;
  const outcome = await doSecretAct(op, secretRefOf(mailboxKey), decision.secret, before);
  op.metrics.wrote('secret', decision.secret.kind, outcome.kind);
  if (outcome.kind === 'done') {
    op.world.wroteSecret(mailboxKey, before, outcome.value);
    return decided;
  }
  if (outcome.kind !== 'refused') return afterWrite(op, mailboxKey, outcome);
  op.setbacks.refuse(mailboxKey, refusal(op, outcome));
  return decideNow(op, mailboxKey, accountKeyOf(facts.account)) ?? { kind: 'again' };
};

const eventsRegarding = ({ namespace, name, uid, resourceVersion }: AccountFacts) => ({
  apiVersion,
  kind: accountKind,
  namespace,
  name,
  uid,
  resourceVersion,
});

/** Writes the status if it says something new, and tells what it shows. */
const say = async (
  op: Surroundings,
  mailboxKey: string,
  { facts: { account }, decision }: Decided,
  done: SecretAct,
): Promise<Next | undefined> => {
  const patch = statusPatch(account.status, decision.status);
  if (patch) {
    if (!op.mayWrite()) return { kind: 'done' };
    const outcome = await writeStatus(op, accountsResource, account, account.resourceVersion, patch);
    op.metrics.wrote('account-status', 'patch', outcome.kind);
    if (outcome.kind !== 'done') return afterWrite(op, mailboxKey, outcome);
    op.world.wroteStatus(account, outcome.value, decision.status);
  }
  recordEvents(op.events, eventsRegarding(account), decision.events);
  if (patch || done.kind !== 'keep') logReconciled(op, account, decision, done);
  return undefined;
};

const logReconciled = ({ log }: Surroundings, account: AccountFacts, { status }: Decision, done: SecretAct): void => {
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.reason;
  log.info({ account: accountKeyOf(account), secret: done.kind, phase: status.phase, ready }, 'reconciled');
};

const isNext = (value: Decided | Next): value is Next => 'kind' in value;

/** Brings one account's Secret and status in step with what its spec and its platform say. */
export const reconcileAccount = async (op: Surroundings, mailboxKey: string, accountKey: string): Promise<Next> => {
  let decided: Decided | Next | undefined = decideNow(op, mailboxKey, accountKey);
  if (!decided) return { kind: 'again' };
  if (isIrreversible(decided.decision.secret)) {
    decided = await decideAfresh(op, mailboxKey, decided.facts.account);
    if (isNext(decided)) return decided;
  }
  const act = decided.decision.secret;
  if (act.kind !== 'keep') {
    if (!op.mayWrite()) return { kind: 'done' };
    decided = await doAct(op, mailboxKey, decided);
    if (isNext(decided)) return decided;
  }
  const done: SecretAct = decided.decision.secret.kind === 'keep' ? { kind: 'keep' } : act;
  const instead = await say(op, mailboxKey, decided, done);
  if (instead) return instead;
  op.world.decided(accountKey, decided.facts.platform?.generation);
  return { kind: 'done', requeueAt: decided.decision.requeueAt };
};
