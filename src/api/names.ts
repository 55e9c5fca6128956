import { hash } from 'node:crypto';

/** The API group of both kinds, and the prefix of every annotation and label of the contract. */
export const group = 'exchange2fa.io';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;

export const platformKind = 'ExchangePlatform';
export const accountKind = 'MailAccount';
export const platformsPlural = 'exchangeplatforms';
export const accountsPlural = 'mailaccounts';

/** How both kinds are addressed in URLs. */
export const accountsResource = { group, version, plural: accountsPlural, namespaced: true } as const;
export const platformsResource = { group, version, plural: platformsPlural, namespaced: true } as const;

/** The Lease of the only operator; each of several has a name of its own (docs/status.md). */
export const usualLease = { namespace: 'exchange2fa-system', name: 'exchange2fa-operator' } as const;

/** Immutable, so it selects these Secrets where a label could be taken away. */
export const secretType = `${group}/totp`;

/** Label on the Secret: the name of the ExchangePlatform that the account refers to. */
export const platformLabel = `${group}/platform`;

export const secretNamePrefix = 'totp-';
const hashDigits = 40;
const secretName = new RegExp(`^${secretNamePrefix}[0-9a-f]{${hashDigits}}$`);

/** Whether a name is one that {@link secretNameFor} may give: such names are kept for Secrets of our type. */
export const isSecretName = (name: string): boolean => secretName.test(name);

const onlyAscii = /^[\x20-\x7e]+$/;

/**
 * The name of the Secret that belongs to a mail address: `totp-` and the first 40 hex digits of the SHA-256 of the
 * address with A–Z mapped to a–z. Undefined for what is not a text of printable ASCII: such an address has no Secret.
 */
export const secretNameFor = (address: unknown): string | undefined => {
  if (typeof address !== 'string' || !onlyAscii.test(address)) return undefined;
  return secretNamePrefix + hash('sha256', address.toLowerCase()).slice(0, hashDigits);
};
