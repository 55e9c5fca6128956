/** How codes are made from a seed (RFC 6238): the phone and the login must agree on it. */
export interface CodeParameters {
  readonly algorithm: 'SHA1' | 'SHA256' | 'SHA512';
  readonly digits: 6 | 8;
  readonly periodSeconds: 30 | 60;
}

/** What an OTP app is told, beside the seed. */
export interface OtpauthParameters extends CodeParameters {
  /** Who asks for the code, as the app shows it. Contains no ':'. */
  readonly issuer: string;
  /** The account's mail address, as the app shows it. Contains no ':'. */
  readonly address: string;
}

const hashes = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const;

/** The same as otplib names them. */
export const otplibOptions = ({ algorithm, digits, periodSeconds }: CodeParameters) =>
  ({ strategy: 'totp', algorithm: hashes[algorithm], digits, period: periodSeconds }) as const;
