import type { Browser } from '../../api/failures.ts';
import type { Instant } from '../../api/instants.ts';
import { annotation, type SecretRecord } from '../../api/record.ts';
import { secondFactor, type Verdict } from '../second-factor.ts';

/** When and for whom a record is judged. */
export interface Occasion {
  readonly now: Instant;
  readonly browser: Browser;
  /** False while this machine's clock can't be trusted to say whether a suspension has ended. */
  readonly honourSuspensions: boolean;
}

/** A verdict, and whether a suspension would have said otherwise. */
interface JudgedVerdict {
  readonly verdict: Verdict;
  readonly suspensionIgnored: boolean;
}

const withoutSuspensions = ({ type, annotations }: SecretRecord): SecretRecord => ({
  type,
  annotations: Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== annotation.suspended)),
});

/** {@link secondFactor}, by a clock that may be wrong: then nobody gets in by a suspension. */
export const verdictAt = (record: SecretRecord, occasion: Occasion): JudgedVerdict => {
  const { now, browser, honourSuspensions } = occasion;
  const verdict = secondFactor(record, now, browser);
  const isSuspended = verdict.kind === 'none' && verdict.reason === 'Suspended';
  if (!isSuspended || honourSuspensions) return { verdict, suspensionIgnored: false };
  return { verdict: secondFactor(withoutSuspensions(record), now, browser), suspensionIgnored: true };
};
