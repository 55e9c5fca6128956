import { otpauthUri } from './otpauth-uri.ts';
import type { OtpauthParameters } from './parameters.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/** The `data` of a Secret that holds this seed (base32): the contract with login services, base64 as the API wants it. */
export const secretData = (seed: string, parameters: OtpauthParameters): Readonly<Record<string, string>> => ({
  seed: base64(seed),
  algorithm: base64(parameters.algorithm),
  digits: base64(String(parameters.digits)),
  period: base64(String(parameters.periodSeconds)),
  issuer: base64(parameters.issuer),
  'otpauth-uri': base64(otpauthUri(parameters, seed)),
});
