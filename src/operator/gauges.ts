import type { AccountFacts } from '../core/facts.ts';
import { parseSpecInstant } from '../api/instants.ts';
import type { Clock } from '../host/clock.ts';
import type { EventRecorder } from '../kube/events.ts';
import type { Metrics } from './metrics.ts';
import type { Operator } from './operator.ts';
import { platformRefOf } from './see/keys.ts';

export interface Gauged {
  readonly operator: Operator;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly isLeader: () => boolean;
  /** How far the API server's clock is ahead of ours. */
  readonly clockOffsetMs: () => number;
}

const requests = ['suspension', 'reset', 'unlock'] as const;

const isFuture = (account: AccountFacts, request: (typeof requests)[number], now: number): boolean => {
  const instant = parseSpecInstant(account.spec.twoFactor?.[request]?.requestedAt ?? '');
  return instant !== undefined && now < instant;
};

const pendingRequests = ({ operator, clock }: Gauged): (readonly [{ readonly request: string }, number])[] => {
  const counts = { suspension: 0, reset: 0, unlock: 0 };
  const now = clock.now();
  for (const account of operator.world.accounts()) {
    if (!account.spec.twoFactor) continue;
    for (const request of requests) if (isFuture(account, request, now)) counts[request] += 1;
  }
  return requests.map((request) => [{ request }, counts[request]]);
};

const accountsByPhase = function* ({ operator }: Gauged) {
  for (const [key, tally] of operator.world.tallies()) {
    const { namespace, name: platform } = platformRefOf(key);
    const { total, ...phases } = tally.counts();
    const known = Object.values(phases).reduce((sum, count) => sum + count, 0);
    for (const [phase, count] of [...Object.entries(phases), ['undecided', total - known] as const]) {
      yield [{ namespace, platform, phase }, count] as const;
    }
  }
};

const watches = function* ({ operator }: Gauged, figure: 'watches' | 'lists' | 'size') {
  for (const { namespace = '', reflectors } of operator.scopes) {
    for (const [resource, reflector] of Object.entries(reflectors)) {
      yield [{ namespace, resource }, reflector.status()[figure]] as const;
    }
  }
};

const lanes = (gauged: Gauged, figure: 'depth' | 'oldestAgeMs'): (readonly [{ readonly lane: string }, number])[] => {
  const stats = gauged.operator.queue.stats();
  const scale = figure === 'depth' ? 1 : 1_000;
  return [
    [{ lane: 'interactive' }, stats.interactive[figure] / scale],
    [{ lane: 'bulk' }, stats.bulk[figure] / scale],
  ];
};

/** Figures that are counted when they are asked for. */
export const addGauges = (metrics: Metrics, gauged: Gauged): void => {
  const { operator, events, isLeader, clockOffsetMs } = gauged;
  const one = (value: () => number) => () => [[{}, value()] as const];
  metrics.gauge('queue_depth', 'Keys ready to be worked on.', ['lane'], () => lanes(gauged, 'depth'));
  metrics.gauge('queue_oldest_age_seconds', 'Age of the key that waits longest.', ['lane'], () =>
    lanes(gauged, 'oldestAgeMs'),
  );
  metrics.gauge(
    'queue_running',
    'Keys being worked on.',
    [],
    one(() => operator.queue.stats().running),
  );
  metrics.gauge(
    'queue_delayed',
    'Keys that wait for an instant.',
    [],
    one(() => operator.queue.stats().delayed),
  );
  metrics.gauge(
    'queue_failing',
    'Keys whose last work failed.',
    [],
    one(() => operator.queue.stats().failing),
  );
  metrics.gauge(
    'watches_opened',
    'Watches opened since the start: all but the first are restarts.',
    ['namespace', 'resource'],
    () => watches(gauged, 'watches'),
  );
  metrics.gauge('lists_read', 'Readings of the whole set since the start.', ['namespace', 'resource'], () =>
    watches(gauged, 'lists'),
  );
  metrics.gauge('objects_known', 'Objects known.', ['namespace', 'resource'], () => watches(gauged, 'size'));
  metrics.gauge('accounts', 'MailAccounts by platform and phase.', ['namespace', 'platform', 'phase'], () =>
    accountsByPhase(gauged),
  );
  metrics.gauge('requests_pending', 'Requests of MailAccounts dated in the future.', ['request'], () =>
    pendingRequests(gauged),
  );
  metrics.gauge(
    'leader',
    'Whether this process holds the Lease.',
    [],
    one(() => Number(isLeader())),
  );
  metrics.gauge(
    'events_dropped',
    'Events that could not be recorded.',
    [],
    one(() => events.dropped()),
  );
  metrics.gauge(
    'server_clock_offset_seconds',
    "How far the API server's clock is ahead of ours.",
    [],
    one(() => clockOffsetMs() / 1_000),
  );
};
