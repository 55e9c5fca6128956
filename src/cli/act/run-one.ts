import { accountsResource } from '../../api/names.ts';
import { isUncertain, type KubeError } from '../../kube/client/errors.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account, MailAccount } from '../cluster/objects.ts';
import { sentenceOf } from '../cluster/sentences.ts';
import { ownersInTheWay, saysAlready, write, type WriteOptions } from './write.ts';
import type { Change, AccountCommand, IssuedCode, AccountPlan } from './plan.ts';

/** A code and whether the API server has its hash: only then does it open anything. */
export interface CodeToShow extends IssuedCode {
  readonly hash: 'written' | 'uncertain' | 'notWritten';
}

interface ResultBase {
  readonly account: Account;
  readonly says: string;
  readonly code?: CodeToShow;
}

/** What became of one account. */
export type AccountResult =
  | (ResultBase & { readonly kind: 'done'; readonly tookFrom: readonly string[] })
  | (ResultBase & { readonly kind: 'nothing' })
  | (ResultBase & { readonly kind: 'failed' })
  /** Somebody else's field: what to commit instead. */
  | (ResultBase & { readonly kind: 'owned'; readonly changes: readonly Change[] })
  /** The answer got lost, or Ctrl-C came while the write was under way. */
  | (ResultBase & { readonly kind: 'uncertain' });

const phrase = (changes: readonly Change[]): string =>
  changes.map(({ field }) => `spec.twoFactor.${field}`).join(' and ');

/** Somebody's own file or hand: kubectl's managers, but for those that somebody gave another name. */
const isKubectl = (manager: string): boolean => /^kubectl(-|$)/.test(manager);

const owned = (account: Account, changes: readonly Change[], owners: readonly string[]): AccountResult => {
  const by = owners.join(' and ');
  const theirs = changes.filter((change) => ownersInTheWay(account, [change]).length > 0);
  const what = phrase(theirs);
  const isOne = theirs.length === 1;
  const says = owners.every(isKubectl)
    ? `${what} ${isOne ? 'was' : 'were'} applied with kubectl (${by}): change ${isOne ? 'it' : 'them'} in the file and apply that, or use --force`
    : `${what} ${isOne ? 'belongs' : 'belong'} to ${by}: commit the change there, or use --force in an emergency`;
  return { kind: 'owned', account, says, changes };
};

/** Somebody may have taken the field since it was looked at. */
const afterConflict = async (
  cluster: Cluster,
  account: Account,
  changes: readonly Change[],
): Promise<AccountResult> => {
  const { namespace = '', name } = account.metadata;
  const fresh = await cluster.client.get<MailAccount>(accountsResource, { namespace, name });
  const owners = fresh.ok ? ownersInTheWay(fresh.value, changes) : [];
  if (fresh.ok && owners.length > 0) return owned(fresh.value, changes, owners);
  const says = 'it was changed or made anew by somebody at the same moment: repeat the command';
  return { kind: 'failed', account, says };
};

const afterError = async (
  cluster: Cluster,
  command: AccountCommand,
  account: Account,
  changes: readonly Change[],
  error: KubeError,
): Promise<AccountResult> => {
  if (error.kind === 'conflict') return afterConflict(cluster, account, changes);
  const { namespace = '', name } = account.metadata;
  const says = await sentenceOf(cluster, error, { verbs: command.verbs, namespace, name });
  return { kind: isUncertain(error) ? 'uncertain' : 'failed', account, says };
};

/** What failed, and which of the changes before it stand all the same. */
const halfDone = (ended: AccountResult, written: readonly Change[]): AccountResult =>
  written.length === 0
    ? ended
    : { ...ended, says: `${phrase(written)} is written, but the rest is not: ${ended.says}` };

/** What is to be written for one account, and whose fields that takes. */
interface Ready {
  readonly kind: 'ready';
  readonly changes: readonly Change[];
  readonly done: string;
  readonly code: IssuedCode | undefined;
  readonly tookFrom: readonly string[];
}

/** What a plan comes to before the API server is asked: what to write, or why nothing is. */
export const prepare = (account: Account, plan: AccountPlan, force: boolean): Ready | AccountResult => {
  if (plan.kind === 'nothing') return { kind: 'nothing', account, says: plan.why };
  if (plan.kind === 'refused') return { kind: 'failed', account, says: plan.why };
  const { done, code } = plan;
  const changes = plan.changes.filter((change) => !saysAlready(account, change));
  const tookFrom = ownersInTheWay(account, changes);
  if (tookFrom.length === 0 || force) return { kind: 'ready', changes, done, code, tookFrom };
  const ended = owned(account, changes, tookFrom);
  return code ? { ...ended, code: { ...code, hash: 'notWritten' } } : ended;
};

/** Writes one account's changes, one after the other. */
export const runOne = async (
  cluster: Cluster,
  command: AccountCommand,
  account: Account,
  plan: AccountPlan,
  options: WriteOptions,
): Promise<AccountResult> => {
  const ready = prepare(account, plan, options.force);
  if (ready.kind !== 'ready') return ready;
  const { changes, done, code, tookFrom } = ready;
  const withCode = (ended: AccountResult, hash: CodeToShow['hash']): AccountResult =>
    code ? { ...ended, code: { ...code, hash } } : ended;
  let hash: CodeToShow['hash'] = 'notWritten';
  let latest = account;
  for (const [index, change] of changes.entries()) {
    const answer = await write(cluster, account, change, options);
    const isCode = change.field === 'enrollmentCode';
    if (!answer.ok) {
      if (isCode && isUncertain(answer.error)) hash = 'uncertain';
      const ended = await afterError(cluster, command, account, changes.slice(index), answer.error);
      return withCode(halfDone(ended, changes.slice(0, index)), hash);
    }
    if (isCode) hash = 'written';
    latest = answer.value;
  }
  return withCode({ kind: 'done', account: latest, says: done, tookFrom }, hash);
};
