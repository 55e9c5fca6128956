import { sleep } from '../../../src/host/clock.ts';
import { silentLog } from '../../../src/host/log.ts';
import { createLeadership, type Leadership } from '../../../src/kube/lease/lease.ts';
import { fakeWorld, steadyRandom } from './fake-server.ts';
import type { LeaseStore } from './lease-store.ts';
import type { VirtualClock } from './virtual-clock.ts';

interface Candidate {
  readonly leadership: Leadership;
  /** Whether its first try is over. */
  readonly tried: () => boolean;
  /** What it was told of itself. */
  readonly log: string[];
  /** What it warned of. */
  readonly warnings: string[];
  /** Whether it noticed that storage went back. */
  readonly tripped: () => boolean;
}

/** A candidate that campaigns for the Lease of a store; its server answers after `answersAfterMs`. */
export const campaign = (clock: VirtualClock, store: LeaseStore, identity: string, answersAfterMs = 0): Candidate => {
  const { client, server, tripwire } = fakeWorld(clock);
  store.serve(server);
  const send = server.send.bind(server);
  server.send = async (request) => {
    const answer = await send(request);
    if (answersAfterMs > 0) await sleep(clock, answersAfterMs);
    return answer;
  };
  const log: string[] = [];
  const warnings: string[] = [];
  let term: AbortSignal | undefined;
  let tripped = false;
  tripwire.onStorageWentBack(() => (tripped = true));
  const leadership = createLeadership({
    client,
    clock,
    random: steadyRandom,
    log: { ...silentLog, warn: (_fields, message) => void warnings.push(message) },
    tripwire,
    namespace: 'system',
    name: 'lock',
    identity,
    onElected: (signal) => {
      term = signal;
      log.push('elected');
    },
    onLost: () => void log.push(`lost, ${term?.aborted ? 'aborted before' : 'not aborted'}`),
  });
  let tried = false;
  void leadership.start().then(() => (tried = true));
  return { leadership, tried: () => tried, log, warnings, tripped: () => tripped };
};
