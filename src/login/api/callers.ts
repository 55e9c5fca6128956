import type { JWTPayload } from 'jose';
import { secondMs } from '../../api/instants.ts';
import type { Clock } from '../../host/clock.ts';
import type { Audit } from '../audit.ts';
import type { ApiCaller, ApiScope, LoginConfig } from '../config/config.ts';
import { usualRetrySeconds } from '../retry-after.ts';
import { Assertions, longestLifeSeconds } from './assertion.ts';
import { unverifiedClaims } from './claims.ts';
import type { ApiProblem } from './problems.ts';
import { Rate, toldPerMinute } from '../rate.ts';
import type { Refusal, RefusalReason } from '../refusal.ts';
import type { TokenReviewer } from './token-review.ts';

export type Admission =
  { readonly kind: 'caller'; readonly caller: ApiCaller } | { readonly kind: 'problem'; readonly problem: ApiProblem };

interface RefusedCaller {
  readonly kind: 'refused';
  readonly refusal: Refusal;
}

/** Longer than any token of a ServiceAccount. */
const longestToken = 16_384;
/** Tokens from one address in a minute that the API server is asked about and does not know. */
const forgedTokensPerMinute = 60;
const longestSubject = 254;

const problem = (about: ApiProblem): Admission => ({ kind: 'problem', problem: about });

const livesTooLong = `The assertion lives too long: its exp must be at most ${longestLifeSeconds} s after its iat.`;

const refused = (reason: RefusalReason, detail: string): RefusedCaller => ({
  kind: 'refused',
  refusal: { reason, detail },
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
  readonly #clock: Clock;
  readonly #audit: Pick<Audit, 'callerRefused'>;
  /** What whoever is not known is told: whom to be, never what was wrong. */
  readonly #whomToBe: string;

  constructor(config: LoginConfig, reviewer: TokenReviewer, clock: Clock, audit: Pick<Audit, 'callerRefused'>) {
    this.#clock = clock;
    this.#audit = audit;
    this.#whomToBe = `Send a token of a configured ServiceAccount for the audience ${config.tokenAudience}, or a signed assertion of a configured caller for ${config.issuer}.`;
    this.#assertions = new Assertions(config, clock);
    this.#audience = config.tokenAudience;
    this.#reviewer = reviewer;
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
    const token = bearer(authorization);
    const caller = this.#known(token) ?? (await this.#read(token, remote));
    if ('kind' in caller) return caller;
    const tooFast = this.#rate.exceeded(`caller ${caller.name}`, caller.requestsPerMinute);
    if (tooFast !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: tooFast });
    if (!caller.scopes.includes(scope)) return problem({ name: 'missing-scope', members: { scope } });
    return { kind: 'caller', caller };
  }

  /** The same bytes say the same: what `#reviewed` let through a moment ago need not be read. Nothing else asks for reviews. */
  #known(token: string | undefined): ApiCaller | undefined {
    const user = token === undefined ? undefined : this.#reviewer.known(token);
    return user === undefined ? undefined : this.#byUser.get(user);
  }

  async #read(token: string | undefined, remote: string): Promise<ApiCaller | Admission> {
    const claims = token === undefined ? undefined : unverifiedClaims(token);
    const caller = await this.#identify(token, claims, `forged ${remote}`);
    if (!('kind' in caller) || caller.kind !== 'refused') return caller;
    return this.#refuse(caller.refusal, claims, remote);
  }

  #refuse(refusal: Refusal, { sub }: JWTPayload = {}, remote: string): Admission {
    const isTold = this.#rate.exceeded(`told ${remote}`, toldPerMinute) === undefined;
    const subject = typeof sub === 'string' ? sub.slice(0, longestSubject) : undefined;
    this.#audit.callerRefused(refusal.reason, isTold ? { detail: refusal.detail, subject, remote } : undefined);
    return problem({
      name: 'unauthorized',
      detail: refusal.reason === 'LivesTooLong' ? livesTooLong : this.#whomToBe,
    });
  }

  async #identify(
    token: string | undefined,
    claims: JWTPayload | undefined,
    forged: string,
  ): Promise<ApiCaller | RefusedCaller | Admission> {
    if (token === undefined) return refused('NoToken', 'the header Authorization has no bearer token');
    if (!claims) return refused('NoJwt', 'the bearer token is no JWT');
    const asserted = await this.#assertions.check(token, claims);
    if (asserted === 'notOurs') return this.#reviewed(token, claims, forged);
    return 'reason' in asserted ? { kind: 'refused', refusal: asserted } : asserted;
  }

  /** What a token says of itself that keeps the API server from being asked: neither for us nor of a caller of ours. */
  #refusedUnasked({ sub = '', aud = [] }: JWTPayload): RefusedCaller | undefined {
    if (!this.#byUser.has(sub)) return refused('UnknownSubject', 'no apiCaller has this iss or ServiceAccount');
    return [aud].flat().includes(this.#audience) ? undefined : refused('WrongAudience', `aud lacks ${this.#audience}`);
  }

  #isOver({ exp = Infinity }: JWTPayload): boolean {
    return exp * secondMs <= this.#clock.now();
  }

  /**
   * The API server is asked only about what says that it is for us and of a caller of ours. Each question is counted
   * before it is asked, so that many at once are no way around; a good token's is taken back.
   */
  async #reviewed(token: string, claims: JWTPayload, forged: string): Promise<ApiCaller | RefusedCaller | Admission> {
    const unasked = this.#refusedUnasked(claims);
    if (unasked) return unasked;
    const isNew = this.#reviewer.isNew(token);
    const waitSeconds = isNew ? this.#rate.exceeded(forged, forgedTokensPerMinute) : undefined;
    if (waitSeconds !== undefined) return problem({ name: 'rate-exceeded', retryAfterSeconds: waitSeconds });
    const review = await this.#reviewer.review(token);
    if (review.kind === 'unavailable') return problem({ name: 'unavailable', retryAfterSeconds: usualRetrySeconds });
    if (review.kind === 'refused') return this.#isOver(claims) ? refused('Expired', review.refusal.detail) : review;
    if (isNew) this.#rate.takeBack(forged);
    return this.#byUser.get(review.user) ?? refused('UnknownSubject', 'the API server names another user');
  }
}
