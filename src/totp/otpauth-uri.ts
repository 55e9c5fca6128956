import { generateURI } from 'otplib';
import { otplibOptions, type OtpauthParameters } from './parameters.ts';

/**
 * What the QR code says: `otpauth://totp/Issuer:address?secret=…&issuer=…`, the "Key Uri Format" of Google Authenticator,
 * which every OTP app reads. The issuer is in both places: some apps read one, some the other.
 *
 * `algorithm`, `digits` and `period` are there only where they differ from the format's own defaults (SHA1, 6, 30).
 * An app that knows the parameters knows the defaults too, one that does not would make wrong codes from other values
 * either way, and 34 characters less make a smaller QR code: that is what makes it scan well.
 *
 * Throws if the issuer or the address contains ':', which would move the border between them.
 */
export const otpauthUri = (parameters: OtpauthParameters, seed: string): string => {
  const { issuer, address } = parameters;
  if (issuer.includes(':') || address.includes(':')) throw new Error('issuer and address must not contain ":"');
  return generateURI({ ...otplibOptions(parameters), issuer, label: address, secret: seed });
};
