import { createHash, timingSafeEqual } from 'node:crypto';

/** Crockford's base32: no I, L, O and U, which are misread or misheard. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 16;
const saltBytes = 16;

interface Chance {
  bytes(count: number): Uint8Array;
}

/** A new enrolment code: 16 characters, 80 random bits. */
export const newEnrollmentCode = (random: Chance): string =>
  // 256 is a multiple of 32, so no character is likelier than another
  [...random.bytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]).join('');

/** In groups of four, as it is read to somebody. */
export const inGroups = (code: string): string => (code.match(/.{4}/g) ?? []).join('-');

/** Crockford's base32 as people write it down: any case, hyphens anywhere, I and L for 1, O for 0. */
const written = (code: string): string =>
  code
    .normalize('NFKC')
    .replace(/[\s\p{Zs}\p{Pd}]/gu, '')
    .toUpperCase()
    .replace(/[IL]/g, '1')
    .replaceAll('O', '0');

const digestOf = (code: string, salt: Uint8Array): Buffer =>
  createHash('sha256').update(salt).update(written(code), 'utf8').digest();

/** `sha256:<hex of a 16-byte salt>:<hex of SHA-256(salt ‖ code)>`. */
const hashForm = /^sha256:[0-9a-f]{32}:[0-9a-f]{64}$/;

/** Whether a text has the form of spec.twoFactor.enrollmentCode.hash. */
export const isCodeHash = (text: string): boolean => hashForm.test(text);

/** What spec.twoFactor.enrollmentCode.hash says of a code. */
export const hashEnrollmentCode = (code: string, random: Chance): string => {
  const salt = random.bytes(saltBytes);
  return `sha256:${Buffer.from(salt).toString('hex')}:${digestOf(code, salt).toString('hex')}`;
};

/** Longer than any code with separators. */
const longest = 64;

/** Whether a typed enrolment code is the one that was hashed. */
export const isEnrollmentCode = (typed: string, hash: string): boolean => {
  const [, salt = '', expected = ''] = hash.split(':');
  if (typed.length > longest) return false;
  const found = digestOf(typed, Buffer.from(salt, 'hex'));
  const wanted = Buffer.from(expected, 'hex');
  return wanted.length === found.length && timingSafeEqual(found, wanted);
};
