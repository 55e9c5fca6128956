import { describe, expect, test } from 'vitest';
import { codeAt, stepAt } from '../../../src/totp/code.ts';
import type { CodeParameters } from '../../../src/totp/parameters.ts';

/** RFC 6238, appendix B: the seed is the ASCII text 12345678901234567890, repeated to the length of the hash. */
const rfcSeeds = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  SHA512: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA',
} as const;

const rfcVectors: readonly (readonly [seconds: number, sha1: string, sha256: string, sha512: string])[] = [
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
];

describe.each(rfcVectors)('RFC 6238, appendix B, at %d s', (seconds, SHA1, SHA256, SHA512) => {
  test.each(Object.entries({ SHA1, SHA256, SHA512 }) as ['SHA1' | 'SHA256' | 'SHA512', string][])(
    '%s gives %s',
    (algorithm, code) => {
      const parameters: CodeParameters = { algorithm, digits: 8, periodSeconds: 30 };
      expect(codeAt(rfcSeeds[algorithm], parameters, seconds * 1000)).toBe(code);
    },
  );
});

const seed = rfcSeeds.SHA1;
const usual: CodeParameters = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 };

test('six digits are the last six of eight, leading zeros included', () => {
  expect(codeAt(seed, usual, 1111111109_000)).toBe('081804');
});

test('a code stays the same to the last millisecond of its period, and not beyond', () => {
  expect(codeAt(seed, usual, 59_999)).toBe('287082');
  expect(codeAt(seed, usual, 60_000)).not.toBe('287082');
  expect(codeAt(seed, { ...usual, periodSeconds: 60 }, 60_000)).toBe(codeAt(seed, usual, 30_000));
});

test.each([
  [30, 0, 0],
  [30, 29_999, 0],
  [30, 30_000, 1],
  [60, 119_999, 1],
  [30, 20_000_000_000_000, 666_666_666],
])('with a period of %d s, %d ms lies in step %d', (periodSeconds, unixMs, step) => {
  expect(stepAt(periodSeconds, unixMs)).toBe(step);
});

test.each(['JBSWY3DPEHPK3PXP', 'not base32 at all!', ''])('a seed that is none is an error, not a code: %j', (bad) => {
  expect(() => codeAt(bad, usual, 0)).toThrow();
});
