import { earliestAfter } from '../../core/decision.ts';
import { holderOf } from '../../core/holder.ts';
import { annotation } from '../../api/record.ts';
import { success, type Result } from '../../kube/client/errors.ts';
import { accountKeyOf } from '../see/keys.ts';
import { lookAtAccount } from '../see/look.ts';
import { reconcileAccount } from './account.ts';
import { lookAtName } from './look-at-name.ts';
import { reconcileOrphan } from './orphan.ts';
import { afterFailedRead, type Next, type Surroundings } from './surroundings.ts';

/** The accounts of a mailbox, as they are now. */
const lookAtAccounts = async (op: Surroundings, mailboxKey: string): Promise<Result<void>> => {
  for (const account of op.world.accountsOf(mailboxKey)) {
    const look = await lookAtAccount(op, account);
    if (!look.ok) return look;
  }
  return success(undefined);
};

/** Reads Secret and accounts again, where a write was in vain; the Secret alone, where somebody else's had its name. */
const refreshIfUnsure = async (op: Surroundings, mailboxKey: string): Promise<Result<void>> => {
  const { setbacks, clock } = op;
  if (!setbacks.isUnsure(mailboxKey) && !setbacks.isNameInDoubt(mailboxKey, clock.now())) return success(undefined);
  const name = await lookAtName(op, mailboxKey);
  if (!name.ok) return name;
  const accounts = setbacks.isUnsure(mailboxKey) ? await lookAtAccounts(op, mailboxKey) : success(undefined);
  if (accounts.ok) setbacks.clearUnsure(mailboxKey);
  return accounts;
};

/** Whoever holds the Secret comes first: the others' status speaks of it. */
const holderFirst = (op: Surroundings, mailboxKey: string): readonly string[] => {
  const accounts = op.world.accountsOf(mailboxKey);
  const holder = holderOf(op.world.secret(mailboxKey)?.annotations[annotation.account], accounts);
  return accounts.toSorted((a, b) => Number(b === holder) - Number(a === holder)).map(accountKeyOf);
};

/** Brings everything of one address in step: its accounts one after the other, or the Secret that none of them has. */
export const reconcileMailbox = async (op: Surroundings, mailboxKey: string): Promise<Next> => {
  const fresh = await refreshIfUnsure(op, mailboxKey);
  if (!fresh.ok) return afterFailedRead(op, mailboxKey, fresh.error);
  const accountKeys = holderFirst(op, mailboxKey);
  if (accountKeys.length === 0) return reconcileOrphan(op, mailboxKey);
  let requeueAt: number | undefined;
  let instead: (Next & { kind: 'retry' }) | undefined;
  for (const accountKey of accountKeys) {
    const next = await reconcileAccount(op, mailboxKey, accountKey);
    if (next.kind === 'again') return next;
    // One account's trouble is not the others'.
    if (next.kind === 'retry') instead = next;
    else requeueAt = earliestAfter(-Infinity, [requeueAt, next.requeueAt]);
  }
  return instead ? { ...instead, requeueAt } : { kind: 'done', requeueAt };
};
