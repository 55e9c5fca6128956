import { generateSync } from 'otplib';
import { otplibOptions, type CodeParameters } from './parameters.ts';

/** The time step that an instant (Unix milliseconds) lies in: RFC 6238's T, with T0 = 0. */
export const stepAt = (periodSeconds: number, unixMs: number): number => Math.floor(unixMs / 1000 / periodSeconds);

/** The code that a phone with this seed (base32) shows at an instant. Throws if the seed is not base32 or under 128 bits. */
export const codeAt = (seed: string, parameters: CodeParameters, unixMs: number): string =>
  generateSync({ ...otplibOptions(parameters), secret: seed, epoch: Math.floor(unixMs / 1000) });
