import { conditionOf } from '../../core/conditions.ts';
import type { Problem } from '../../core/problems.ts';
import type { Account } from '../cluster/objects.ts';
import type { WaitResult } from './plan.ts';

export const inForce = (says: string): WaitResult => ({ isInForce: true, says });
/** The request was written; nothing was heard of it since. */
export const notKnown = (why: string): WaitResult => ({
  isInForce: undefined,
  says: `requested; whether it is in force is not known${why}`,
});
export const notInForce = (says: string): WaitResult => ({ isInForce: false, says });

/** Why the account is not as its spec asks, by Ready's reason; those named do not stand in this request's way. */
export const troubleOf = ({ status = {} }: Account, harmless: readonly Problem['reason'][]): WaitResult | undefined => {
  const ready = conditionOf(status, 'Ready');
  if (ready?.status !== 'False' || harmless.some((reason) => reason === ready.reason)) return undefined;
  return notInForce(`${ready.reason}: ${ready.message}`);
};

/** Nobody is asked for a second factor, so this request changes nothing now; Enforced says why. */
export const whileOff = ({ status = {} }: Account, effect: string): WaitResult | undefined =>
  status.phase === 'Off'
    ? notInForce(`${effect}: ${conditionOf(status, 'Enforced')?.message ?? 'second factor is off'}`)
    : undefined;

/** The login is refused, whatever was asked for. */
export const whileBlocked = ({ status = {} }: Account): WaitResult | undefined =>
  status.phase === 'Blocked'
    ? notInForce(`the login is refused: ${conditionOf(status, 'Enforced')?.reason ?? 'see Ready'}`)
    : undefined;

export const enforcedReason = ({ status = {} }: Account): string | undefined => conditionOf(status, 'Enforced')?.reason;
