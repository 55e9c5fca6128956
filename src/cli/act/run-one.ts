import { accountsResource } from '../../api/names.ts';
import type { Result } from '../../kube/errors.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account, MailAccount } from '../cluster/objects.ts';
import { sentenceOf } from '../cluster/sentences.ts';
import type { Change, Deed, Plan } from './plan.ts';
import { ownersInTheWay, write, type WriteOptions } from './write.ts';

/** What became of one account. */
export type Done =
  | {
      readonly kind: 'done';
      readonly account: Account;
      readonly says: string;
      readonly secret?: string;
      readonly tookFrom: readonly string[];
    }
  | { readonly kind: 'nothing'; readonly account: Account; readonly says: string }
  | { readonly kind: 'failed'; readonly account: Account; readonly says: string }
  /** Somebody else's field: what to commit instead. */
  | { readonly kind: 'owned'; readonly account: Account; readonly says: string; readonly changes: readonly Change[] }
  /** Ctrl-C while the write was under way. */
  | { readonly kind: 'uncertain'; readonly account: Account; readonly says: string };

const owned = (account: Account, changes: readonly Change[], owners: readonly string[]): Done => {
  const fields = changes.map(({ field }) => `spec.twoFactor.${field}`).join(' and ');
  const says = `${fields} belongs to ${owners.join(' and ')}: commit the change there, or use --force in an emergency`;
  return { kind: 'owned', account, says, changes };
};

/** Somebody may have taken the field since it was looked at. */
const afterConflict = async (cluster: Cluster, account: Account, changes: readonly Change[]): Promise<Done> => {
  const { namespace = '', name } = account.metadata;
  const fresh = await cluster.client.get<MailAccount>(accountsResource, { namespace, name });
  const owners = fresh.ok ? ownersInTheWay(fresh.value, changes) : [];
  if (fresh.ok && owners.length > 0) return owned(fresh.value, changes, owners);
  return {
    kind: 'failed',
    account,
    says: 'it was changed or made anew by somebody at the same moment: repeat the command',
  };
};

const failed = async (
  cluster: Cluster,
  account: Account,
  answer: Result<Account> & { ok: false },
  deed: Deed,
): Promise<Done> => {
  if (answer.error.kind === 'aborted') {
    return { kind: 'uncertain', account, says: 'interrupted while it was written: it may or may not be done' };
  }
  const { namespace = '', name } = account.metadata;
  return {
    kind: 'failed',
    account,
    says: await sentenceOf(cluster, answer.error, { verbs: deed.verbs, namespace, name }),
  };
};

/** Writes one account's changes, one after the other. */
export const runOne = async (
  cluster: Cluster,
  deed: Deed,
  account: Account,
  plan: Plan,
  options: WriteOptions,
): Promise<Done> => {
  if (plan.kind === 'nothing') return { kind: 'nothing', account, says: plan.why };
  if (plan.kind === 'refused') return { kind: 'failed', account, says: plan.why };
  const tookFrom = ownersInTheWay(account, plan.changes);
  if (tookFrom.length > 0 && !options.force) return owned(account, plan.changes, tookFrom);
  let latest = account;
  for (const change of plan.changes) {
    const answer = await write(cluster, account, change, options);
    if (!answer.ok) {
      if (answer.error.kind === 'conflict') return afterConflict(cluster, account, plan.changes);
      return failed(cluster, account, answer, deed);
    }
    latest = answer.value;
  }
  const { secret } = plan;
  return { kind: 'done', account: latest, says: plan.done, tookFrom, ...(secret !== undefined && { secret }) };
};
