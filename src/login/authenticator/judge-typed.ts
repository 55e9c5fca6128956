import type { Instant } from '../../api/instants.ts';
import { type Annotations, annotation } from '../../api/record.ts';
import { type BesideCode, stopBeforeCode, type Stop } from '../../core/login/gate.ts';
import {
  type Fit,
  acceptedReach,
  hintedReach,
  type Judgement,
  judgeCode,
  type Outcome,
} from '../../core/login/judgement.ts';
import type { Occasion } from '../../core/login/verdict-at.ts';
import { stepAt } from '../../totp/code.ts';
import { fittingSteps } from '../../totp/fitting-steps.ts';
import type { WithCode } from './judged.ts';
import { type LoginSecret, mintedAtOf, readSeedData, recordOf, type SeedData } from '../secrets/secret.ts';

/** A code and what the person said and saw with it. */
export interface TypedCode extends BesideCode {
  /** As `digitsOf` gives them. */
  readonly digits: string;
}

export type TypedJudgement =
  | Stop
  | Exclude<Judgement, { readonly kind: 'wrong' }>
  /** `periodSeconds`: how long one of the phone's steps is. */
  | (Extract<Judgement, { readonly kind: 'wrong' }> & { readonly periodSeconds: number })
  | { readonly kind: 'malformed'; readonly digits: 6 | 8 }
  /** The Secret's data can't be read: `write` says so to the operator, which never sees them. */
  | { readonly kind: 'dataInvalid'; readonly write: Annotations };

/** Where a code fits. The far steps are computed only for a wrong one. */
export const fitOf = ({ seed, parameters }: SeedData, digits: string, unixMs: Instant): Fit => {
  const near = fittingSteps(seed, parameters, { digits, unixMs }, acceptedReach);
  const steps = near.length > 0 ? near : fittingSteps(seed, parameters, { digits, unixMs }, hintedReach);
  return { present: stepAt(parameters.periodSeconds, unixMs), steps };
};

/** The annotation that tells the operator of unreadable data. */
export const dataInvalid = (secret: LoginSecret): Annotations => ({
  [annotation.dataInvalid]: mintedAtOf(secret),
});

/**
 * Judges what was typed where a code is asked for, at an instant: pure, so that every implementation of the contract can
 * be held against the same table.
 */
export const judgeTyped = (
  { secret, verdict }: WithCode<LoginSecret>,
  typed: TypedCode,
  occasion: Occasion,
  attempt: (outcome: Outcome, count: number) => string,
): TypedJudgement => {
  const record = recordOf(secret);
  const stop = stopBeforeCode(record, verdict, typed);
  if (stop) return stop;
  const seedData = readSeedData(secret.data);
  if (!seedData) return { kind: 'dataInvalid', write: dataInvalid(secret) };
  const { digits, periodSeconds } = seedData.parameters;
  if (typed.digits.length !== digits) return { kind: 'malformed', digits };
  const { now, browser } = occasion;
  const fit = fitOf(seedData, typed.digits, now);
  const judgement = judgeCode({ ...record, isEnrolled: verdict.kind === 'code', fit, browser, now, attempt });
  return judgement.kind === 'wrong' ? { ...judgement, periodSeconds } : judgement;
};
