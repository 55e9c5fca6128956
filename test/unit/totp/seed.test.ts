import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { newSeed } from '../../../src/totp/seed.ts';

const from = (text: string) => ({ bytes: (count: number) => new TextEncoder().encode(text).subarray(0, count) });

test('a seed is the base32 of 20 random bytes (RFC 4648; the RFC 6238 test seed reads so)', () => {
  expect(newSeed(from('12345678901234567890'))).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
});

test('it asks for exactly 160 bits', () => {
  const asked: number[] = [];
  newSeed({ bytes: (count) => (asked.push(count), new Uint8Array(count)) });
  expect(asked).toEqual([20]);
});

test('it is 32 characters of base32 without padding, each time others', () => {
  const seeds = Array.from({ length: 200 }, () => newSeed({ bytes: (count) => randomBytes(count) }));
  for (const seed of seeds) expect(seed).toMatch(/^[A-Z2-7]{32}$/);
  expect(new Set(seeds).size).toBe(200);
});
