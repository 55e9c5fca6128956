import { timingSafeEqual } from 'node:crypto';
import { codeAt, stepAt } from './code.ts';
import type { CodeParameters } from './parameters.ts';

/** Steps on either side of the present one. */
export interface Reach {
  readonly back: number;
  readonly ahead: number;
}

/**
 * The time steps (RFC 6238) around an instant at which a phone with this seed shows this code, ascending; usually one or
 * none. Each is compared in constant time, and all are computed whatever the first ones said.
 *
 * @param digits as many digits as the parameters say; others fit nowhere
 * @throws if the seed is not base32 or under 128 bits
 */
export const fittingSteps = (
  seed: string,
  parameters: CodeParameters,
  { digits, unixMs }: { readonly digits: string; readonly unixMs: number },
  { back, ahead }: Reach,
): readonly number[] => {
  const given = Buffer.from(digits);
  if (given.length !== parameters.digits) return [];
  const present = stepAt(parameters.periodSeconds, unixMs);
  const steps = Array.from({ length: back + 1 + ahead }, (_, index) => present - back + index);
  const stepMs = parameters.periodSeconds * 1000;
  return steps.filter(
    (step) => step >= 0 && timingSafeEqual(given, Buffer.from(codeAt(seed, parameters, step * stepMs))),
  );
};
