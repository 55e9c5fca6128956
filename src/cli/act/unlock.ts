import { formatSeconds, type Instant } from '../../api/instants.ts';
import { conditionOf } from '../../core/conditions.ts';
import { unlockDone } from '../../core/notes.ts';
import { rowLimit } from '../../core/second-factor.ts';
import { isSoon, type Account } from '../cluster/objects.ts';
import { instantOf, reasonOf } from '../frame/option-values.ts';
import { refused, withoutPlatform } from './no-effect.ts';
import type { AccountCommand, WaitResult } from './plan.ts';
import { isSame, replacedBy } from './present-request.ts';
import { inForce, notInForce, troubleOf } from './wait-results.ts';

interface UnlockOptions {
  readonly reason?: string;
  readonly requestedAt?: string;
}

export const isLockedForGood = ({ status }: Account): boolean =>
  status?.phase === 'Locked' && status.lockedUntil === undefined;

export const needsReset = ({ metadata }: Account): string =>
  `${rowLimit} wrong codes in a row: only kubectl twofactor reset ${metadata.name} lifts that; ` +
  `kubectl twofactor unlock ${metadata.name} afterwards, if it is locked still`;

/** By Ready's message: that is the only trace of an unlock in a status, where nobody need have been locked before. */
const isUnlockDone = ({ status = {} }: Account, at: Instant): boolean =>
  unlockDone(at).isIn(conditionOf(status, 'Ready')?.message ?? '');

const unlockResult = (account: Account, requestedAt: Instant): WaitResult | undefined => {
  if (isLockedForGood(account)) return notInForce(needsReset(account));
  const trouble = troubleOf(account, ['SuspensionTooLong', 'StorageWentBack']);
  if (trouble) return trouble;
  if (!isUnlockDone(account, requestedAt)) return undefined;
  const { phase, lockedUntil = '' } = account.status ?? {};
  return phase === 'Locked'
    ? notInForce(`locked again until ${lockedUntil}: there were more wrong codes since`)
    : inForce('wrong codes up to now do not count');
};

/** `unlock`: wrong codes up to now no longer delay or lock. */
export const unlockCommand = (options: UnlockOptions): AccountCommand => {
  const reason = reasonOf(options.reason);
  return {
    asks: 'forget the wrong codes of',
    verbs: ['patch', 'unlock'],
    isDated: true,
    requestedAt: instantOf('--requested-at', options.requestedAt),
    plan: (account, context) => {
      const { now, requestedAt } = context;
      if (isLockedForGood(account)) return refused(needsReset(account));
      const why = withoutPlatform(account, context, 'an unlock');
      if (why) return why;
      const value = { requestedAt: formatSeconds(requestedAt), ...reason };
      const at = value.requestedAt;
      const isRepeated = isSame(account.spec.twoFactor?.unlock, value);
      const when = isSoon(requestedAt, now) ? 'requested' : 'due';
      const done = isRepeated ? `unlock of ${at} was requested before` : `unlocked, ${when} ${at}`;
      return { kind: 'change', changes: [{ field: 'unlock', value }], done, ...replacedBy(account, 'unlock', context) };
    },
    waitResult: (account, { requestedAt }) => unlockResult(account, requestedAt),
  };
};
