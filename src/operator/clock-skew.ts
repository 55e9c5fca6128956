import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { doubtfulMs, ServerClock } from '../kube/server-clock.ts';

/**
 * Compares the clocks, and says where that makes suspensions doubtful (design.md, Events).
 *
 * @param tell what to say in an Event
 */
export const watchClocks = (clock: Clock, log: Log, tell: (note: string) => void): ServerClock =>
  new ServerClock(clock, {
    beyondMs: doubtfulMs,
    tell: (offsetMs) => {
      const seconds = Math.round(Math.abs(offsetMs) / 1_000);
      const note = `the API server's clock is ${seconds} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the operator's: suspensions start and end at wrong times`;
      log.warn({ offsetMs: Math.round(offsetMs) }, note);
      tell(note);
    },
  });
