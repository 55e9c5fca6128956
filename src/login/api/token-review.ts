import { createHash } from 'node:crypto';
import { type Clock } from '../../host/clock.ts';
import { type Client } from '../../kube/client.ts';
import { type Resource } from '../../kube/resource.ts';

const tokenReviews: Resource = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'tokenreviews',
  namespaced: false,
};

/** As long as a deleted ServiceAccount's token is good on the API server itself (facts.md). */
const cacheMs = 10_000;
const longestCache = 1_000;
const deadlineMs = 4_000;

interface TokenReview {
  readonly status?: {
    readonly authenticated?: boolean;
    readonly audiences?: readonly string[];
    readonly user?: { readonly username?: string };
  };
}

/** `user`: as the API server names it, `system:serviceaccount:NAMESPACE:NAME`. */
export type Review = { readonly kind: 'user'; readonly user: string } | { readonly kind: 'refused' | 'unavailable' };

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** Asks the API server whose token it is. Our audience is always named and checked: else any pod's token would do. */
export class TokenReviewer {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #audience: string;
  readonly #cache = new Map<string, { readonly untilMs: number; readonly review: Review }>();

  constructor(client: Client, clock: Clock, audience: string) {
    this.#client = client;
    this.#clock = clock;
    this.#audience = audience;
  }

  /** Whether this token was good when it was last asked about, however long ago. */
  wasGood(token: string): boolean {
    return this.#cache.get(keyOf(token))?.review.kind === 'user';
  }

  async review(token: string): Promise<Review> {
    const key = keyOf(token);
    const nowMs = this.#clock.monotonic();
    const known = this.#cache.get(key);
    if (known && known.untilMs > nowMs) return known.review;
    const review = await this.#ask(token);
    this.#cache.delete(key);
    if (review.kind !== 'unavailable') this.#keep(key, { untilMs: nowMs + cacheMs, review });
    return review;
  }

  #keep(key: string, entry: { readonly untilMs: number; readonly review: Review }): void {
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= longestCache && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(key, entry);
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
    if (!answer.ok) return { kind: 'unavailable' };
    const { authenticated, audiences, user } = answer.value.status ?? {};
    const isForUs = authenticated === true && audiences?.includes(this.#audience) === true;
    return isForUs && user?.username !== undefined ? { kind: 'user', user: user.username } : { kind: 'refused' };
  }
}
