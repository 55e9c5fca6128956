import type { Instant } from '../../api/instants.ts';
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
import { afterFailedRead, isNext, type Next, type Surroundings } from './surroundings.ts';
import { earlierTime } from './two-clocks.ts';

/** The facts about one account of a mailbox; undefined once it is gone. */
const factsOf = (
  { world, setbacks }: Surroundings,
  mailboxKey: string,
  accountKey: string,
  now: Instant,
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
  };
};

interface Decided {
  readonly facts: Facts;
  readonly decision: Decision;
  /** Of the platform, as it was when this was decided. */
  readonly round: number | undefined;
}

const decideAt = (now: Instant, op: Surroundings, mailboxKey: string, accountKey: string): Decided | undefined => {
  const facts = factsOf(op, mailboxKey, accountKey, now);
  if (!facts) return undefined;
  const { namespace, spec } = facts.account;
  const round = op.world.tally(platformKeyOf(namespace, spec.platformRef.name))?.round;
  return { facts, decision: decide(facts, now), round };
};

const decideNow = (op: Surroundings, mailboxKey: string, accountKey: string): Decided | undefined =>
  decideAt(op.clock.now(), op, mailboxKey, accountKey);

/**
 * Whoever has the address now. An account that the Secret names is its holder, whatever others there are, so that one alone
 * is read: cheap by its name, where a search by address makes the API server look at every account of the namespace.
 */
const lookAtClaims = (op: Surroundings, mailboxKey: string, { namespace, name, spec }: AccountFacts) =>
  op.world.secret(mailboxKey)?.annotations[annotation.account] === name
    ? lookAtAccount(op, { namespace, name })
    : lookForAccounts(op, mailboxKey, spec.address);

/** Before what can't be undone: the account and its platform as they are now, and what follows from them. */
const decideAfresh = async (op: Surroundings, mailboxKey: string, account: AccountFacts): Promise<Decided | Next> => {
  const { namespace, spec } = account;
  const claims = await lookAtClaims(op, mailboxKey, account);
  if (!claims.ok) return afterFailedRead(op, mailboxKey, claims.error);
  const platform = await lookAtPlatform(op, namespace, spec.platformRef.name);
  if (!platform.ok) return afterFailedRead(op, mailboxKey, platform.error);
  const { now, inOurs } = earlierTime(op);
  const decided = decideAt(now, op, mailboxKey, accountKeyOf(account));
  return decided ? { ...decided, decision: inOurs(decided.decision) } : { kind: 'again' };
};

/** A decision whose act is done, so that its status can be written. */
interface Acted extends Decided {
  readonly done: SecretAct['kind'];
}

/** Does the act; answers with what is then to be said, or with what to do instead. */
const act = async (op: Surroundings, mailboxKey: string, decided: Decided): Promise<Acted | Next> => {
  const { facts, decision } = decided;
  if (decision.secret.kind === 'keep') return { ...decided, done: 'keep' };
  if (!op.mayWrite(facts.account.namespace)) return { kind: 'done' };
  const before = isForeign(facts.secret) ? undefined : facts.secret;
  const outcome = await doSecretAct(op, secretRefOf(mailboxKey), decision.secret, before);
  op.metrics.wrote('secret', decision.secret.kind, outcome.kind);
  if (outcome.kind === 'done') {
    op.world.wroteSecret(mailboxKey, before, outcome.value);
    return { ...decided, done: decision.secret.kind };
  }
  if (outcome.kind !== 'refused') return afterWrite(op, mailboxKey, outcome);
  op.setbacks.refuse(mailboxKey, refusal(op, mailboxKey, outcome));
  const again = decideNow(op, mailboxKey, accountKeyOf(facts.account));
  return again ? { ...again, done: 'keep' } : { kind: 'again' };
};

const logReconciled = ({ log }: Surroundings, { facts: { account }, decision: { status }, done }: Acted): void => {
  const ready = conditionOf(status, 'Ready')?.reason;
  log.info({ account: accountKeyOf(account), secret: done, phase: status.phase, ready }, 'reconciled');
};

/** Writes the status if it says something new, and tells what it shows. */
const writeStatusAndTell = async (op: Surroundings, mailboxKey: string, acted: Acted): Promise<Next> => {
  const { facts, decision, round, done } = acted;
  const { account } = facts;
  const patch = statusPatch(account.status, decision.status);
  if (patch) {
    if (!op.mayWrite(account.namespace)) return { kind: 'done' };
    const outcome = await writeStatus(op, accountsResource, account, account.resourceVersion, patch);
    op.metrics.wrote('account-status', 'patch', outcome.kind);
    // Decided all the same: the platform must not wait for one account that somebody's policy refuses.
    if (outcome.kind === 'refused') op.world.decided(accountKeyOf(account), round);
    if (outcome.kind !== 'done') return afterWrite(op, mailboxKey, outcome);
    op.world.wroteStatus(account, outcome.value, decision.status);
  }
  recordEvents(op.events, regardingOf(accountKind, account), decision.events);
  if (patch || done !== 'keep') logReconciled(op, acted);
  op.world.decided(accountKeyOf(account), round);
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
export const reconcileAccount = async (op: Surroundings, mailboxKey: string, accountKey: string): Promise<Next> => {
  const known = decideNow(op, mailboxKey, accountKey);
  if (!known) return { kind: 'again' };
  if (missesItsSecret(known)) {
    const found = await lookAtName(op, mailboxKey);
    if (!found.ok) return afterFailedRead(op, mailboxKey, found.error);
    if (found.value !== 'none') return { kind: 'again' };
  }
  const isFinal = isIrreversible(known.decision.secret);
  const decided = isFinal ? await decideAfresh(op, mailboxKey, known.facts.account) : known;
  if (isNext(decided)) return decided;
  const acted = await act(op, mailboxKey, decided);
  return isNext(acted) ? acted : writeStatusAndTell(op, mailboxKey, acted);
};
