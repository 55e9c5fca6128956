import { generateKeyPairSync } from 'node:crypto';
import { exportJWK, SignJWT } from 'jose';
import type { LoginConfig } from '../../../src/login/config/config.ts';
import type { PublicKey } from '../../../src/login/keys/public-key.ts';

export const issuer = 'https://login.example.com';
export const webmail = 'https://webmail.example.com';

/** Keys of the relying party: one of each kind that it may have. */
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');

const relyingPartyKeys = { ES256: ec.privateKey, EdDSA: ed.privateKey };
const publicKeys = async (): Promise<readonly PublicKey[]> =>
  (await Promise.all([exportJWK(ec.publicKey), exportJWK(ed.publicKey)])) as unknown as PublicKey[];

export const configuration = async (): Promise<LoginConfig> => ({
  issuer,
  tokenAudience: 'exchange2fa-login',
  trustedProxies: [],
  apiCallers: [],
  relyingParties: [
    {
      clientId: 'webmail',
      name: 'Example Webmail',
      issuer: webmail,
      keys: await publicKeys(),
      namespace: 'tenant',
      mailDomains: ['example.com'],
      redirectUris: [`${webmail}/second-factor`],
      homeUri: `${webmail}/`,
      mode: 'enforce',
      help: 'it-help@example.com',
    },
  ],
});

export interface HintClaims {
  readonly sub?: string;
  readonly email?: string;
  readonly amr?: readonly string[];
  readonly acr?: string;
  readonly iss?: string;
  readonly aud?: string;
  readonly iat?: number;
  readonly exp?: number;
}

/** A hint as the relying party signs it; what is different is said. Instants are Unix seconds. */
export const hint = (claims: HintClaims = {}, alg: 'ES256' | 'EdDSA' = 'ES256'): Promise<string> => {
  const now = Math.floor(Date.now() / 1000);
  const whole = {
    sub: 'id-4711',
    email: 'anna@example.com',
    amr: ['pwd'],
    iss: webmail,
    aud: issuer,
    iat: now,
    ...claims,
  };
  return new SignJWT({ exp: now + 300, ...whole, amr: [...whole.amr] })
    .setProtectedHeader({ alg })
    .sign(relyingPartyKeys[alg]);
};

/** One with any claims at all, well signed. */
export const hintSaying = (claims: Readonly<Record<string, unknown>>): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(relyingPartyKeys.ES256);

/** The form that the relying party has a browser send to /authorize. */
export const authorizeForm = async (more: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> => ({
  client_id: 'webmail',
  redirect_uri: `${webmail}/second-factor`,
  response_type: 'id_token',
  response_mode: 'form_post',
  scope: 'openid',
  nonce: 'a-nonce',
  state: 'a-state',
  id_token_hint: await hint(),
  ...more,
});
