import { secretNameFor } from '../../api/names.ts';
import type { Annotations } from '../../api/record.ts';
import type { Log } from '../../host/log.ts';
import type { Client } from '../../kube/client/client.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import { secretsResource } from '../../kube/client/resource.ts';
import { retryAfter, usualRetrySeconds } from '../retry-after.ts';
import type { LoginSecret, StoredSecret } from './secret.ts';
import type { Subject } from './subject.ts';

/** A person waits for the answer; a read repeats itself within its deadline. */
const readMs = 4_000;
const writeMs = 4_000;

/** What only an administrator can cure. */
const retryRefusedAfterSeconds = 60;

/** The API server did not answer as it must, so nobody is let in: the login is refused, never open. */
export interface Unavailable {
  readonly kind: 'unavailable';
  /** When to try again, in whole seconds: the header Retry-After. */
  readonly retryAfterSeconds: number;
}

export type Read = { readonly kind: 'read'; readonly secret: StoredSecret | undefined } | Unavailable;

/**
 * `conflict`: nothing was written, somebody else wrote first. `unknown`: it may or may not be written. `refused`: the API
 * server won't take this write; if the Secret has changed since, because of that.
 */
export type Written =
  | { readonly kind: 'written' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'refused'; readonly otherwise: Unavailable }
  | Unavailable;

const needsAdministrator = ({ kind }: KubeError): boolean =>
  kind === 'forbidden' || kind === 'invalid' || kind === 'unauthorized' || kind === 'unknownResource';

const unavailable = (error: KubeError): Unavailable => {
  if (needsAdministrator(error)) return { kind: 'unavailable', retryAfterSeconds: retryRefusedAfterSeconds };
  const askedMs = 'retryAfterMs' in error ? error.retryAfterMs : undefined;
  return { kind: 'unavailable', retryAfterSeconds: askedMs === undefined ? usualRetrySeconds : retryAfter(askedMs) };
};

/** No address has this name: it lacks the digits. */
const noSecret = 'totp-none';

/** What gives this namespace to a login service that may not read there. */
const remedyOf = (error: KubeError, namespace: string): { readonly remedy?: string } =>
  error.kind === 'forbidden' ? { remedy: `kubectl apply -k manifests/tenant-login -n ${namespace}` } : {};

/** The one store of a login service: consistent reads by name, and compare-and-swap of annotations. */
export class SecretStore {
  readonly #client: Client;
  readonly #log: Log;

  constructor(client: Client, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** One consistent read; an address that can't have a Secret has none. */
  async read({ namespace, address }: Subject): Promise<Read> {
    const name = secretNameFor(address);
    if (name === undefined) return { kind: 'read', secret: undefined };
    const found = await this.#client.get<LoginSecret>(secretsResource, { namespace, name }, { deadlineMs: readMs });
    if (found.ok) return { kind: 'read', secret: found.value };
    if (found.error.kind === 'notFound') return { kind: 'read', secret: undefined };
    return this.#fail(found.error, namespace);
  }

  /** Looks for what can't be there, so that a Role that is missing is told of before somebody is refused. */
  async tryOut(namespace: string): Promise<void> {
    const found = await this.#client.get(secretsResource, { namespace, name: noSecret }, { deadlineMs: readMs });
    if (found.ok || found.error.kind === 'notFound') return;
    const about = { namespace, error: found.error.text, ...remedyOf(found.error, namespace) };
    this.#log.warn(about, 'nobody of this namespace can be judged');
  }

  /** Annotates exactly the Secret that was read. */
  async write({ metadata }: StoredSecret, annotations: Annotations): Promise<Written> {
    const { namespace = '', name, resourceVersion } = metadata;
    const patch = { metadata: { resourceVersion, annotations } };
    const written = await this.#client.mergePatch(secretsResource, { namespace, name }, patch, { deadlineMs: writeMs });
    if (written.ok) return { kind: 'written' };
    const { error } = written;
    const { kind } = error;
    if (kind === 'conflict' || kind === 'notFound') return { kind: 'conflict' };
    if (kind === 'unknownOutcome') return { kind: 'unknown' };
    // A load balancer may say so of a request that it had passed on.
    if (kind === 'unavailable' && error.status === 503) return { kind: 'unknown' };
    const otherwise = this.#fail(error);
    return kind === 'invalid' || kind === 'forbidden' ? { kind: 'refused', otherwise } : otherwise;
  }

  /** @param missing the namespace whose Role a refusal means */
  #fail(error: KubeError, missing?: string): Unavailable {
    const answer = unavailable(error);
    const { retryAfterSeconds } = answer;
    const remedy = missing === undefined ? {} : remedyOf(error, missing);
    this.#log.error({ error: error.text, retryAfterSeconds, ...remedy }, 'nobody can be judged');
    return answer;
  }
}
