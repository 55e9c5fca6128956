import { conditionOf } from '../../core/conditions.ts';
import type { Account } from '../cluster/objects.ts';
import type { Outcome } from './plan.ts';

export const inForce = (says: string): Outcome => ({ isInForce: true, says });
export const notInForce = (says: string): Outcome => ({ isInForce: false, says });

const ready = ({ status = {} }: Account) => conditionOf(status, 'Ready');

/** Why the account is not as its spec asks, in Ready's words. */
export const troubleOf = (account: Account): Outcome | undefined => {
  const condition = ready(account);
  return condition?.status === 'False' ? notInForce(`${condition.reason}: ${condition.message}`) : undefined;
};

/** What Ready's message says of a request (`suspension`, `reset`) that waits or has no effect. */
export const noteOf = (account: Account, request: string): Outcome | undefined => {
  const parts = (ready(account)?.message ?? '').split('; ');
  const note = parts.find((part) => part.startsWith(request) && /has no effect|waits/.test(part));
  return note === undefined ? undefined : notInForce(note);
};

export const enforcedReason = ({ status = {} }: Account): string | undefined => conditionOf(status, 'Enforced')?.reason;
