import { ScureBase32Plugin } from 'otplib';

const base32 = new ScureBase32Plugin();

/** Base32 (RFC 4648) without padding, as OTP apps want it. */
export const encodeBase32 = (bytes: Uint8Array): string => base32.encode(bytes, { padding: false });

/** @throws if that is no base32 in upper case */
export const decodeBase32 = (text: string): Uint8Array => base32.decode(text);
