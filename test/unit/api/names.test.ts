import { describe, expect, test } from 'vitest';
import { isSecretName, secretNameFor } from '../../../src/api/names.ts';

describe('secretNameFor', () => {
  test('is totp- and the first 40 hex digits of SHA-256 of the address', () => {
    // printf %s anna@example.com | sha256sum
    expect(secretNameFor('anna@example.com')).toBe('totp-f7d54c22dda5b1780276601cd005909b70543fc4');
  });

  test('maps A–Z to a–z before hashing', () => {
    expect(secretNameFor('Anna@EXAMPLE.com')).toBe(secretNameFor('anna@example.com'));
  });

  test('is a name that Kubernetes accepts', () => {
    expect(secretNameFor("o'neil+x@example.com")).toMatch(/^totp-[0-9a-f]{40}$/);
  });

  test.each([
    'änna@example.com',
    'anna@exämple.com',
    '\u212Aelvin@example.com',
    'anna\n@example.com',
    '',
    ' \u0000',
    undefined,
    7,
    {},
  ])('refuses %j: anything not ASCII is refused before hashing', (address) => {
    expect(secretNameFor(address)).toBeUndefined();
  });
});

test('names kept for Secrets of our type are those that an address may have', () => {
  expect(isSecretName(secretNameFor('anna@example.com') ?? '')).toBe(true);
  const others = ['a'.repeat(39), 'a'.repeat(41), 'g'.repeat(40), 'A'.repeat(40)].map((digits) => `totp-${digits}`);
  expect([...others, `x-totp-${'a'.repeat(40)}`, ''].filter(isSecretName)).toEqual([]);
});
