import { earliestAfter } from '../../core/decision.ts';
import { holderOf } from '../../core/holder.ts';
import { annotation } from '../../api/record.ts';
import { accountKeyOf } from '../see/keys.ts';
import { lookAtAccount } from '../see/look.ts';
import { reconcileAccount } from './account.ts';
import { lookAtName } from './look-at-name.ts';
import { reconcileOrphan } from './orphan.ts';
import { retry, type Next, type Surroundings } from './surroundings.ts';

/** Reads the mailbox again, where a write was in vain or somebody else's Secret had its name; false if that failed. */
const refreshIfUnsure = async (op: Surroundings, mailboxKey: string): Promise<boolean> => {
  const { world, setbacks, clock } = op;
  if (!setbacks.isUnsure(mailboxKey) && !setbacks.isNameInDoubt(mailboxKey, clock.now())) return true;
  if (!(await lookAtName(op, mailboxKey)).ok) return false;
  if (setbacks.isUnsure(mailboxKey)) {
    for (const account of world.accountsOf(mailboxKey)) if (!(await lookAtAccount(op, account)).ok) return false;
  }
  setbacks.clearUnsure(mailboxKey);
  return true;
};

/** Whoever holds the Secret comes first: the others' status speaks of it. */
const holderFirst = (op: Surroundings, mailboxKey: string): readonly string[] => {
  const accounts = op.world.accountsOf(mailboxKey);
  const holder = holderOf(op.world.secret(mailboxKey)?.annotations[annotation.account], accounts);
  return accounts.toSorted((a, b) => Number(b === holder) - Number(a === holder)).map(accountKeyOf);
};

/** Brings everything of one address in step: its accounts one after the other, or the Secret that none of them has. */
export const reconcileMailbox = async (op: Surroundings, mailboxKey: string): Promise<Next> => {
  if (!(await refreshIfUnsure(op, mailboxKey))) return retry;
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
