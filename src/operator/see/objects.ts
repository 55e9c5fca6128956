import type { ExchangePlatformSpec } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../../api/generated/mail-account.ts';
import { accountsPlural, group, platformsPlural, version } from '../../api/names.ts';
import type { KubeObject, Resource } from '../../kube/resource.ts';

export const accountsResource: Resource = { group, version, plural: accountsPlural, namespaced: true };
export const platformsResource: Resource = { group, version, plural: platformsPlural, namespaced: true };

/** A MailAccount off the wire. The schema vouches for the spec, unless the object is older than the schema. */
export interface MailAccount extends KubeObject {
  readonly spec: MailAccountSpec;
  readonly status?: unknown;
}

/** An ExchangePlatform off the wire. */
export interface ExchangePlatform extends KubeObject {
  readonly spec: ExchangePlatformSpec;
  readonly status?: unknown;
}

/** A map off the wire, with no fields where something else is. */
export const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
