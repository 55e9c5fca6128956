import {
  type Browser,
  type Failures,
  failureMemoryMs,
  failuresKept,
  formatFailures,
  noFailures,
} from '../../api/failures.ts';
import { formatSeconds, type Instant, secondMs } from '../../api/instants.ts';
import { annotation, type Annotations, read } from '../../api/record.ts';

/** Steps around the present one whose code is accepted (RFC 6238, section 5.2): one for typing, one for clocks. */
export const acceptedReach = { back: 1, ahead: 1 } as const;
/** Steps around the present one in which a wrong code is looked for, to tell that the phone's clock is wrong. */
export const hintedReach = { back: 10, ahead: 10 } as const;

/** Where a code fits. */
export interface Fit {
  /** The time step of now. */
  readonly present: number;
  /** The steps within {@link hintedReach} that show this code, ascending. */
  readonly steps: readonly number[];
}

export type Outcome = 'first' | 'accepted' | 'wrong';

/** What the record has, and what is to be said of it. */
export interface CodeCase {
  readonly annotations: Annotations;
  readonly isEnrolled: boolean;
  readonly fit: Fit;
  readonly browser: Browser;
  readonly now: Instant;
  /** The text of `attempt`: another for each verdict. `count`: wrong codes, before an accepted code or with this one. */
  readonly attempt: (outcome: Outcome, count: number) => string;
}

/** `write`: the annotations of the one compare-and-swap that makes it so. */
export type Judgement =
  | {
      readonly kind: 'accepted';
      readonly firstCode: boolean;
      readonly wrongCodesBefore: number;
      readonly write: Annotations;
    }
  | {
      readonly kind: 'wrong';
      readonly wrongCodes: number;
      /** Steps by which the phone is ahead of us (negative: behind), if that is why the code is wrong. */
      readonly phoneAhead: number | undefined;
      readonly write: Annotations;
    }
  | { readonly kind: 'replayed' };

const remembered = (instants: readonly number[], now: Instant): readonly number[] =>
  instants.filter((seconds) => seconds * secondMs + failureMemoryMs > now);

const failuresOf = (annotations: Annotations, now: Instant): Failures => {
  const { row, unknown, known } = read(annotations, annotation.failures) ?? noFailures;
  return { row, unknown: remembered(unknown, now), known: remembered(known, now) };
};

const oneMore = (instants: readonly number[], now: Instant): readonly number[] =>
  // Ascending, even if the clock was set back.
  [...instants, Math.max(Math.floor(now / secondMs), instants.at(-1) ?? 0)].slice(-failuresKept);

/** How far the phone's clock is off. Later than enrolment a hint at a future step would tell a guesser when his guess is good. */
export const phoneAheadOf = ({ present, steps }: Fit, isEnrolled: boolean): number | undefined =>
  steps
    .map((step) => step - present)
    .filter((ahead) => !isEnrolled || ahead < 0)
    .toSorted((a, b) => Math.abs(a) - Math.abs(b))
    .at(0);

const accepted = (codeCase: CodeCase, step: number): Judgement => {
  const { annotations, isEnrolled, now, attempt } = codeCase;
  const failures = failuresOf(annotations, now);
  return {
    kind: 'accepted',
    firstCode: !isEnrolled,
    wrongCodesBefore: failures.row,
    write: {
      ...(!isEnrolled && { [annotation.enrolledAt]: formatSeconds(now) }),
      [annotation.lastStep]: String(step),
      [annotation.failures]: formatFailures({ ...failures, row: 0 }),
      [annotation.attempt]: attempt(isEnrolled ? 'accepted' : 'first', failures.row),
    },
  };
};

const wrong = (codeCase: CodeCase): Judgement => {
  const { annotations, isEnrolled, fit, browser, now, attempt } = codeCase;
  const before = failuresOf(annotations, now);
  const row = before.row + 1;
  return {
    kind: 'wrong',
    wrongCodes: row,
    phoneAhead: phoneAheadOf(fit, isEnrolled),
    write: {
      [annotation.failures]: formatFailures({ ...before, row, [browser]: oneMore(before[browser], now) }),
      [annotation.attempt]: attempt('wrong', row),
    },
  };
};

/**
 * Judges a code that may be judged. Accepted is the latest step in reach that fits and is later than the last accepted
 * one; a code that fits in reach, but only such steps as are used, is neither accepted nor counted.
 */
export const judgeCode = (codeCase: CodeCase): Judgement => {
  const { present, steps } = codeCase.fit;
  const { back, ahead } = acceptedReach;
  const inReach = steps.filter((step) => present - back <= step && step <= present + ahead);
  const lastStep = read(codeCase.annotations, annotation.lastStep) ?? -1;
  const unused = inReach.filter((step) => step > lastStep).at(-1);
  if (unused !== undefined) return accepted(codeCase, unused);
  return inReach.length > 0 ? { kind: 'replayed' } : wrong(codeCase);
};
