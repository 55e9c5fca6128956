import { createHash, timingSafeEqual } from 'node:crypto';

/** Crockford's base32 as people write it down: any case, hyphens anywhere, I and L for 1, O for 0. */
const written = (code: string): string =>
  code
    .normalize('NFKC')
    .replace(/[\s\p{Zs}\p{Pd}]/gu, '')
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');

/** Longer than any code with separators. */
const longest = 64;

/**
 * Whether a typed enrolment code is the one that was hashed.
 *
 * @param hash `sha256:<hex of a 16-byte salt>:<hex of SHA-256(salt ‖ code)>`
 */
export const isEnrollmentCode = (typed: string, hash: string): boolean => {
  const [, salt = '', expected = ''] = hash.split(':');
  if (typed.length > longest) return false;
  const found = createHash('sha256').update(Buffer.from(salt, 'hex')).update(written(typed), 'utf8').digest();
  const wanted = Buffer.from(expected, 'hex');
  return wanted.length === found.length && timingSafeEqual(found, wanted);
};
