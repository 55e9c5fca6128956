import { conditionOf } from '../../core/conditions.ts';
import { decide } from '../../core/decide.ts';
import { isIrreversible, type Decision, type SecretAct } from '../../core/decision.ts';
import { isForeign, type AccountFacts, type Facts } from '../../core/facts.ts';
import { accountKind, accountsResource } from '../../api/names.ts';
import { annotation } from '../../api/record.ts';
import { doSecretAct } from '../do/secret.ts';
import { statusPatch, writeStatus } from '../do/status.ts';
import { accountKeyOf, platformKeyOf, secretRefOf } from '../see/keys.ts';
import { lookAtAccount, lookAtPlatform, lookForAccounts } from '../see/look.ts';
import { afterWrite, refusal } from './after-write.ts';
import { recordEvents, regardingOf } from './events.ts';
import { lookAtName } from './look-at-name.ts';
import { afterFailedRead, isNext, type Next, type ReconcileContext } from './context.ts';
import { earlierTime, ourTime, type Time } from './two-clocks.ts';

/** The facts about one account of a mailbox; undefined once it is gone. */
const factsOf = (
  { world, setbacks }: ReconcileContext,
  mailboxKey: string,
  accountKey: string,
  { now, serverNow }: Time,
): Facts | undefined => {
  const account = world.account(accountKey);
  if (!account) return undefined;
  return {
    account,
    rivals: world.accountsOf(mailboxKey).filter((other) => other !== account),
    platform: world.platform(platformKeyOf(account.namespace, account.spec.platformRef.name)),
    secret: world.secret(mailboxKey) ?? setbacks.foreign(mailboxKey, now),
    refusedWrite: setbacks.refused(mailboxKey),
    holdUntil: setbacks.holdUntil(now),
    serverNow,
  };
};

interface Decided {
  readonly facts: Facts;
  readonly decision: Decision;
  /** Of the platform, as it was when this was decided. */
  readonly round: number | undefined;
}

const decideAt = (
  time: Time,
  context: ReconcileContext,
  mailboxKey: string,
  accountKey: string,
): Decided | undefined => {
  const facts = factsOf(context, mailboxKey, accountKey, time);
  if (!facts) return undefined;
  const { namespace, spec } = facts.account;
  const round = context.world.tally(platformKeyOf(namespace, spec.platformRef.name))?.round;
  return { facts, decision: time.inOurs(decide(facts, time.now)), round };
};

const decideNow = (context: ReconcileContext, mailboxKey: string, accountKey: string): Decided | undefined =>
  decideAt(ourTime(context), context, mailboxKey, accountKey);

/**
 * Whoever has the address now. An account that the Secret names is its holder, whatever others there are, so that one alone
 * is read: cheap by its name, where a search by address makes the API server look at every account of the namespace.
 */
const lookAtClaims = (context: ReconcileContext, mailboxKey: string, { namespace, name, spec }: AccountFacts) =>
  context.world.secret(mailboxKey)?.annotations[annotation.account] === name
    ? lookAtAccount(context, { namespace, name })
    : lookForAccounts(context, mailboxKey, spec.address);

/** Before what can't be undone: the account and its platform as they are now, and what follows from them. */
const decideAfresh = async (
  context: ReconcileContext,
  mailboxKey: string,
  account: AccountFacts,
): Promise<Decided | Next> => {
  const { namespace, spec } = account;
  const claims = await lookAtClaims(context, mailboxKey, account);
  if (!claims.ok) return afterFailedRead(context, mailboxKey, claims.error);
  const platform = await lookAtPlatform(context, namespace, spec.platformRef.name);
  if (!platform.ok) return afterFailedRead(context, mailboxKey, platform.error);
  return decideAt(earlierTime(context), context, mailboxKey, accountKeyOf(account)) ?? { kind: 'again' };
};

/** A decision whose act is done, so that its status can be written. */
interface Acted extends Decided {
  readonly done: SecretAct['kind'];
}

/** Does the act; answers with what is then to be said, or with what to do instead. */
const act = async (context: ReconcileContext, mailboxKey: string, decided: Decided): Promise<Acted | Next> => {
  const { facts, decision } = decided;
  if (decision.secret.kind === 'keep') return { ...decided, done: 'keep' };
  if (!context.mayWrite(facts.account.namespace)) return { kind: 'done' };
  const before = isForeign(facts.secret) ? undefined : facts.secret;
  const outcome = await doSecretAct(context, secretRefOf(mailboxKey), decision.secret, before);
  context.metrics.wrote('secret', decision.secret.kind, outcome.kind);
  if (outcome.kind === 'done') {
    context.world.wroteSecret(mailboxKey, before, outcome.value);
    return { ...decided, done: decision.secret.kind };
  }
  if (outcome.kind !== 'refused') return afterWrite(context, mailboxKey, outcome);
  context.setbacks.refuse(mailboxKey, refusal(context, mailboxKey, outcome));
  const again = decideNow(context, mailboxKey, accountKeyOf(facts.account));
  return again ? { ...again, done: 'keep' } : { kind: 'again' };
};

const logReconciled = ({ log }: ReconcileContext, { facts: { account }, decision: { status }, done }: Acted): void => {
  const ready = conditionOf(status, 'Ready')?.reason;
  log.info({ account: accountKeyOf(account), secret: done, phase: status.phase, ready }, 'reconciled');
};

/** Writes the status if it says something new, and tells what it shows. */
const writeStatusAndTell = async (context: ReconcileContext, mailboxKey: string, acted: Acted): Promise<Next> => {
  const { facts, decision, round, done } = acted;
  const { account } = facts;
  const patch = statusPatch(account.status, decision.status);
  if (patch) {
    if (!context.mayWrite(account.namespace)) return { kind: 'done' };
    const outcome = await writeStatus(context, accountsResource, account, account.resourceVersion, patch);
    context.metrics.wrote('account-status', 'patch', outcome.kind);
    // Decided all the same: the platform must not wait for one account that somebody's policy refuses.
    if (outcome.kind === 'refused') context.world.decided(accountKeyOf(account), round);
    if (outcome.kind !== 'done') return afterWrite(context, mailboxKey, outcome);
    context.world.wroteStatus(account, outcome.value, decision.status);
  }
  recordEvents(context.events, regardingOf(accountKind, account), decision.events);
  if (patch || done !== 'keep') logReconciled(context, acted);
  context.world.decided(accountKeyOf(account), round);
  return { kind: 'done', requeueAt: decision.requeueAt };
};

/** Where nothing is created, nothing meets what may have the Secret's name meanwhile. */
const blindAt: readonly (string | undefined)[] = ['SeedLost', 'PlatformNotFound'];

/** Not where the loss is said already of this spec: thousands that wait for a backup are not looked for at each decision. */
const missesItsSecret = ({ facts: { account, secret }, decision }: Decided): boolean => {
  const said = conditionOf(account.status, 'Ready');
  const isSaid = said?.reason === 'SeedLost' && said.observedGeneration === account.generation;
  return (
    !isSaid &&
    secret === undefined &&
    account.status.seedMintedAt !== undefined &&
    decision.secret.kind === 'keep' &&
    blindAt.includes(conditionOf(decision.status, 'Ready')?.reason)
  );
};

/** Brings one account's Secret and status in step with what its spec and its platform say. */
export const reconcileAccount = async (
  context: ReconcileContext,
  mailboxKey: string,
  accountKey: string,
): Promise<Next> => {
  const known = decideNow(context, mailboxKey, accountKey);
  if (!known) return { kind: 'again' };
  if (missesItsSecret(known)) {
    const found = await lookAtName(context, mailboxKey);
    if (!found.ok) return afterFailedRead(context, mailboxKey, found.error);
    if (found.value !== 'none') return { kind: 'again' };
  }
  const isFinal = isIrreversible(known.decision.secret);
  const decided = isFinal ? await decideAfresh(context, mailboxKey, known.facts.account) : known;
  if (isNext(decided)) return decided;
  const acted = await act(context, mailboxKey, decided);
  return isNext(acted) ? acted : writeStatusAndTell(context, mailboxKey, acted);
};
