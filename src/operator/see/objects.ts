import type { ExchangePlatformSpec } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../../api/generated/mail-account.ts';
import type { KubeObject } from '../../kube/client/resource.ts';

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
