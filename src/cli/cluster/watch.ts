import { accountsResource } from '../../api/names.ts';
import { systemClock } from '../../host/clock.ts';
import { silentLog } from '../../host/log.ts';
import { systemRandom } from '../../host/random.ts';
import { createReflector } from '../../kube/reflector.ts';
import { Tripwire } from '../../kube/tripwire.ts';
import { allNamespaces } from './accounts.ts';
import type { Cluster } from './connect.ts';
import type { Account, MailAccount } from './objects.ts';

export interface AccountWatch {
  readonly namespace: string;
  readonly fieldSelector?: string | undefined;
  /** Called for each account, first as it is and then at each change. */
  readonly onAccount: (account: Account) => void;
  readonly onGone?: (key: string) => void;
  /** All that there is has been told. */
  readonly onSynced?: () => void;
}

/** Follows accounts through every interruption until it is stopped. */
export const watchAccounts = (cluster: Cluster, watch: AccountWatch): { stop(): Promise<void> } => {
  const { namespace, fieldSelector, onAccount, onGone, onSynced } = watch;
  const reflector = createReflector<Account, MailAccount>({
    client: cluster.client,
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    resource: accountsResource,
    tripwire: new Tripwire(systemClock),
    ...(namespace !== allNamespaces && { namespace }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    project: (account) => account,
    handlers: {
      onUpsert: (_, account) => onAccount(account),
      onDelete: (key) => onGone?.(key),
      onSynced: () => onSynced?.(),
    },
  });
  reflector.start();
  return { stop: () => reflector.stop() };
};
