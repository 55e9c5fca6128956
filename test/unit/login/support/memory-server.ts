import { secretNameFor, secretType } from '../../../../src/api/names.ts';
import {
  type RawRequest,
  type RawResponse,
  type RawStream,
  TransportFailure,
  type Transport,
} from '../../../../src/kube/transport/transport.ts';

interface Secret {
  readonly type: string;
  readonly resourceVersion: number;
  /** Patches that were taken. */
  readonly changes: number;
  readonly creationTimestamp: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: Readonly<Record<string, string>>;
}

/**
 * What happens to one request: `lose` does it and loses the answer, or gives another; `drop` does not do it, `answer`
 * answers otherwise.
 */
export type Fault =
  | { readonly kind: 'lose'; readonly status?: number }
  | { readonly kind: 'drop' }
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>> };

export interface Token {
  readonly user: string;
  readonly audiences: readonly string[];
  /** Known by an authenticator that heeds no audience: the answer names none. */
  readonly heedsNone?: true;
}

interface Patch {
  readonly metadata: {
    readonly resourceVersion: string;
    readonly annotations: Readonly<Record<string, string | null>>;
  };
}

const status = (code: number, reason: string): RawResponse => ({
  status: code,
  headers: {},
  body: JSON.stringify({ kind: 'Status', status: 'Failure', code, reason }),
});

const json = (code: number, body: unknown): RawResponse => ({ status: code, headers: {}, body: JSON.stringify(body) });

/**
 * The part of an API server that a login service sees: Secrets by name, merge patches as compare-and-swap, TokenReviews.
 * Its clock is set by the test, and each request can be made to fail.
 */
export class MemoryServer implements Transport {
  readonly secrets = new Map<string, Secret>();
  readonly tokens = new Map<string, Token>();
  readonly requests: RawRequest[] = [];
  /** Of the `Date` header, Unix milliseconds. */
  nowMs: () => number = Date.now;
  /** Called before each request: what happens to it. A promise holds it back. */
  fault: (request: RawRequest) => Fault | undefined | Promise<Fault | undefined> = () => undefined;
  #version = 1000;

  /** Puts a Secret there as the operator would. */
  put(
    address: string,
    annotations: Readonly<Record<string, string>>,
    data: Readonly<Record<string, string>>,
    about: Partial<Secret> = {},
  ) {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString('base64')] as const);
    this.#version += 1;
    this.secrets.set(secretNameFor(address) ?? '', {
      type: secretType,
      resourceVersion: this.#version,
      changes: 0,
      creationTimestamp: '2026-07-01T10:00:00Z',
      annotations,
      data: Object.fromEntries(encoded),
      ...about,
    });
  }

  annotations(address: string): Readonly<Record<string, string>> {
    return this.secrets.get(secretNameFor(address) ?? '')?.annotations ?? {};
  }

  /** How often an account's Secret was really changed since it was put there. */
  changes(address: string): number {
    return this.secrets.get(secretNameFor(address) ?? '')?.changes ?? 0;
  }

  writes(): readonly RawRequest[] {
    return this.requests.filter(({ method, path }) => method !== 'GET' && !path.includes('tokenreviews'));
  }

  async send(request: RawRequest): Promise<RawResponse> {
    this.requests.push(request);
    // Requests that were sent together meet here together.
    const fault = await this.fault(request);
    if (fault?.kind === 'drop') throw new TransportFailure('connection', false, 'dropped');
    if (fault?.kind === 'answer') return { ...status(fault.status, 'Fault'), headers: fault.headers ?? {} };
    const answer = this.#do(request);
    if (fault?.kind === 'lose' && fault.status !== undefined) return status(fault.status, 'Fault');
    if (fault?.kind === 'lose') throw new TransportFailure('connection', true, 'lost');
    return { ...answer, headers: { date: new Date(this.nowMs()).toUTCString() } };
  }

  stream(): Promise<RawStream> {
    throw new Error('a login service watches nothing');
  }

  #do({ method, path, body = '' }: RawRequest): RawResponse {
    if (path === '/apis/authentication.k8s.io/v1/tokenreviews') return this.#review(body);
    const [, name = ''] = /^\/api\/v1\/namespaces\/tenant\/secrets\/([a-z0-9-]+)$/.exec(path) ?? [];
    const secret = this.secrets.get(name);
    if (!secret) return status(404, 'NotFound');
    if (method === 'GET') return json(200, this.#object(name, secret));
    if (method === 'PATCH') return this.#patch(name, secret, JSON.parse(body) as Patch);
    return status(405, 'MethodNotAllowed');
  }

  #object(name: string, { type, resourceVersion, creationTimestamp, annotations, data }: Secret): object {
    const metadata = {
      name,
      namespace: 'tenant',
      uid: `uid-of-${name}`,
      resourceVersion: String(resourceVersion),
      creationTimestamp,
      annotations,
    };
    return { apiVersion: 'v1', kind: 'Secret', metadata, type, data };
  }

  #patch(name: string, secret: Secret, { metadata }: Patch): RawResponse {
    if (metadata.resourceVersion !== String(secret.resourceVersion)) return status(409, 'Conflict');
    const merged = Object.entries({ ...secret.annotations, ...metadata.annotations });
    const annotations = Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
    this.#version += 1;
    const changed = { ...secret, annotations, resourceVersion: this.#version, changes: secret.changes + 1 };
    this.secrets.set(name, changed);
    return json(200, this.#object(name, { ...changed, data: {} }));
  }

  #review(body: string): RawResponse {
    const { spec } = JSON.parse(body) as { spec: { token: string; audiences: readonly string[] } };
    const token = this.tokens.get(spec.token);
    const audiences = token?.audiences.filter((audience) => spec.audiences.includes(audience)) ?? [];
    const { user: username, heedsNone } = token ?? {};
    const good = { authenticated: true, user: { username }, ...(!heedsNone && { audiences }) };
    // No API server says so much; a webhook behind one might.
    const bad = { authenticated: false, error: `[invalid bearer token ${spec.token}]` };
    return json(201, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      status: heedsNone || audiences.length > 0 ? good : bad,
    });
  }
}
