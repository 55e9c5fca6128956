import { hash } from 'node:crypto';
import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import type { Client } from '../../kube/client/client.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import type { Resource } from '../../kube/client/resource.ts';
import type { Refusal } from '../refusal.ts';

const tokenReviews: Resource = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'tokenreviews',
  namespaced: false,
};

/** As long as a deleted ServiceAccount's token is good on the API server itself (measured: 10 s). */
const cacheMs = 10_000;
const longestCache = 1_000;
const deadlineMs = 4_000;

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: { readonly username?: string };
    readonly error?: string;
  };
}

/** `user`: as the API server names it, `system:serviceaccount:NAMESPACE:NAME`. */
export type Review =
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'unavailable' };

const longestError = 300;

/** What the API server says of a token that it does not know; an authenticator that repeats it is not believed. */
const refusalBy = (token: string, error = 'no reason is given'): Refusal => ({
  reason: 'NotAuthenticated',
  detail: error.replaceAll(token, 'TOKEN').slice(0, longestError),
});

const keyOf = (token: string): string => hash('sha256', token, 'base64');

/** Asks the API server whose token it is. Our audience is always named and checked: else any pod's token would do. */
export class TokenReviewer {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #audience: string;
  /** Only good ones: whoever sends many others drives none of these out. */
  readonly #good = new Map<string, { readonly untilMs: number; readonly user: string }>();
  /** One question for all who send the same token meanwhile. */
  readonly #asked = new Map<string, Promise<Review>>();

  constructor(client: Client, clock: Clock, log: Log, audience: string) {
    this.#client = client;
    this.#log = log;
    this.#clock = clock;
    this.#audience = audience;
  }

  /** Whether this token was neither good when it was last asked about, however long ago, nor is being asked about. */
  isNew(token: string): boolean {
    const key = keyOf(token);
    return !this.#good.has(key) && !this.#asked.has(key);
  }

  /** Whose token it is, if that was asked a moment ago. */
  known(token: string): string | undefined {
    return this.#knownAs(keyOf(token));
  }

  async review(token: string): Promise<Review> {
    const key = keyOf(token);
    const user = this.#knownAs(key);
    if (user !== undefined) return { kind: 'user', user };
    const asked = this.#asked.get(key) ?? this.#askAndKeep(token, key).finally(() => this.#asked.delete(key));
    this.#asked.set(key, asked);
    return asked;
  }

  /** Asks about what is no token, so that a right that is missing is told of before a caller is refused. */
  async tryOut(): Promise<void> {
    await this.#ask('none');
  }

  #fail(error: KubeError): Review {
    const remedy = error.kind === 'forbidden' ? { remedy: 'kubectl apply -k manifests/login' } : {};
    this.#log.error({ error: error.text, ...remedy }, 'no caller of the API can be known by a ServiceAccount’s token');
    return { kind: 'unavailable' };
  }

  #knownAs(key: string): string | undefined {
    const good = this.#good.get(key);
    return good && good.untilMs > this.#clock.monotonic() ? good.user : undefined;
  }

  async #askAndKeep(token: string, key: string): Promise<Review> {
    const untilMs = this.#clock.monotonic() + cacheMs;
    const review = await this.#ask(token);
    if (review.kind !== 'unavailable') this.#good.delete(key);
    if (review.kind === 'user') this.#keep(key, { untilMs, user: review.user });
    return review;
  }

  #keep(key: string, entry: { readonly untilMs: number; readonly user: string }): void {
    const [oldest] = this.#good.keys();
    if (this.#good.size >= longestCache && oldest !== undefined) this.#good.delete(oldest);
    this.#good.set(key, entry);
  }

  async #ask(token: string): Promise<Review> {
    const answer = await this.#client.request<TokenReview>({
      method: 'POST',
      resource: tokenReviews,
      address: {},
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token, audiences: [this.#audience] },
      },
      deadlineMs,
    });
    if (!answer.ok) return this.#fail(answer.error);
    const { authenticated, audiences = [], user, error } = answer.value.status ?? {};
    if (authenticated !== true || user?.username === undefined) {
      return { kind: 'refused', refusal: refusalBy(token, error) };
    }
    if (audiences.includes(this.#audience)) return { kind: 'user', user: user.username };
    return { kind: 'refused', refusal: { reason: 'WrongAudience', detail: 'the API server names other audiences' } };
  }
}
