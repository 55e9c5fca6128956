import { offMessages } from '../../core/account-conditions.ts';
import type { OffReason } from '../../core/findings.ts';
import { offReasonOf } from '../../core/on-platform.ts';
import { readAccount, understood } from '../../core/wishes.ts';
import type { Account } from '../cluster/objects.ts';
import type { AccountPlan, PlanContext } from './plan.ts';

type Seen = Pick<PlanContext, 'platformOf'>;

export type RefusedPlan = AccountPlan & { readonly kind: 'refused' };

export const refused = (why: string): RefusedPlan => ({ kind: 'refused', why });

/** Why the account is asked for no second factor, as the operator decides it. */
export const offReasonSeen = (account: Account, { platformOf }: Seen): OffReason | undefined => {
  const [wishes, platform] = [understood(readAccount(account.spec)), platformOf(account)];
  return wishes && platform && offReasonOf({ account: wishes, platform });
};

/** Without a platform the operator follows no request. */
export const withoutPlatform = (account: Account, { platformOf }: Seen, request: string) => {
  if (platformOf(account)) return undefined;
  const { name } = account.spec.platformRef;
  return refused(`${request} has no effect: there is no ExchangePlatform ${name}, or it can't be understood`);
};

/** Where nobody is asked for a second factor, a request about what is asked changes nothing. */
export const whereOff = (account: Account, context: Seen, request: string) => {
  const reason = offReasonSeen(account, context);
  if (reason === undefined) return undefined;
  const enable = reason === 'Removed' ? `: kubectl twofactor enable ${account.metadata.name}` : '';
  return refused(`${request} has no effect: ${offMessages[reason]}${enable}`);
};
