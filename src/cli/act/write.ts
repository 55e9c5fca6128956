import { isDeepStrictEqual } from 'node:util';
import { accountKind, apiVersion, accountsResource } from '../../api/names.ts';
import { sleep, systemClock } from '../../host/clock.ts';
import { systemRandom } from '../../host/random.ts';
import { Backoff } from '../../kube/backoff.ts';
import { success, type KubeError, type Result } from '../../kube/client/errors.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account, MailAccount } from '../cluster/objects.ts';
import { managerOf, ownersOf, othersOwning } from '../cluster/ownership.ts';
import type { Patience } from './patience.ts';
import type { Change } from './plan.ts';

export interface WriteOptions {
  readonly force: boolean;
  /** The API server checks it and writes nothing. */
  readonly isDryRun: boolean;
  /** No other try begins. */
  readonly stopped: AbortSignal;
  /** What is under way ends at once. */
  readonly abandoned: AbortSignal;
  readonly patience: Patience;
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
    signal: options.abandoned,
  });
};

/** Whether an account says so without being written. */
export const saysAlready = ({ spec }: Account, { field, value }: Change): boolean =>
  isDeepStrictEqual(spec.twoFactor?.[field], value);

/** The account, if it says what was to be written: the answer got lost, not the write. */
const lookAgain = async (
  cluster: Cluster,
  account: Account,
  change: Change,
  { isDryRun, abandoned }: WriteOptions,
): Promise<Account | undefined> => {
  if (isDryRun) return undefined;
  const { name, namespace = '', uid } = account.metadata;
  const answer = await cluster.client.get<MailAccount>(accountsResource, { namespace, name }, { signal: abandoned });
  if (!answer.ok || answer.value.metadata.uid !== uid) return undefined;
  return saysAlready(answer.value, change) ? answer.value : undefined;
};

/** A webhook or a storage that fails each time fails this one too. */
const lostMost = 4;
const pauses = { firstMs: 250, longestMs: 4000 };

/** How long to wait before the same write is sent again; undefined if it is not. */
const waitAfter = (error: KubeError, lost: number, backoff: Backoff, patience: Patience): number | undefined => {
  if (error.kind === 'unknownOutcome') return lost < lostMost ? backoff.next() : undefined;
  if (error.kind !== 'tooManyRequests' && error.kind !== 'unavailable') return undefined;
  const waitMs = (error.retryAfterMs ?? 0) + backoff.next();
  return patience.allows(waitMs) ? waitMs : undefined;
};

/**
 * Writes one change. One whose answer got lost is looked for, and sent again if it is not there: a dated request does
 * nothing a second time. One that a busy server did not run waits as long as it says, and as long as others get through.
 */
export const write = async (
  cluster: Cluster,
  account: Account,
  change: Change,
  options: WriteOptions,
): Promise<Result<Account>> => {
  const { stopped, patience } = options;
  const backoff = new Backoff(systemRandom, pauses);
  for (let lost = 0; ;) {
    const answer = await send(cluster, account, change, options);
    if (answer.ok) {
      patience.progressed();
      return answer;
    }
    if (answer.error.kind === 'unknownOutcome') {
      lost++;
      const found = await lookAgain(cluster, account, change, options);
      if (found) return success(found);
    }
    if (stopped.aborted) return answer;
    const waitMs = waitAfter(answer.error, lost, backoff, patience);
    if (waitMs === undefined) return answer;
    await sleep(systemClock, waitMs, stopped);
  }
};

/** Who else owns what these changes would write. */
export const ownersInTheWay = (account: Account, changes: readonly Change[]): readonly string[] => [
  ...new Set(changes.flatMap(({ field }) => othersOwning(account, field))),
];
