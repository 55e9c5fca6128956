import { secretNameFor } from '../../api/names.ts';
import type { AccountFacts } from '../../core/facts.ts';

/**
 * What the queue works on: a mailbox (the accounts of one address and their Secret), named as its Secret, or a platform.
 * One mailbox is one key, so two accounts that claim an address never reach for its Secret at the same time.
 */
const platformMark = 'platform ';

export const platformKeyOf = (namespace: string, name: string): string => `${platformMark}${namespace}/${name}`;

export const isPlatformKey = (key: string): boolean => key.startsWith(platformMark);

/** An address that can't be one has no Secret: such an account is alone in its mailbox, and decide says so. */
export const mailboxKeyOf = ({ namespace, name, spec }: AccountFacts): string =>
  `${namespace}/${secretNameFor(spec.address) ?? `account ${name}`}`;

export const accountKeyOf = ({ namespace, name }: Pick<AccountFacts, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;

/** Namespace and name of a mailbox's Secret. */
export const secretRefOf = (mailboxKey: string): { readonly namespace: string; readonly name: string } => {
  const slash = mailboxKey.indexOf('/');
  return { namespace: mailboxKey.slice(0, slash), name: mailboxKey.slice(slash + 1) };
};

/** Namespace and name of a platform. */
export const platformRefOf = (platformKey: string): { readonly namespace: string; readonly name: string } =>
  secretRefOf(platformKey.slice(platformMark.length));
