import { createHash } from 'node:crypto';

/** Crockford's base32: no I, L, O and U, which are misread or misheard. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 16;
const saltBytes = 16;

interface Chance {
  bytes(count: number): Uint8Array;
}

/** A new enrolment code: 16 characters, 80 random bits. */
export const newCode = (random: Chance): string =>
  // 256 is a multiple of 32, so no character is likelier than another
  [...random.bytes(codeLength)].map((byte) => alphabet[byte % alphabet.length]).join('');

/** In groups of four, as it is read to somebody. */
export const inGroups = (code: string): string => (code.match(/.{4}/g) ?? []).join('-');

/** `sha256:SALT:HASH` of a code in upper case without hyphens: what spec.twoFactor.enrollmentCode.hash says. */
export const hashOf = (code: string, random: Chance): string => {
  const salt = random.bytes(saltBytes);
  const digest = createHash('sha256').update(salt).update(code, 'ascii').digest('hex');
  return `sha256:${Buffer.from(salt).toString('hex')}:${digest}`;
};
