import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  hashEnrollmentCode,
  inGroups,
  isCodeHash,
  isEnrollmentCode,
  newEnrollmentCode,
} from '../../../src/api/enrollment-code.ts';
import { codeHash } from '../core/given.ts';

const counting = { bytes: (count: number): Uint8Array => new Uint8Array(count).map((_, index) => index * 37) };
const chance = { bytes: (count: number): Uint8Array => randomBytes(count) };

describe('an enrolment code', () => {
  test('is 16 characters of Crockford, in groups of four', () => {
    expect(inGroups(newEnrollmentCode(counting))).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(Array.from({ length: 200 }, () => newEnrollmentCode(chance))).size).toBe(200);
  });

  test('is hashed with its salt', () => {
    const [scheme, salt, hash] = hashEnrollmentCode('ABCD', counting).split(':');
    const digest = createHash('sha256').update(counting.bytes(16)).update('ABCD').digest('hex');
    expect([scheme, salt, hash]).toEqual(['sha256', Buffer.from(counting.bytes(16)).toString('hex'), digest]);
  });

  test('is known by its hash, in groups, without, and in lower case', () => {
    const code = newEnrollmentCode(chance);
    const hash = hashEnrollmentCode(code, chance);
    expect(isCodeHash(hash)).toBe(true);
    for (const typed of [code, inGroups(code), code.toLowerCase(), ` ${inGroups(code).toLowerCase()} `]) {
      expect(isEnrollmentCode(typed, hash)).toBe(true);
    }
    expect(isEnrollmentCode(newEnrollmentCode(chance), hash)).toBe(false);
  });
});

test.each([
  [codeHash, true],
  [codeHash.toUpperCase(), false],
  [codeHash.slice(0, -1), false],
  [codeHash.replace('sha256', 'sha512'), false],
  [`${codeHash} `, false],
])('hash %s: %s', (text, isOne) => {
  expect(isCodeHash(text)).toBe(isOne);
});
