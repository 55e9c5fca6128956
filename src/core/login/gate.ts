import { isEnrollmentCode } from '../../api/enrollment-code.ts';
import { type EnrollmentCode, type SecretRecord, annotation } from '../../api/record.ts';
import type { Verdict } from '../second-factor.ts';

/** What is said beside the code. */
export interface BesideCode {
  /** The seed that the page was about; absent: the present one. */
  readonly mintedAt?: string | undefined;
  readonly enrollmentCode?: string | undefined;
}

export type EnrollmentCodeProblem = 'missing' | 'wrong' | 'notIssued';

/** A verdict by which a code is asked for. */
export type AskingVerdict = Extract<Verdict, { readonly kind: 'code' | 'enroll' }>;

/** Why no code is judged; nothing is written for any of these. */
export type Stop =
  | { readonly kind: 'seedChanged' }
  | { readonly kind: 'enrollmentCode'; readonly problem: EnrollmentCodeProblem }
  | { readonly kind: 'waiting'; readonly notBefore: number };

/** What is wrong with an enrolment code; undefined if it is right, or none is asked for. */
export const enrollmentCodeProblem = (
  asked: EnrollmentCode,
  typed: string | undefined,
): EnrollmentCodeProblem | undefined => {
  if (asked.kind === 'none') return undefined;
  if (asked.kind === 'notIssued') return 'notIssued';
  if (typed === undefined || typed.trim() === '') return 'missing';
  return isEnrollmentCode(typed, asked.hash) ? undefined : 'wrong';
};

/** The checks before a code is looked at, in this order; undefined if it may be judged. */
export const stopBeforeCode = (
  { annotations }: SecretRecord,
  verdict: AskingVerdict,
  { mintedAt, enrollmentCode }: BesideCode,
): Stop | undefined => {
  if (mintedAt !== undefined && mintedAt !== annotations[annotation.mintedAt]) return { kind: 'seedChanged' };
  const problem = verdict.kind === 'enroll' ? enrollmentCodeProblem(verdict.enrollmentCode, enrollmentCode) : undefined;
  if (problem) return { kind: 'enrollmentCode', problem };
  return verdict.notBefore === undefined ? undefined : { kind: 'waiting', notBefore: verdict.notBefore };
};
