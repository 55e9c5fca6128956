import type { JWTPayload } from 'jose';
import type { Clock } from '../../host/clock.ts';
import type { Client } from '../../kube/client/client.ts';
import type { ApiCaller, ApiScope, LoginConfig } from '../config/config.ts';
import { usualRetrySeconds } from '../retry-after.ts';
import { Assertions, longestLifeSeconds } from './assertion.ts';
import { unverifiedClaims } from './claims.ts';
import type { Problem } from './problems.ts';
import { Rate } from './rate.ts';
import { TokenReviewer } from './token-review.ts';

export type Admission =
  { readonly kind: 'caller'; readonly caller: ApiCaller } | { readonly kind: 'problem'; readonly problem: Problem };

/** Longer than any token of a ServiceAccount. */
const longestToken = 16_384;
/** Tokens from one address in a minute that the API server is asked about and does not know. */
const forgedTokensPerMinute = 60;

const problem = (about: Problem): Admission => ({ kind: 'problem', problem: about });

const stranger = problem({ name: 'unauthorized' });
const livesTooLong = problem({
  name: 'unauthorized',
  detail: `The assertion lives too long: its exp must be at most ${longestLifeSeconds} s after its iat.`,
});

const bearer = (header: string | undefined): string | undefined => {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '') ?? [];
  return token !== undefined && token.length <= longestToken ? token : undefined;
};

/** Who calls: by a ServiceAccount's token, or by an assertion signed with a configured key. */
export class Callers {
  readonly #assertions: Assertions;
  readonly #audience: string;
  readonly #reviewer: TokenReviewer;
  readonly #rate: Rate;
  readonly #byUser: ReadonlyMap<string, ApiCaller>;

  constructor(config: LoginConfig, client: Client, clock: Clock) {
    this.#assertions = new Assertions(config, clock);
    this.#audience = config.tokenAudience;
    this.#reviewer = new TokenReviewer(client, clock, config.tokenAudience);
    this.#rate = new Rate(clock);
    this.#byUser = new Map(
      config.apiCallers.flatMap((caller) => {
        const { serviceAccount: account } = caller;
        return account ? [[`system:serviceaccount:${account.namespace}:${account.name}`, caller] as const] : [];
      }),
    );
  }

  /** The caller, if it may do what needs this scope, and not too often. */
  async admit(
    { authorization, remote }: { readonly authorization: string | undefined; readonly remote: string },
    scope: ApiScope,
  ): Promise<Admission> {
    const caller = await this.#identify(bearer(authorization), `forged ${remote}`);
    if ('kind' in caller) return caller;
    const tooFast = this.#rate.exceeded(`caller ${caller.name}`, caller.requestsPerMinute);
    if (tooFast !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: tooFast });
    if (!caller.scopes.includes(scope)) return problem({ name: 'missing-scope', members: { scope } });
    return { kind: 'caller', caller };
  }

  async #identify(token: string | undefined, forged: string): Promise<ApiCaller | Admission> {
    const claims = token === undefined ? undefined : unverifiedClaims(token);
    if (token === undefined || !claims) return stranger;
    const asserted = await this.#assertions.check(token, claims);
    if (asserted === 'notOurs') return this.#reviewed(token, claims, forged);
    if (asserted === 'livesTooLong') return livesTooLong;
    return asserted === 'refused' ? stranger : asserted;
  }

  /**
   * The API server is asked only about what says that it is for us and of a caller of ours. Each question is counted
   * before it is asked, so that many at once are no way around; a good token's is taken back.
   */
  async #reviewed(token: string, { sub = '', aud = [] }: JWTPayload, forged: string): Promise<ApiCaller | Admission> {
    if (!this.#byUser.has(sub) || ![aud].flat().includes(this.#audience)) return stranger;
    const isNew = this.#reviewer.isNew(token);
    const waitSeconds = isNew ? this.#rate.exceeded(forged, forgedTokensPerMinute) : undefined;
    if (waitSeconds !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: waitSeconds });
    const review = await this.#reviewer.review(token);
    if (review.kind === 'unavailable') return problem({ name: 'unavailable', retryAfterSeconds: usualRetrySeconds });
    if (review.kind !== 'user') return stranger;
    if (isNew) this.#rate.takeBack(forged);
    return this.#byUser.get(review.user) ?? stranger;
  }
}
