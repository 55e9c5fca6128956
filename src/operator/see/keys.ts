import { secretNameFor } from '../../api/names.ts';
import type { AccountFacts } from '../../core/facts.ts';
import { keyOf } from '../../kube/client/resource.ts';

/**
 * What the queue works on: a mailbox (the accounts of one address and their Secret), named as its Secret, or a platform.
 * One mailbox is one key, so two accounts that claim an address never reach for its Secret at the same time.
 */
const platformMark = 'platform ';

export const platformKeyOf = (namespace: string, name: string): string => `${platformMark}${namespace}/${name}`;

export const isPlatformKey = (key: string): boolean => key.startsWith(platformMark);

/** An address that can't be one has no Secret: such an account is alone in its mailbox, and decide says so. */
export const mailboxKeyOf = ({ namespace, name, spec }: AccountFacts): string =>
  keyOf({ namespace, name: secretNameFor(spec.address) ?? `account ${name}` });

export const accountKeyOf = ({ namespace, name }: Pick<AccountFacts, 'namespace' | 'name'>): string =>
  keyOf({ namespace, name });

interface Ref {
  readonly namespace: string;
  readonly name: string;
}

const refOf = (key: string): Ref => {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
};

/** Namespace and name of a mailbox's Secret. */
export const secretRefOf = (mailboxKey: string): Ref => refOf(mailboxKey);

/** Namespace and name of a platform. */
export const platformRefOf = (platformKey: string): Ref => refOf(platformKey.slice(platformMark.length));

/** Of a mailbox or a platform. */
export const namespaceOf = (key: string): string =>
  key.slice(isPlatformKey(key) ? platformMark.length : 0, key.indexOf('/'));
