import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { Assertions } from '../../../src/login/api/assertion.ts';
import type { LoginConfig } from '../../../src/login/config/config.ts';
import type { PublicKey } from '../../../src/login/keys/public-key.ts';
import { readHint } from '../../../src/login/oidc/hint.ts';

const [first, second] = [0, 1].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' })) as [Pair, Pair];
const edwards = generateKeyPairSync('ed25519');

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const publicKeyOf = ({ publicKey }: Pair, kid?: string) =>
  ({ ...publicKey.export({ format: 'jwk' }), ...(kid !== undefined && { kid }) }) as unknown as PublicKey;

const named = [publicKeyOf(first, 'first'), publicKeyOf(second, 'second'), publicKeyOf(edwards, 'edwards')];
const unnamed = [publicKeyOf(first), publicKeyOf(second), publicKeyOf(edwards)];

const now = Math.floor(Date.now() / 1000);
const issuer = 'https://login.example.com';
const claims = { iss: 'webmail', sub: 'webmail', aud: issuer, iat: now, exp: now + 60, jti: 'once' };

const textOf = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

type Signer = (signed: Buffer) => Buffer;

/** With whatever header: no library would sign most of these. */
const tokenOf = (header: object, payload: JWTPayload, signer: Signer): string => {
  const signed = `${textOf(header)}.${textOf(payload)}`;
  return `${signed}.${signer(Buffer.from(signed)).toString('base64url')}`;
};

const es256 =
  ({ privateKey }: Pair): Signer =>
  (signed) =>
    sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' });
const edDsa: Signer = (signed) => sign(null, signed, edwards.privateKey);
const hmac: Signer = (signed) =>
  createHmac('sha256', first.publicKey.export({ format: 'pem', type: 'spki' }))
    .update(signed)
    .digest();
const nothing: Signer = () => Buffer.alloc(0);

const base = { issuer, tokenAudience: '', trustedProxies: [], relyingParties: [] };

/** Whether an assertion of a caller with these keys is believed. */
const isAsserted = async (header: object, signer: Signer, keys: readonly PublicKey[]): Promise<boolean> => {
  const caller = {
    name: 'webmail',
    keys,
    namespace: 'tenant',
    scopes: [],
    requestsPerMinute: 1,
    mode: 'enforce',
  } as const;
  const config: LoginConfig = { ...base, apiCallers: [caller] };
  const token = tokenOf(header, claims, signer);
  const clock = { now: () => now * 1000, monotonic: () => 0, after: () => () => undefined };
  const found = await new Assertions(config, clock).check(token, claims);
  if (found !== caller) expect(found).toMatchObject({ reason: 'BadSignature' });
  return found === caller;
};

/** Whether a hint of a relying party with these keys is believed. */
const isHinted = async (header: object, signer: Signer, keys: readonly PublicKey[]): Promise<boolean> => {
  const relyingParty = {
    clientId: 'webmail',
    name: 'Webmail',
    issuer: 'webmail',
    keys,
    namespace: 'tenant',
    mailDomains: ['example.com'],
    redirectUris: [],
    homeUri: '',
    mode: 'enforce',
  } as const;
  const token = tokenOf(header, { ...claims, email: 'anna@example.com' }, signer);
  const found = await readHint(token, relyingParty, issuer, now * 1000);
  if ('problem' in found) expect(found).toMatchObject({ problem: 'hintRefused' });
  return !('problem' in found);
};

describe.each([
  ['an assertion', isAsserted],
  ['a hint', isHinted],
])('%s', (_, isBelieved) => {
  test.each<[string, object, Signer, readonly PublicKey[]]>([
    ['the name of its key', { alg: 'ES256', kid: 'second' }, es256(second), named],
    ['no name', { alg: 'ES256' }, es256(second), named],
    ['an empty name', { alg: 'ES256', kid: '' }, es256(second), named],
    ['a name, where keys have none', { alg: 'ES256', kid: 'second' }, es256(second), unnamed],
    ['EdDSA', { alg: 'EdDSA' }, edDsa, unnamed],
    ['EdDSA by its name for this curve', { alg: 'Ed25519', kid: 'edwards' }, edDsa, named],
  ])('with %s is believed', async (_, header, signer, keys) => {
    expect(await isBelieved(header, signer, keys)).toBe(true);
  });

  test.each<[string, object, Signer, readonly PublicKey[]]>([
    ['the name of no key', { alg: 'ES256', kid: 'third' }, es256(second), named],
    ['the name of another key', { alg: 'ES256', kid: 'first' }, es256(second), named],
    ['a name that is no text', { alg: 'ES256', kid: 1 }, es256(second), named],
    ['the algorithm of another curve', { alg: 'EdDSA', kid: 'first' }, es256(first), named],
    ['the algorithm of another curve, the other way round', { alg: 'ES256', kid: 'edwards' }, edDsa, named],
    ['the algorithm of another curve, without names', { alg: 'ES256' }, edDsa, unnamed],
    ['the algorithm of another curve, where there is one key', { alg: 'ES256' }, edDsa, unnamed.slice(2)],
    ['an algorithm of no curve', { alg: 'ES384' }, es256(first), unnamed],
    ['our copy of its key as a secret', { alg: 'HS256', kid: 'first' }, hmac, named],
    ['no signature', { alg: 'none' }, nothing, unnamed],
    ['no algorithm', {}, es256(first), unnamed],
    ['an algorithm that is no text', { alg: ['ES256'] }, es256(first), unnamed],
    ['an extension that we do not know', { alg: 'ES256', crit: ['x'], x: 1 }, es256(first), unnamed],
    ['a key of its own', { alg: 'ES256', jwk: publicKeyOf(first) }, es256(first), unnamed.slice(1)],
  ])('with %s is not', async (_, header, signer, keys) => {
    expect(await isBelieved(header, signer, keys)).toBe(false);
  });
});
