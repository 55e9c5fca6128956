import type { Clock } from '../host/clock.ts';
import type { EventRecorder } from '../kube/events/events.ts';
import type { LaneStats } from '../kube/queue/lanes.ts';
import type { ReflectorStatus } from '../kube/reflector/options.ts';
import type { Collected, Metrics, Sample } from './metrics.ts';
import type { Operator } from './operator.ts';
import { pendingRequests } from './pending-requests.ts';
import type { ServerClock } from '../kube/client/server-clock.ts';
import { platformRefOf } from './see/keys.ts';

export interface Sources {
  readonly operator: Operator;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly isLeader: () => boolean;
  readonly serverClock: Pick<ServerClock, 'offsetMs'>;
}

const pending = ({ operator: { world }, clock }: Sources): Sample[] =>
  Object.entries(pendingRequests(world, clock.now())).map(([request, value]) => ({ labels: { request }, value }));

const accountsByPhase = function* ({ operator }: Sources): Generator<Sample> {
  for (const [key, tally] of operator.world.tallies()) {
    const { namespace, name: platform } = platformRefOf(key);
    const { total, ...phases } = tally.counts();
    const decided = Object.values(phases).reduce((sum, count) => sum + count, 0);
    for (const [phase, value] of Object.entries({ ...phases, undecided: total - decided }))
      yield { labels: { namespace, platform, phase }, value };
  }
};

const ofWatches = function* ({ operator }: Sources, valueOf: (status: ReflectorStatus) => number): Generator<Sample> {
  for (const { namespace = '', reflectors } of operator.scopes) {
    for (const [resource, reflector] of Object.entries(reflectors))
      yield { labels: { namespace, resource }, value: valueOf(reflector.status()) };
  }
};

const ofLanes = ({ operator }: Sources, valueOf: (stats: LaneStats) => number): Sample[] => {
  const { interactive, bulk } = operator.queue.stats();
  return [
    { labels: { lane: 'interactive' }, value: valueOf(interactive) },
    { labels: { lane: 'bulk' }, value: valueOf(bulk) },
  ];
};

const served = ({ operator }: Sources): Sample[] =>
  operator.scopes.map((scope) => ({
    labels: { namespace: scope.namespace ?? '' },
    value: Number(scope.notReady().length === 0),
  }));

interface Figure extends Omit<Collected, 'samples'> {
  readonly samples: (from: Sources) => Iterable<Sample>;
}

/** A gauge without labels. */
const gauge = (name: string, help: string, valueOf: (from: Sources) => number): Figure => ({
  type: 'gauge',
  name,
  help,
  samples: (from) => [{ value: valueOf(from) }],
});

const watched = ['namespace', 'resource'];

const figures: readonly Figure[] = [
  {
    type: 'gauge',
    name: 'queue_depth',
    help: 'Keys ready to be worked on.',
    labelNames: ['lane'],
    samples: (from) => ofLanes(from, ({ depth }) => depth),
  },
  {
    type: 'gauge',
    name: 'queue_oldest_age_seconds',
    help: 'Age of the key that waits longest.',
    labelNames: ['lane'],
    samples: (from) => ofLanes(from, ({ oldestAgeMs }) => oldestAgeMs / 1_000),
  },
  gauge('queue_running', 'Keys being worked on.', ({ operator }) => operator.queue.stats().running),
  gauge('queue_delayed', 'Keys that wait for an instant.', ({ operator }) => operator.queue.stats().delayed),
  gauge('queue_failing', 'Keys whose last work failed.', ({ operator }) => operator.queue.stats().failing),
  {
    type: 'counter',
    name: 'watches_opened_total',
    help: 'Watches opened: all but the first are restarts.',
    labelNames: watched,
    samples: (from) => ofWatches(from, ({ watches }) => watches),
  },
  {
    type: 'counter',
    name: 'lists_read_total',
    help: 'Readings of the whole set.',
    labelNames: watched,
    samples: (from) => ofWatches(from, ({ lists }) => lists),
  },
  {
    type: 'gauge',
    name: 'watch_silent_seconds',
    help: 'Since the API server last said anything, if only a bookmark.',
    labelNames: watched,
    samples: (from) => ofWatches(from, ({ silentMs }) => silentMs / 1_000),
  },
  {
    type: 'gauge',
    name: 'objects_known',
    help: 'Objects known.',
    labelNames: watched,
    samples: (from) => ofWatches(from, ({ size }) => size),
  },
  {
    type: 'gauge',
    name: 'namespace_served',
    help: 'Whether all of it may be read, and is.',
    labelNames: ['namespace'],
    samples: served,
  },
  {
    type: 'gauge',
    name: 'accounts',
    help: 'MailAccounts by platform and phase.',
    labelNames: ['namespace', 'platform', 'phase'],
    samples: accountsByPhase,
  },
  {
    type: 'gauge',
    name: 'requests_pending',
    help: 'Requests that wait: for their instant, or for the second factor to be on.',
    labelNames: ['request'],
    samples: pending,
  },
  gauge('leader', 'Whether this process holds the Lease.', ({ isLeader }) => Number(isLeader())),
  {
    type: 'counter',
    name: 'events_dropped_total',
    help: 'Events that could not be recorded.',
    samples: ({ events }) => [{ value: events.dropped() }],
  },
  gauge(
    'server_clock_offset_seconds',
    "How far the API server's clock is ahead of ours.",
    ({ serverClock }) => serverClock.offsetMs / 1_000,
  ),
];

/** Figures that are counted when they are asked for. */
export const addFigures = (metrics: Metrics, sources: Sources): void => {
  for (const { samples, ...figure } of figures) metrics.collected({ ...figure, samples: () => samples(sources) });
};
