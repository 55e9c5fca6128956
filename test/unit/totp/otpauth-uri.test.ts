import { describe, expect, test } from 'vitest';
import { otpauthUri } from '../../../src/totp/otpauth-uri.ts';
import type { OtpauthParameters } from '../../../src/totp/parameters.ts';

const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

const usual: OtpauthParameters = {
  issuer: 'Example Mail',
  address: 'anna@example.com',
  algorithm: 'SHA1',
  digits: 6,
  periodSeconds: 30,
};

describe('an otpauth URI', () => {
  test.each<[string, Partial<OtpauthParameters>, string]>([
    [
      'leaves the defaults out',
      {},
      `otpauth://totp/Example%20Mail:anna%40example.com?secret=${seed}&issuer=Example%20Mail`,
    ],
    [
      'says what is not a default',
      { algorithm: 'SHA256', digits: 8, periodSeconds: 60 },
      `otpauth://totp/Example%20Mail:anna%40example.com?secret=${seed}&issuer=Example%20Mail&algorithm=SHA256&digits=8&period=60`,
    ],
    [
      'says one of them alone',
      { algorithm: 'SHA512' },
      `otpauth://totp/Example%20Mail:anna%40example.com?secret=${seed}&issuer=Example%20Mail&algorithm=SHA512`,
    ],
    [
      'writes other scripts as UTF-8',
      { issuer: 'Müller & Söhne 日本' },
      `otpauth://totp/M%C3%BCller%20%26%20S%C3%B6hne%20%E6%97%A5%E6%9C%AC:anna%40example.com?secret=${seed}&issuer=M%C3%BCller%20%26%20S%C3%B6hne%20%E6%97%A5%E6%9C%AC`,
    ],
    [
      'keeps characters beyond the basic plane whole',
      { issuer: 'Mail 😀' },
      `otpauth://totp/Mail%20%F0%9F%98%80:anna%40example.com?secret=${seed}&issuer=Mail%20%F0%9F%98%80`,
    ],
    [
      'escapes what an address may contain and a URI may not',
      { address: 'a+b/c?d=e&f#g%h@example.com' },
      `otpauth://totp/Example%20Mail:a%2Bb%2Fc%3Fd%3De%26f%23g%25h%40example.com?secret=${seed}&issuer=Example%20Mail`,
    ],
  ])('%s', (_, more, uri) => {
    expect(otpauthUri({ ...usual, ...more }, seed)).toBe(uri);
  });

  test.each(['Müller & Söhne', 'Mail 😀', '50 % + 1', 'a/b?c=d#e', "O'Brien (Mail)"])(
    'says %s again when it is read',
    (issuer) => {
      const uri = new URL(otpauthUri({ ...usual, issuer }, seed));
      expect(uri.protocol + uri.host).toBe('otpauth:totp');
      expect(uri.searchParams.get('issuer')).toBe(issuer);
      expect(uri.searchParams.get('secret')).toBe(seed);
      expect(decodeURIComponent(uri.pathname)).toBe(`/${issuer}:anna@example.com`);
    },
  );

  test.each([{ issuer: 'Example: Mail' }, { address: 'anna:b@example.com' }])('refuses a ":" in %o', (more) => {
    expect(() => otpauthUri({ ...usual, ...more }, seed)).toThrow('":"');
  });
});
