import type { ExchangePlatformSpec, ExchangePlatformStatus } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec, MailAccountStatus } from '../../api/generated/mail-account.ts';
import { secondMs, type Instant } from '../../api/instants.ts';
import { group } from '../../api/names.ts';
import type { KubeObject, Stored } from '../../kube/client/resource.ts';

/** Who wrote which field, as the API server keeps it. */
export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  /** When this manager last changed something. */
  readonly time?: string;
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

/** Whether what the status says is of an earlier spec than this one, the account's own unless another is named. */
export const isBehind = ({ metadata, status }: Account, { generation = 0 }: Account['metadata'] = metadata): boolean =>
  (status?.observedGeneration ?? -1) < generation;

/** A request is dated with the next whole second, and the clock may be off by another. */
const soonMs = 2 * secondMs;

/** What begins so soon has begun. */
export const isSoon = (at: Instant, now: Instant): boolean => at <= now + soonMs;

/** `mailaccount.exchange2fa.io/anna`, as kubectl's `-o name` says it. */
export const accountName = (name: string): string => `mailaccount.${group}/${name}`;
