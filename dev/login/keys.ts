import { createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Key, Keys, SigningKey } from '../../src/login/keys/keys.ts';

const secretBytes = 32;

const signingKey = (kid: string): SigningKey => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
  return { kid, key, publicJwk: { kty, crv, x, y, kid, alg: 'ES256', use: 'sig' } };
};

/** A new key for anything but signing. */
export const secretKey = (kid: string): Key => ({ kid, key: createSecretKey(randomBytes(secretBytes)) });

const ringOf = <K extends Key>(key: K) => ({ active: key, all: [key] });

/** Keys of one process, gone with it. */
export const makeKeys = (): Keys => ({
  signing: ringOf(signingKey('signing-1')),
  session: ringOf(secretKey('session-1')),
  device: ringOf(secretKey('device-1')),
  attempt: ringOf(secretKey('attempt-1')),
});
