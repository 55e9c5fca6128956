import type { Instant } from '../../api/instants.ts';
import { doubtfulMs } from '../../kube/client/server-clock.ts';
import type { ReconcileContext } from './context.ts';

type Clocks = Pick<ReconcileContext, 'clock' | 'clockOffsetMs'>;

/** While the clocks differ, one may be put right at any moment: what waits is looked at again this soon. */
const lookAgainMs = 60_000;

/** By how much the API server's clock is ahead of ours; nothing where it is no more than clocks may differ. */
const offsetMs = ({ clockOffsetMs }: Clocks): number => {
  const offset = Math.round(clockOffsetMs());
  return Math.abs(offset) > doubtfulMs ? offset : 0;
};

/** A time to decide by. */
interface Time {
  readonly now: Instant;
  /** A decision of this time, with its next instant by our clock. */
  readonly inOurs: <Decision extends { readonly requeueAt: Instant | undefined }>(decision: Decision) => Decision;
}

const shiftedBy = (shiftMs: number, { clock }: Clocks): Time => ({
  now: clock.now() + shiftMs,
  inOurs: (decision) => {
    const { requeueAt } = decision;
    if (requeueAt === undefined || shiftMs === 0) return decision;
    return { ...decision, requeueAt: Math.min(requeueAt - shiftMs, clock.now() + lookAgainMs) };
  },
});

/**
 * The earlier of our clock and the API server's: for what can't be undone. One machine whose clock is ahead must not end
 * the grace periods of deleted accounts, or do a reset, before its time.
 */
export const earlierTime = (clocks: Clocks): Time => shiftedBy(Math.min(offsetMs(clocks), 0), clocks);

/** The later of the two: for what lasts from now on, which must not be over at once by a clock that is behind. */
export const laterTime = (clocks: Clocks): Time => shiftedBy(Math.max(offsetMs(clocks), 0), clocks);
