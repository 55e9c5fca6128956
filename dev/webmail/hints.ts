import { createHash } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { PublicKey } from '../../src/login/keys/public-key.ts';

/** Signs that somebody typed the right password just now. */
export interface HintSigner {
  readonly publicKey: PublicKey;
  sign(of: { readonly address: string; readonly issuer: string; readonly audience: string }): Promise<string>;
}

const algorithm = 'ES256';
const lifetime = '5 minutes';

/** The webmail's own name for a person: the login service gives it back as it is. */
export const subOf = (address: string): string => createHash('sha256').update(address).digest('base64url').slice(0, 22);

export async function createHintSigner(): Promise<HintSigner> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
  const { x = '', y = '' } = await exportJWK(publicKey);
  return {
    publicKey: { kty: 'EC', crv: 'P-256', x, y },
    sign: ({ address, issuer, audience }) =>
      new SignJWT({ email: address, amr: ['pwd'] })
        .setProtectedHeader({ alg: algorithm })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(subOf(address))
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(privateKey),
  };
}
