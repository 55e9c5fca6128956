import type { PublicJwk, Keys } from '../keys/keys.ts';
import { acrWithOtp } from './id-token.ts';

/** Paths below the issuer. */
export const paths = {
  discovery: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
  authorize: '/authorize',
} as const;

/** OpenID Connect Discovery 1.0, section 3: what a relying party's library reads. */
export const discoveryDocument = (issuer: string): Readonly<Record<string, unknown>> => ({
  issuer,
  authorization_endpoint: issuer + paths.authorize,
  jwks_uri: issuer + paths.jwks,
  response_types_supported: ['id_token'],
  response_modes_supported: ['form_post'],
  grant_types_supported: ['implicit'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
  scopes_supported: ['openid'],
  acr_values_supported: [acrWithOtp],
  claims_supported: [
    'iss',
    'aud',
    'sub',
    'nonce',
    'jti',
    'iat',
    'exp',
    'amr',
    'acr',
    'second_factor',
    'reason',
    'until',
  ],
  claims_parameter_supported: false,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
});

/** Every key that may have signed an answer, the newest first. */
export const jwks = ({ signing }: Keys): { readonly keys: readonly PublicJwk[] } => ({
  keys: signing.all.map(({ publicJwk }) => publicJwk),
});
