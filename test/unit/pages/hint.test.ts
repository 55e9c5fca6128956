import { generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { readHint } from '../../../src/login/oidc/hint.ts';
import { configuration, hint, issuer, webmail, type HintClaims } from './asking.ts';

const {
  relyingParties: [relyingParty],
} = await configuration();
const now = Math.floor(Date.now() / 1000);
const read = (token: string, nowMs = now * 1000) => readHint(token, relyingParty!, issuer, nowMs);

describe('an id_token_hint', () => {
  test.each(['ES256', 'EdDSA'] as const)('signed with %s says who passed the first factor', async (alg) => {
    expect(await read(await hint({ email: 'Anna@Example.com' }, alg))).toEqual({
      sub: 'id-4711',
      address: 'anna@example.com',
      amr: ['pwd'],
      acr: undefined,
    });
  });

  test.each<[string, HintClaims, string]>([
    ['ended', { iat: now - 300, exp: now - 60 }, 'hintExpired'],
    ['is older than ten minutes, whatever it says', { iat: now - 660, exp: now + 3600 }, 'hintExpired'],
    ['is from the future', { iat: now + 120 }, 'hintRefused'],
    ['is for somebody else', { aud: 'https://other.example' }, 'hintRefused'],
    ['is from somebody else', { iss: 'https://other.example' }, 'hintRefused'],
    ['has no subject', { sub: '' }, 'hintRefused'],
    ['has a subject too long', { sub: 'x'.repeat(256) }, 'hintRefused'],
    ['has more methods than there are', { amr: Array.from({ length: 9 }, () => 'pwd') }, 'hintRefused'],
    ['has a method too long', { amr: ['x'.repeat(33)] }, 'hintRefused'],
    ['has a class too long', { acr: 'x'.repeat(129) }, 'hintRefused'],
    ['is about another domain', { email: 'anna@other.example' }, 'domainNotServed'],
    ['is about a domain that only ends like ours', { email: 'anna@notexample.com' }, 'domainNotServed'],
    ['is about a domain below ours', { email: 'anna@sub.example.com' }, 'domainNotServed'],
    ['has two at signs', { email: 'anna@example.com@other.example' }, 'domainNotServed'],
    ['is about nobody', { email: '' }, 'hintRefused'],
    ['has no local part', { email: '@example.com' }, 'hintRefused'],
    ['is about what is not ASCII', { email: 'änna@example.com' }, 'hintRefused'],
    ['is about an address with a space', { email: 'an na@example.com' }, 'hintRefused'],
  ])('that %s is refused', async (_what, claims, problem) => {
    expect(await read(await hint(claims))).toMatchObject({ problem });
  });

  test('bears a difference of clocks of ten seconds', async () => {
    expect(await read(await hint({ iat: now + 8 }))).toMatchObject({ sub: 'id-4711' });
    expect(await read(await hint({ iat: now - 100, exp: now - 8 }))).toMatchObject({ sub: 'id-4711' });
  });

  test('signed with another key, with none or with the wrong kind is refused', async () => {
    const claims = { sub: 'a', email: 'anna@example.com', iss: webmail, aud: issuer, iat: now, exp: now + 60 };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const foreign = await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    const unsigned = new UnsecuredJWT(claims).encode();
    const secret = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32));
    for (const token of [foreign, unsigned, secret, '', 'a.b.c', `${await hint()}x`]) {
      expect(await read(token)).toMatchObject({ problem: 'hintRefused' });
    }
  });

  test('says in its refusal what did not fit, and nothing that it contains', async () => {
    const refused = await read(await hint({ email: 'secret-name@other.example' }));
    expect(JSON.stringify(refused)).not.toContain('secret-name');
    expect(refused).toMatchObject({ detail: 'claim email is not of a configured mail domain' });
  });
});
