import type { ExchangePlatformSpec, ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec, MailAccountStatus } from '../../api/generated/mail-account.ts';
import { group, platformLabel } from '../../api/names.ts';
import type { AccountFacts, PlatformFacts, SecretFacts } from '../../core/facts.ts';
import type { KubeObject, Stored } from '../../kube/resource.ts';

/** Who wrote which field, as the API server keeps it. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

export interface MailAccount extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly managedFields?: readonly ManagedFields[] };
  readonly spec: MailAccountSpec;
  readonly status?: MailAccountStatus;
}

export interface ExchangePlatform extends KubeObject {
  readonly spec: ExchangePlatformSpec;
  readonly status?: ExchangePlatformStatus;
}

export type Account = Stored<MailAccount>;
export type Platform = Stored<ExchangePlatform>;

const metadataFacts = ({ metadata }: Stored) => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  uid: metadata.uid,
  resourceVersion: metadata.resourceVersion,
  generation: metadata.generation ?? 0,
});

/** The same for `decide`. */
export const accountFacts = (account: Account): AccountFacts => ({
  ...metadataFacts(account),
  createdAt: account.metadata.creationTimestamp ?? '',
  spec: account.spec,
  status: account.status ?? {},
});

export const platformFacts = (platform: Platform): PlatformFacts => ({
  ...metadataFacts(platform),
  spec: platform.spec,
  status: platform.status ?? {},
});

const prefix = `${group}/`;

/** A Secret read as metadata only. */
export const secretFacts = ({ metadata }: Stored): SecretFacts => ({
  uid: metadata.uid,
  resourceVersion: metadata.resourceVersion,
  platformLabel: metadata.labels?.[platformLabel],
  annotations: Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([key]) => key.startsWith(prefix))),
});

/** `mailaccount.exchange2fa.io/anna`, as kubectl's `-o name` says it. */
export const accountName = (name: string): string => `mailaccount.${group}/${name}`;
