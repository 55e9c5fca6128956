import { earliestAfter } from '../../core/decision.ts';
import { holderOf } from '../../core/holder.ts';
import { isSecretName } from '../../api/names.ts';
import { annotation } from '../../api/record.ts';
import { success, type Result } from '../../kube/client/errors.ts';
import { accountKeyOf, secretRefOf } from '../see/keys.ts';
import { lookAtAccount } from '../see/look.ts';
import { reconcileAccount } from './account.ts';
import { lookAtName } from './look-at-name.ts';
import { reconcileOrphan } from './orphan.ts';
import { afterFailedRead, type Next, type ReconcileContext } from './context.ts';

/** The accounts of a mailbox, as they are now. */
const lookAtAccounts = async (context: ReconcileContext, mailboxKey: string): Promise<Result<void>> => {
  for (const account of context.world.accountsOf(mailboxKey)) {
    const look = await lookAtAccount(context, account);
    if (!look.ok) return look;
  }
  return success(undefined);
};

/** Reads Secret and accounts again, where a write was in vain; the Secret alone, where somebody else's had its name. */
const refreshIfUnsure = async (context: ReconcileContext, mailboxKey: string): Promise<Result<void>> => {
  const { setbacks, clock } = context;
  if (!setbacks.isUnsure(mailboxKey) && !setbacks.isNameInDoubt(mailboxKey, clock.now())) return success(undefined);
  const name = await lookAtName(context, mailboxKey);
  if (!name.ok) return name;
  const accounts = setbacks.isUnsure(mailboxKey) ? await lookAtAccounts(context, mailboxKey) : success(undefined);
  if (accounts.ok) setbacks.clearUnsure(mailboxKey);
  return accounts;
};

/** Whoever holds the Secret comes first: the others' status speaks of it. */
const holderFirst = (context: ReconcileContext, mailboxKey: string): readonly string[] => {
  const accounts = context.world.accountsOf(mailboxKey);
  const holder = holderOf(context.world.secret(mailboxKey)?.annotations[annotation.account], accounts);
  return accounts.toSorted((a, b) => Number(b === holder) - Number(a === holder)).map(accountKeyOf);
};

/** A Secret that no account claims. No account was ever given one of another name: somebody's copy is not ours to delete. */
const reconcileUnclaimed = async (context: ReconcileContext, mailboxKey: string): Promise<Next> => {
  const { name } = secretRefOf(mailboxKey);
  if (isSecretName(name) || context.world.secret(mailboxKey) === undefined) return reconcileOrphan(context, mailboxKey);
  context.log.warn({ secret: mailboxKey }, 'left alone: no account has a Secret of this name');
  return { kind: 'done' };
};

/** Brings everything of one address in step: its accounts one after the other, or the Secret that none of them has. */
export const reconcileMailbox = async (context: ReconcileContext, mailboxKey: string): Promise<Next> => {
  const fresh = await refreshIfUnsure(context, mailboxKey);
  if (!fresh.ok) return afterFailedRead(context, mailboxKey, fresh.error);
  const accountKeys = holderFirst(context, mailboxKey);
  if (accountKeys.length === 0) return reconcileUnclaimed(context, mailboxKey);
  let requeueAt: number | undefined;
  let instead: (Next & { kind: 'retry' }) | undefined;
  for (const accountKey of accountKeys) {
    const next = await reconcileAccount(context, mailboxKey, accountKey);
    if (next.kind === 'again') return next;
    // One account's trouble is not the others'.
    if (next.kind === 'retry') instead = next;
    else requeueAt = earliestAfter(-Infinity, [requeueAt, next.requeueAt]);
  }
  return instead ? { ...instead, requeueAt } : { kind: 'done', requeueAt };
};
