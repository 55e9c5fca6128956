import { encodeBase32 } from './base32.ts';

/** The length that RFC 4226 recommends (section 4, R6), that of an HMAC-SHA-1. */
const seedBytes = 20;

/** A new seed: 160 random bits in base32, 32 characters. */
export const newSeed = (random: { bytes(count: number): Uint8Array }): string => encodeBase32(random.bytes(seedBytes));
