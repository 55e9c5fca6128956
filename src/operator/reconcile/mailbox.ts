import { earliestAfter } from '../../core/decision.ts';
import { holderOf } from '../../core/holder.ts';
import { annotation } from '../../api/record.ts';
import { accountKeyOf } from '../see/keys.ts';
import { lookAtAccount, lookAtSecret } from '../see/look.ts';
import { reconcileAccount } from './account.ts';
import { reconcileOrphan } from './orphan.ts';
import type { Next, Surroundings } from './surroundings.ts';

/** Reads the mailbox again, where a write was in vain or somebody else's Secret had its name. */
const lookAgain = async (op: Surroundings, mailboxKey: string): Promise<boolean> => {
  const { world, setbacks, clock } = op;
  const isNameInDoubt = setbacks.foreign(mailboxKey, clock.now()) === 'look';
  if (!setbacks.isUnsure(mailboxKey) && !isNameInDoubt) return true;
  const secret = await lookAtSecret(op, mailboxKey);
  if (!secret.ok) return false;
  if (secret.value === 'foreign') setbacks.nameTaken(mailboxKey, clock.now());
  else setbacks.nameFree(mailboxKey);
  if (setbacks.isUnsure(mailboxKey)) {
    for (const account of world.accountsOf(mailboxKey)) if (!(await lookAtAccount(op, account)).ok) return false;
  }
  setbacks.looked(mailboxKey);
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
  if (!(await lookAgain(op, mailboxKey))) return { kind: 'retry', atLeastMs: 0 };
  const accountKeys = holderFirst(op, mailboxKey);
  if (accountKeys.length === 0) return reconcileOrphan(op, mailboxKey);
  let requeueAt: number | undefined;
  for (const accountKey of accountKeys) {
    const next = await reconcileAccount(op, mailboxKey, accountKey);
    if (next.kind !== 'done') return next;
    requeueAt = earliestAfter(-Infinity, [requeueAt, next.requeueAt]);
  }
  return { kind: 'done', requeueAt };
};
