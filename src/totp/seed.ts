import { ScureBase32Plugin } from 'otplib';

/** The length that RFC 4226 recommends (section 4, R6), that of an HMAC-SHA-1. */
const seedBytes = 20;

const base32 = new ScureBase32Plugin();

/** A new seed: 160 random bits in base32 (RFC 4648) without padding, as OTP apps want it; 32 characters. */
export const newSeed = (random: { bytes(count: number): Uint8Array }): string =>
  base32.encode(random.bytes(seedBytes), { padding: false });
