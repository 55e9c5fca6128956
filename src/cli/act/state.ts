import type { AccountCommand } from './plan.ts';
import { enforcedReason, inForce, notInForce, troubleOf } from './wait-results.ts';

/** `remove` and `enable`: the account's own switch. */
export const stateCommand = (state: 'Removed' | 'Enabled'): AccountCommand => {
  const isRemoval = state === 'Removed';
  return {
    asks: isRemoval ? 'erase the seed for good and switch off the second factor of' : 'switch on the second factor of',
    verbs: ['patch', 'remove'],
    isDated: false,
    ...(isRemoval && { isIrreversible: true }),
    plan: (account) =>
      account.spec.twoFactor?.state === state
        ? { kind: 'nothing', why: isRemoval ? 'is removed already' : 'is enabled already' }
        : {
            kind: 'change',
            changes: [{ field: 'state', value: state }],
            done: isRemoval ? 'removed; no second factor is asked for' : 'enabled',
          },
    waitResult: (account) => {
      const reason = enforcedReason(account);
      if (isRemoval) {
        const trouble = troubleOf(account, ['SuspensionTooLong', 'SecretInvalid']);
        return trouble ?? (reason === 'Removed' ? inForce('the seed is erased') : undefined);
      }
      const trouble = troubleOf(account, ['SuspensionTooLong']);
      if (trouble) return trouble;
      if (reason === 'PlatformDisabled') return notInForce('its platform is switched off');
      const { phase } = account.status ?? {};
      return phase === 'Off' ? undefined : inForce(`the second factor is on: ${phase ?? ''}`);
    },
  };
};
