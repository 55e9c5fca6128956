import type { ServerTimeSample } from './client/client.ts';

/** A difference of clocks that lasts is said again only after this time. */
export const quietMs = 600_000;

/**
 * How far the API server's clock is ahead for certain; negative if it is behind. What may be only the way there and back is
 * no difference of clocks.
 */
export const certainOffsetMs = ({ offsetMs, roundTripMs }: ServerTimeSample): number =>
  Math.sign(offsetMs) * Math.max(Math.abs(offsetMs) - roundTripMs / 2, 0);
