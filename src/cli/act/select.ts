import { text } from 'node:stream/consumers';
import { readPlatform, understood, type PlatformWishes } from '../../core/wishes.ts';
import { findAccounts, findPlatform, listAccounts, listPlatforms } from '../cluster/accounts.ts';
import type { Cluster } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import { count } from '../frame/count.ts';
import { Failure, usageFailure } from '../frame/failure.ts';

export interface SelectOptions {
  readonly platform?: string;
  readonly all?: boolean;
  readonly notEnrolled?: boolean;
}

export interface Selected {
  readonly accounts: readonly Account[];
  /** Many at once, by a rule or a list: asked about before anything is written. */
  readonly isBulk: boolean;
  /** Standard input has been read: nobody can answer a question there. */
  readonly fromInput: boolean;
  /** `3 accounts of platform mail`, `anna`. */
  readonly phrase: string;
}

/** Names and addresses, several a line or one; from `#` to the end of a line is a comment. */
const wordsIn = (input: string): readonly string[] =>
  input
    .replace(/(^|\s)#.*$/gm, '')
    .split(/\s+/)
    .filter((word) => word !== '');

/** Not enrolled yet: who has no second factor is not to be. */
const isToEnroll = ({ spec, status }: Account): boolean =>
  status?.enrolledAt === undefined && spec.twoFactor?.state !== 'Removed';

const byPlatform = async (cluster: Cluster, { platform, all, notEnrolled }: SelectOptions): Promise<Selected> => {
  if (platform === undefined) throw usageFailure('--all and --not-enrolled need --platform: of which platform?');
  if (!all && !notEnrolled) throw usageFailure('--platform needs --all or --not-enrolled: which of its accounts?');
  await findPlatform(cluster, platform);
  const found = await listAccounts(cluster, { namespace: cluster.namespace, platform });
  const accounts = found.filter((account) => !notEnrolled || isToEnroll(account));
  const which = notEnrolled ? 'not enrolled account' : 'account';
  if (accounts.length === 0) {
    throw new Failure(`there are no ${which}s of platform ${platform} in namespace ${cluster.namespace}`);
  }
  const phrase = `${count(accounts.length, which)} of platform ${platform}`;
  return { accounts, isBulk: true, fromInput: false, phrase };
};

/** The accounts that a command is about: named, listed on standard input (`-`), or those of a platform. */
export const select = async (cluster: Cluster, words: readonly string[], options: SelectOptions): Promise<Selected> => {
  const byRule = options.platform !== undefined || options.all === true || options.notEnrolled === true;
  if (byRule && words.length > 0) throw usageFailure('name accounts, or select them with --platform: not both');
  if (byRule) return byPlatform(cluster, options);
  if (words.length === 0) throw usageFailure('name an account, - for a list from standard input, or --platform');
  if (!words.includes('-')) {
    const accounts = await findAccounts(cluster, words);
    const [only, ...others] = accounts;
    const phrase = only && others.length === 0 ? only.metadata.name : count(accounts.length, 'account');
    return { accounts, isBulk: false, fromInput: false, phrase };
  }
  const listed = wordsIn(await text(process.stdin));
  if (listed.length === 0) throw new Failure('the list on standard input is empty');
  const named = words.filter((word) => word !== '-');
  const accounts = await findAccounts(cluster, [...named, ...listed]);
  return { accounts, isBulk: true, fromInput: true, phrase: `${count(accounts.length, 'account')} of the list` };
};

/** What each account's platform says; one read for all. */
export const platformsOf = async (cluster: Cluster): Promise<(account: Account) => PlatformWishes | undefined> => {
  const platforms = await listPlatforms(cluster, { namespace: cluster.namespace });
  const wishes = new Map(platforms.map(({ metadata, spec }) => [metadata.name, understood(readPlatform(spec))]));
  return ({ spec }) => wishes.get(spec.platformRef.name);
};
