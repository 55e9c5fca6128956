import { accountKind, apiVersion, accountsResource } from '../../api/names.ts';
import { sleep, systemClock } from '../../host/clock.ts';
import type { Result } from '../../kube/errors.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { managerOf, ownersOf, othersOwning } from '../cluster/ownership.ts';
import type { Change } from './plan.ts';

export interface WriteOptions {
  readonly force: boolean;
  /** The API server checks it and writes nothing. */
  readonly isDryRun: boolean;
  readonly signal?: AbortSignal;
}

const mergePatch = 'application/merge-patch+json';
const applyPatch = 'application/apply-patch+yaml';

/** A merge patch for the switch, and to take away what is not ours alone; server-side apply for the rest. */
const isMerged = (account: Account, { field, value }: Change): boolean =>
  field === 'state' || (value === undefined && ownersOf(account, field).some((owner) => owner !== managerOf[field]));

const send = (cluster: Cluster, account: Account, change: Change, options: WriteOptions): Promise<Result<Account>> => {
  const { field, value } = change;
  const { name, namespace = '', uid } = account.metadata;
  const merged = isMerged(account, change);
  const spec = merged ? { twoFactor: { [field]: value ?? null } } : value && { twoFactor: { [field]: value } };
  return cluster.client.request<Account>({
    method: 'PATCH',
    resource: accountsResource,
    address: { namespace, name },
    query: {
      fieldManager: managerOf[field],
      fieldValidation: 'Strict',
      force: !merged && options.force ? 'true' : undefined,
      dryRun: options.isDryRun ? 'All' : undefined,
    },
    // with the uid: an account deleted and made anew meanwhile is another
    body: { apiVersion, kind: accountKind, metadata: { name, namespace, uid }, ...(spec && { spec }) },
    contentType: merged ? mergePatch : applyPatch,
    ...(options.signal && { signal: options.signal }),
  });
};

const triesMost = 3;
const pauseMs = 500;

/** A dated request does nothing a second time, so what may have got lost is simply sent again. */
export const write = async (
  cluster: Cluster,
  account: Account,
  change: Change,
  options: WriteOptions,
): Promise<Result<Account>> => {
  for (let tries = 1; ; tries++) {
    const answer = await send(cluster, account, change, options);
    const isPassing = !answer.ok && ['unknownOutcome', 'unavailable'].includes(answer.error.kind);
    if (!isPassing || tries === triesMost || options.signal?.aborted) return answer;
    await sleep(systemClock, pauseMs * tries, options.signal);
  }
};

/** Who else owns what these changes would write. */
export const ownersInTheWay = (account: Account, changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.flatMap(({ field }) => othersOwning(account, field))),
];
