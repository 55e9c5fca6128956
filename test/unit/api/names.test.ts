import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';

describe('secretNameFor', () => {
  test('is totp- and the first 40 hex digits of SHA-256 of the address', () => {
    // printf %s anna@example.com | sha256sum
    const hex = createHash('sha256').update('anna@example.com').digest('hex');
    expect(secretNameFor('anna@example.com')).toBe(`totp-${hex.slice(0, 40)}`);
    expect(secretNameFor('anna@example.com')).toBe('totp-22e3ae11c82c92d94a5bd71ec76f3bfb5d70aed7');
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
    'KELVIN@example.com',
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
