import type { Instant } from '../../api/instants.ts';
import { doubtfulMs } from '../../kube/client/server-clock.ts';
import type { ReconcileContext } from './context.ts';

type Clocks = Pick<ReconcileContext, 'clock' | 'serverClock'>;

/** While the clocks differ, one may be put right at any moment: what waits is looked at again this soon. */
const lookAgainMs = 60_000;

/** By how much the API server's clock is ahead of ours; nothing where it is no more than clocks may differ. */
const offsetMs = ({ serverClock }: Clocks): number => {
  const offset = Math.round(serverClock.offsetMs);
  return Math.abs(offset) > doubtfulMs ? offset : 0;
};

/** A time to decide by. */
export interface Time {
  readonly now: Instant;
  /**
   * The API server's time, where it is known of now that the clocks differ: requests are dated by people's clocks, which agree with it, and a seed of
   * another time would be taken for older or newer than they mean.
   */
  readonly serverNow: Instant | undefined;
  /** A decision of this time, with its next instant by our clock. */
  readonly inOurs: <Decision extends { readonly requeueAt: Instant | undefined }>(decision: Decision) => Decision;
}

/** @param shiftOf by how much to decide later than our clock says, where the API server's is so much ahead */
const timeOf = (clocks: Clocks, shiftOf: (offsetMs: number) => number): Time => {
  const [ourNow, offset] = [clocks.clock.now(), offsetMs(clocks)];
  const shiftMs = shiftOf(offset);
  return {
    now: ourNow + shiftMs,
    serverNow: offset !== 0 && clocks.serverClock.isRecent ? ourNow + offset : undefined,
    inOurs: (decision) => {
      const { requeueAt } = decision;
      if (requeueAt === undefined || shiftMs === 0) return decision;
      return { ...decision, requeueAt: Math.min(requeueAt - shiftMs, ourNow + lookAgainMs) };
    },
  };
};

export const ourTime = (clocks: Clocks): Time => timeOf(clocks, () => 0);

/**
 * The earlier of our clock and the API server's: for what can't be undone. One machine whose clock is ahead must not end
 * the grace periods of deleted accounts, or do a reset, before its time.
 */
export const earlierTime = (clocks: Clocks): Time => timeOf(clocks, (offset) => Math.min(offset, 0));

/** The later of the two: for what lasts from now on, which must not be over at once by a clock that is behind. */
export const laterTime = (clocks: Clocks): Time => timeOf(clocks, (offset) => Math.max(offset, 0));
