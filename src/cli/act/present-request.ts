import { formatSeconds, parseSpecInstant } from '../../api/instants.ts';
import { isSoon, type Account } from '../cluster/objects.ts';
import type { PlanContext } from './plan.ts';

interface Request {
  readonly requestedAt: string;
  readonly reason?: string;
  readonly hours?: number;
}

/** Whether a request says the same as another, its instant perhaps written otherwise. */
export const isSame = (present: Request | undefined, wanted: Request): boolean =>
  present !== undefined &&
  parseSpecInstant(present.requestedAt) === parseSpecInstant(wanted.requestedAt) &&
  present.reason === wanted.reason &&
  present.hours === wanted.hours;

/** A request still to come, or one later than this: replacing it would withdraw it. */
export const replacedBy = (account: Account, field: 'reset' | 'unlock', { now, requestedAt }: PlanContext) => {
  const present = account.spec.twoFactor?.[field];
  const at = parseSpecInstant(present?.requestedAt ?? '');
  if (!present || at === undefined || at === requestedAt || (at <= requestedAt && isSoon(at, now))) return {};
  const reason = present.reason === undefined ? '' : ` (${present.reason})`;
  return { replaces: `the ${field} ${isSoon(at, now) ? 'of' : 'due'} ${formatSeconds(at)}${reason}` };
};
