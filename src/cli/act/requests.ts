import { hashEnrollmentCode, inGroups, newEnrollmentCode } from '../../api/enrollment-code.ts';
import { formatSeconds, hourMs, parseMilliseconds, type Instant } from '../../api/instants.ts';
import { rowLimit } from '../../core/second-factor.ts';
import { systemRandom } from '../../host/random.ts';
import type { Account } from '../cluster/objects.ts';
import { enforcedReason, inForce, noteOf, notInForce, troubleOf } from './outcomes.ts';
import type { Change, Deed, Plan } from './plan.ts';
import { hoursOf, reasonOf } from './suspend.ts';

export interface ResetOptions {
  readonly reason?: string;
  readonly withCode?: boolean;
  readonly validHours?: string;
}

const defaultValidHours = '168';

/** A new enrolment code for one account: its change, and the code itself. */
const issue = (now: Instant, validHours: number): { readonly change: Change; readonly code: string } => {
  const code = newEnrollmentCode(systemRandom);
  const expiresAt = formatSeconds(now + validHours * hourMs);
  return {
    change: { field: 'enrollmentCode', value: { hash: hashEnrollmentCode(code, systemRandom), expiresAt } },
    code: `${inGroups(code)}   valid until ${expiresAt}`,
  };
};

/** `reset`: the next login shows a new QR code, after a new enrolment code if that is asked for. */
export const resetDeed = (options: ResetOptions): Deed => {
  const reason = reasonOf(options.reason);
  const validHours = hoursOf('--valid-hours', options.validHours ?? defaultValidHours);
  return {
    name: 'reset',
    asks: 'void the seed of',
    verbs: ['patch', 'reset'],
    plan: (account, { requestedAt }): Plan => {
      if (account.spec.twoFactor?.state === 'Removed') {
        return {
          kind: 'refused',
          why: `its second factor is removed: kubectl twofactor enable ${account.metadata.name}`,
        };
      }
      const reset: Change = { field: 'reset', value: { requestedAt: formatSeconds(requestedAt), ...reason } };
      const done = 'reset; the next login shows a new QR code';
      if (!options.withCode) return { kind: 'change', changes: [reset], done };
      const { change, code } = issue(requestedAt, validHours);
      // the code first: a QR code must not be shown without it
      return { kind: 'change', changes: [change, reset], done, secret: code };
    },
    outcome: (account, { requestedAt }, now) => {
      const mintedAt = parseMilliseconds(account.status?.seedMintedAt ?? '') ?? -Infinity;
      if (mintedAt >= requestedAt) return inForce('a new seed was minted; the next login shows a new QR code');
      // The reset may be the cure of the trouble that the status still tells of.
      return noteOf(account, 'reset') ?? (now < requestedAt ? undefined : troubleOf(account));
    },
  };
};

const isLockedForGood = ({ status }: Account): boolean =>
  status?.phase === 'Locked' && status.lockedUntil === undefined;

const needsReset = ({ metadata }: Account): string =>
  `${rowLimit} wrong codes in a row: only kubectl twofactor reset ${metadata.name} lifts that`;

/** `unlock`: wrong codes up to now no longer delay or lock. */
export const unlockDeed = (options: { readonly reason?: string }): Deed => {
  const reason = reasonOf(options.reason);
  return {
    name: 'unlock',
    asks: 'forget the wrong codes of',
    verbs: ['patch', 'unlock'],
    plan: (account, { requestedAt }) =>
      isLockedForGood(account)
        ? { kind: 'refused', why: needsReset(account) }
        : {
            kind: 'change',
            changes: [{ field: 'unlock', value: { requestedAt: formatSeconds(requestedAt), ...reason } }],
            done: 'unlocked',
          },
    outcome: (account, { requestedAt }, now) => {
      if (isLockedForGood(account)) return notInForce(needsReset(account));
      if (now < requestedAt) return undefined;
      return account.status?.phase === 'Locked' ? undefined : inForce('wrong codes up to now do not count');
    },
  };
};

/** `code`: a new enrolment code, shown once. */
export const codeDeed = (options: { readonly validHours?: string }): Deed => {
  const validHours = hoursOf('--valid-hours', options.validHours ?? defaultValidHours);
  return {
    name: 'code',
    asks: 'issue a new enrolment code for',
    verbs: ['patch', 'reset'],
    plan: (account, { requestedAt }) => {
      if (account.status?.enrolledAt !== undefined) {
        const why = `already enrolled ${account.status.enrolledAt}: kubectl twofactor reset ${account.metadata.name} --with-code asks it to enrol anew`;
        return { kind: 'refused', why };
      }
      const { change, code } = issue(requestedAt, validHours);
      return { kind: 'change', changes: [change], done: 'given a new enrolment code', secret: code };
    },
    outcome: (account) => {
      if (account.status?.phase === 'Off') return notInForce('its second factor is off: no QR code is shown');
      return troubleOf(account) ?? inForce('the QR code is shown to who also types the code');
    },
  };
};

/** `remove` and `enable`: the account's own switch. */
export const stateDeed = (state: 'Removed' | 'Enabled'): Deed => {
  const isRemoval = state === 'Removed';
  return {
    name: isRemoval ? 'remove' : 'enable',
    asks: isRemoval ? 'erase the seed and switch off the second factor of' : 'switch on the second factor of',
    verbs: ['patch', 'remove'],
    plan: (account) =>
      account.spec.twoFactor?.state === state
        ? { kind: 'nothing', why: isRemoval ? 'is removed already' : 'is enabled already' }
        : {
            kind: 'change',
            changes: [{ field: 'state', value: state }],
            done: isRemoval ? 'removed; no second factor is asked for' : 'enabled',
          },
    outcome: (account) => {
      const reason = enforcedReason(account);
      if (isRemoval) return reason === 'Removed' ? inForce('the seed is erased') : troubleOf(account);
      if (reason === 'PlatformDisabled') return notInForce('its platform is switched off');
      if (account.status?.phase === 'Off') return undefined;
      return troubleOf(account) ?? inForce(`the second factor is on: ${account.status?.phase ?? ''}`);
    },
  };
};
