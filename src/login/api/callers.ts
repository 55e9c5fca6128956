import { type Clock } from '../../host/clock.ts';
import { type Client } from '../../kube/client.ts';
import { type ApiCaller, type ApiScope, type LoginConfig } from '../config.ts';
import { Assertions } from './assertion.ts';
import { type Problem } from './problems.ts';
import { Rate } from './rate.ts';
import { TokenReviewer } from './token-review.ts';

export type Admission =
  { readonly kind: 'caller'; readonly caller: ApiCaller } | { readonly kind: 'problem'; readonly problem: Problem };

/** Longer than any token of a ServiceAccount. */
const longestToken = 16_384;
/** Bad tokens from one address in a minute, before the API server is not even asked. */
const badTokensPerMinute = 60;
const unavailableSeconds = 5;

const problem = (about: Problem): Admission => ({ kind: 'problem', problem: about });

const bearer = (header: string | undefined): string | undefined => {
  const [, token] = /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(header ?? '') ?? [];
  return token !== undefined && token.length <= longestToken ? token : undefined;
};

/** Who calls: by a ServiceAccount's token, or by an assertion signed with a configured key. */
export class Callers {
  readonly #assertions: Assertions;
  readonly #reviewer: TokenReviewer;
  readonly #rate: Rate;
  readonly #byUser: ReadonlyMap<string, ApiCaller>;

  constructor(config: LoginConfig, client: Client, clock: Clock) {
    this.#assertions = new Assertions(config, clock);
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
    const caller = await this.#identify(bearer(authorization), `bad ${remote}`);
    if ('kind' in caller) return caller;
    const tooFast = this.#rate.exceeded(`caller ${caller.name}`, caller.requestsPerMinute);
    if (tooFast !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: tooFast });
    if (!caller.scopes.includes(scope)) return problem({ name: 'missing-scope', members: { scope } });
    return { kind: 'caller', caller };
  }

  async #identify(token: string | undefined, badTokens: string): Promise<ApiCaller | Admission> {
    const asserted = token === undefined ? 'refused' : await this.#assertions.check(token);
    if (token === undefined || asserted === 'refused') return this.#stranger(badTokens);
    if (asserted !== 'notOurs') return asserted;
    // Whoever guesses tokens does not keep others behind the same proxy from calling.
    const waitSeconds = this.#reviewer.wasGood(token)
      ? undefined
      : this.#rate.isExceeded(badTokens, badTokensPerMinute);
    if (waitSeconds !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: waitSeconds });
    const review = await this.#reviewer.review(token);
    if (review.kind === 'unavailable') return problem({ name: 'unavailable', retryAfterSeconds: unavailableSeconds });
    const caller = review.kind === 'user' ? this.#byUser.get(review.user) : undefined;
    return caller ?? this.#stranger(badTokens);
  }

  #stranger(badTokens: string): Admission {
    this.#rate.exceeded(badTokens, badTokensPerMinute);
    return problem({ name: 'unauthorized' });
  }
}
