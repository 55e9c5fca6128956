import { decodeJwt, errors, type JWTPayload } from 'jose';

/** What a token says of itself, believed by nobody yet; undefined if it is no JWT. */
export const unverifiedClaims = (token: string): JWTPayload | undefined => {
  try {
    return decodeJwt(token);
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
};
