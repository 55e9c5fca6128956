import type { LoginConfig, RelyingParty } from '../config/config.ts';
import { type FirstFactor, type HintProblem, readHint } from './hint.ts';

/** What a relying party asks for: a second factor for somebody whose password it has checked. */
export interface AuthorizeRequest {
  readonly relyingParty: RelyingParty;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly state: string | undefined;
  readonly firstFactor: FirstFactor;
}

/** Why it can't be followed. `detail` is for logs and names no value that was sent. */
export interface AuthorizeProblem {
  readonly problem: 'badRequest' | HintProblem['problem'];
  readonly detail: string;
  /** Present if the request names one that we know: its own page is where the person can go back to. */
  readonly relyingParty?: RelyingParty;
}

/** Longest values: the page session, with both in it, has to fit into a cookie. */
const longestNonce = 256;
const longestState = 768;

type Form = Readonly<Record<string, unknown>>;

/** A parameter that is there once (OAuth 2.0, RFC 6749 section 3.1: none may be repeated). */
const single = (form: Form, name: string): string | undefined => {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** Parameters that have one right value here; they may be left out. */
const fixed: readonly (readonly [name: string, isRight: (value: string) => boolean])[] = [
  ['response_type', (value) => value === 'id_token'],
  ['response_mode', (value) => value === 'form_post'],
  ['scope', (value) => value.split(' ').includes('openid')],
];

const wrongParameter = (form: Form): string | undefined => {
  if (Object.values(form).some((value) => typeof value !== 'string')) return 'a parameter is repeated';
  const wrong = fixed.find(([name, isRight]) => {
    const value = single(form, name);
    return value !== undefined && !isRight(value);
  });
  return wrong && `${wrong[0]} is not supported`;
};

/**
 * Reads the form that a relying party has the browser send to `/authorize`: OpenID Connect Core 1.0, section 3.2.2.1,
 * with `id_token_hint` required. Nothing is believed before the hint's signature fits the relying party's keys.
 */
export const readAuthorizeRequest = async (
  form: Form,
  config: LoginConfig,
  nowMs: number,
): Promise<AuthorizeRequest | AuthorizeProblem> => {
  const clientId = single(form, 'client_id');
  const relyingParty = config.relyingParties.find((each) => each.clientId === clientId);
  if (!relyingParty) return { problem: 'badRequest', detail: 'client_id is missing or not known' };
  const refuse = (detail: string): AuthorizeProblem => ({ problem: 'badRequest', detail, relyingParty });

  const wrong = wrongParameter(form);
  if (wrong !== undefined) return refuse(wrong);
  const redirectUri = single(form, 'redirect_uri');
  if (redirectUri === undefined || !relyingParty.redirectUris.includes(redirectUri)) {
    return refuse('redirect_uri is missing or not one of the configured');
  }
  const nonce = single(form, 'nonce');
  if (nonce === undefined || nonce.length > longestNonce) {
    return refuse(`nonce is missing or longer than ${longestNonce}`);
  }
  const state = single(form, 'state');
  if (state !== undefined && state.length > longestState) return refuse(`state is longer than ${longestState}`);
  const hint = single(form, 'id_token_hint');
  if (hint === undefined) return refuse('id_token_hint is missing');

  const firstFactor = await readHint(hint, relyingParty, config.issuer, nowMs);
  if ('problem' in firstFactor) return { ...firstFactor, relyingParty };
  return { relyingParty, redirectUri, nonce, state, firstFactor };
};
