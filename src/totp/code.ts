import { generateSync, verifySync } from 'otplib';
import { otplibOptions, type CodeParameters } from './parameters.ts';

/** The time step that an instant (Unix milliseconds) lies in: RFC 6238's T, with T0 = 0. */
export const stepAt = (periodSeconds: number, unixMs: number): number => Math.floor(unixMs / 1000 / periodSeconds);

/** The code that a phone with this seed (base32) shows at an instant. Throws if the seed is not base32 or under 128 bits. */
export const codeAt = (seed: string, parameters: CodeParameters, unixMs: number): string =>
  generateSync({ ...otplibOptions(parameters), secret: seed, epoch: Math.floor(unixMs / 1000) });

/** A login's question: which step does this code belong to, if it may be accepted? */
export interface Attempt {
  readonly code: string;
  readonly unixMs: number;
  /** The last accepted step; this and earlier ones are spent (RFC 6238, section 5.2: a code is accepted once). */
  readonly lastStep?: number | undefined;
}

/**
 * The step of a right code, or undefined. One step back is allowed for the time that typing takes (RFC 6238,
 * section 5.2), none ahead. Throws if the seed is not base32 or under 128 bits; a malformed code is a wrong one.
 */
export const acceptedStep = (seed: string, parameters: CodeParameters, attempt: Attempt): number | undefined => {
  const { code, unixMs, lastStep } = attempt;
  if (code.length !== parameters.digits || !/^[0-9]+$/.test(code)) return undefined;
  const now = stepAt(parameters.periodSeconds, unixMs);
  // otplib refuses to begin with a replay limit in the future: a clock that was set back accepts nothing until then.
  if (lastStep !== undefined && lastStep >= now) return undefined;
  const verdict = verifySync({
    ...otplibOptions(parameters),
    secret: seed,
    token: code,
    epoch: Math.floor(unixMs / 1000),
    epochTolerance: [parameters.periodSeconds, 0],
    ...(lastStep !== undefined && { afterTimeStep: lastStep }),
  });
  return verdict.valid && 'timeStep' in verdict ? verdict.timeStep : undefined;
};
