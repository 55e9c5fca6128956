import type { Clock } from '../host/clock.ts';
import type { EventRecorder } from '../kube/events/events.ts';
import type { Collected, Metrics, Values } from './metrics.ts';
import type { Operator } from './operator.ts';
import { pendingRequests } from './pending-requests.ts';
import { platformRefOf } from './see/keys.ts';

export interface Sources {
  readonly operator: Operator;
  readonly events: EventRecorder;
  readonly clock: Clock;
  readonly isLeader: () => boolean;
  /** How far the API server's clock is ahead of ours. */
  readonly clockOffsetMs: () => number;
}

const pendingFigure = function* ({ operator: { world }, clock }: Sources) {
  const pending = pendingRequests(world, clock.now());
  for (const [request, count] of Object.entries(pending)) yield [{ request }, count] as const;
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

const watches = function* ({ operator }: Sources, figure: 'watches' | 'lists' | 'size' | 'silentMs') {
  const scale = figure === 'silentMs' ? 1_000 : 1;
  for (const { namespace = '', reflectors } of operator.scopes) {
    for (const [resource, reflector] of Object.entries(reflectors)) {
      yield [{ namespace, resource }, reflector.status()[figure] / scale] as const;
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
    [
      'gauge',
      'watch_silent_seconds',
      'Since the API server last said anything, if only a bookmark.',
      watched,
      (from) => watches(from, 'silentMs'),
    ],
    ['gauge', 'objects_known', 'Objects known.', watched, (from) => watches(from, 'size')],
    ['gauge', 'namespace_served', 'Whether all of it may be read, and is.', ['namespace'], served],
    ['gauge', 'accounts', 'MailAccounts by platform and phase.', ['namespace', 'platform', 'phase'], accountsByPhase],
    [
      'gauge',
      'requests_pending',
      'Requests that wait: for their instant, or for the second factor to be on.',
      ['request'],
      pendingFigure,
    ],
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
