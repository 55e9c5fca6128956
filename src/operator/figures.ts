import type { AccountFacts } from '../core/facts.ts';
import { parseSpecInstant } from '../api/instants.ts';
import type { Clock } from '../host/clock.ts';
import type { EventRecorder } from '../kube/events/events.ts';
import type { Collected, Metrics, Values } from './metrics.ts';
import type { Operator } from './operator.ts';
import { platformRefOf } from './see/keys.ts';

export interface Sources {
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

const pendingRequests = ({ operator, clock }: Sources): (readonly [{ readonly request: string }, number])[] => {
  const counts = { suspension: 0, reset: 0, unlock: 0 };
  const now = clock.now();
  for (const account of operator.world.accounts()) {
    if (!account.spec.twoFactor) continue;
    for (const request of requests) if (isFuture(account, request, now)) counts[request] += 1;
  }
  return requests.map((request) => [{ request }, counts[request]]);
};

const accountsByPhase = function* ({ operator }: Sources) {
  for (const [key, tally] of operator.world.tallies()) {
    const { namespace, name: platform } = platformRefOf(key);
    const { total, ...phases } = tally.counts();
    const known = Object.values(phases).reduce((sum, count) => sum + count, 0);
    for (const [phase, count] of [...Object.entries(phases), ['undecided', total - known] as const]) {
      yield [{ namespace, platform, phase }, count] as const;
    }
  }
};

const watches = function* ({ operator }: Sources, figure: 'watches' | 'lists' | 'size') {
  for (const { namespace = '', reflectors } of operator.scopes) {
    for (const [resource, reflector] of Object.entries(reflectors)) {
      yield [{ namespace, resource }, reflector.status()[figure]] as const;
    }
  }
};

const lanes = (sources: Sources, figure: 'depth' | 'oldestAgeMs'): (readonly [{ readonly lane: string }, number])[] => {
  const stats = sources.operator.queue.stats();
  const scale = figure === 'depth' ? 1 : 1_000;
  return [
    [{ lane: 'interactive' }, stats.interactive[figure] / scale],
    [{ lane: 'bulk' }, stats.bulk[figure] / scale],
  ];
};

const served = function* ({ operator }: Sources) {
  for (const scope of operator.scopes) {
    yield [{ namespace: scope.namespace ?? '' }, Number(scope.notReady().length === 0)] as const;
  }
};

const one = (value: number): Values => [[{}, value]];

const watched = ['namespace', 'resource'];

/** All of them, as rows of type, name, help, labels and values. */
const figures: readonly (readonly [Collected['type'], string, string, readonly string[], (from: Sources) => Values])[] =
  [
    ['gauge', 'queue_depth', 'Keys ready to be worked on.', ['lane'], (from) => lanes(from, 'depth')],
    [
      'gauge',
      'queue_oldest_age_seconds',
      'Age of the key that waits longest.',
      ['lane'],
      (from) => lanes(from, 'oldestAgeMs'),
    ],
    ['gauge', 'queue_running', 'Keys being worked on.', [], ({ operator }) => one(operator.queue.stats().running)],
    [
      'gauge',
      'queue_delayed',
      'Keys that wait for an instant.',
      [],
      ({ operator }) => one(operator.queue.stats().delayed),
    ],
    [
      'gauge',
      'queue_failing',
      'Keys whose last work failed.',
      [],
      ({ operator }) => one(operator.queue.stats().failing),
    ],
    [
      'counter',
      'watches_opened_total',
      'Watches opened: all but the first are restarts.',
      watched,
      (from) => watches(from, 'watches'),
    ],
    ['counter', 'lists_read_total', 'Readings of the whole set.', watched, (from) => watches(from, 'lists')],
    ['gauge', 'objects_known', 'Objects known.', watched, (from) => watches(from, 'size')],
    ['gauge', 'namespace_served', 'Whether all of it may be read, and is.', ['namespace'], served],
    ['gauge', 'accounts', 'MailAccounts by platform and phase.', ['namespace', 'platform', 'phase'], accountsByPhase],
    ['gauge', 'requests_pending', 'Requests of MailAccounts dated in the future.', ['request'], pendingRequests],
    ['gauge', 'leader', 'Whether this process holds the Lease.', [], ({ isLeader }) => one(Number(isLeader()))],
    [
      'counter',
      'events_dropped_total',
      'Events that could not be recorded.',
      [],
      ({ events }) => one(events.dropped()),
    ],
    [
      'gauge',
      'server_clock_offset_seconds',
      "How far the API server's clock is ahead of ours.",
      [],
      ({ clockOffsetMs }) => one(clockOffsetMs() / 1_000),
    ],
  ];

/** Figures that are counted when they are asked for. */
export const addFigures = (metrics: Metrics, sources: Sources): void => {
  for (const [type, name, help, labelNames, values] of figures) {
    metrics.collected({ type, name, help, labelNames, values: () => values(sources) });
  }
};
