import type { SeedParameters } from '../../core/decision.ts';
import type { Random } from '../../host/random.ts';
import { otpauthUri } from '../../totp/otpauth-uri.ts';
import { newSeed } from '../../totp/seed.ts';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

/**
 * The `data` of a Secret with a new seed, base64 as the API wants it. The only place of the operator where a seed exists:
 * it goes into one request and is not kept.
 */
export const mint = (parameters: SeedParameters, random: Random): Readonly<Record<string, string>> => {
  const seed = newSeed(random);
  return {
    seed: base64(seed),
    algorithm: base64(parameters.algorithm),
    digits: base64(String(parameters.digits)),
    period: base64(String(parameters.periodSeconds)),
    issuer: base64(parameters.issuer),
    'otpauth-uri': base64(otpauthUri(parameters, seed)),
  };
};
