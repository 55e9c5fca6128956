import { hostname } from 'node:os';
import type { Clock } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import type { Random } from '../host/random.ts';
import { version } from '../host/version.ts';
import { createClient } from '../kube/client/create-client.ts';
import { createEventRecorder, type EventRecorder, type EventRegarding } from '../kube/events/events.ts';
import { createLeadership, type Leadership } from '../kube/lease/lease.ts';
import { resourceName } from '../kube/client/resource.ts';
import type { Transport } from '../kube/transport/transport.ts';
import { Tripwire } from '../kube/client/tripwire.ts';
import { ClockSteps, watchClocks } from './clock-skew.ts';
import { addFigures } from './figures.ts';
import { Metrics } from './metrics.ts';
import { Operator } from './operator.ts';
import { holdHours } from './reconcile/setbacks.ts';
import type { Options } from './options.ts';
import type { Scope } from './see/scope.ts';

/** The machine that the program runs on, or a simulated one. */
export interface Machine {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Who this process is among those that stand for election, and how it is told that it must end. */
export interface Standing {
  /** Unique for this process: who holds the Lease. */
  readonly identity: string;
  /** The Lease is lost: another may write now, so this process must end at once. */
  readonly onLost: () => void;
}

export interface Program {
  readonly operator: Operator;
  readonly metrics: Metrics;
  /** What is not ready yet, in words. One tenant whose Role is missing is told of in `shutOut` alone. */
  notReady(): readonly string[];
  /** What the API server does not let be seen, and so is not served, in words. */
  shutOut(): readonly string[];
  start(): void;
  /** Finishes what is under way, tells the Events that wait, and gives the Lease up. */
  stop(): Promise<void>;
}

type OperatorSettings = Pick<Options, 'namespaces' | 'concurrency' | 'leaderElect' | 'leaseNamespace' | 'leaseName'>;

const userAgent = `exchange2fa-operator/${version}`;
/** Writes have their own deadlines; Events may wait this long for theirs. */
const eventsMs = 3_000;

/** What happens to the operator itself is told of its Lease, which everybody can find. */
const leaseOf = ({ leaseNamespace, leaseName }: OperatorSettings): EventRegarding => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  namespace: leaseNamespace,
  name: leaseName,
});

/** Without leader election this process is the only one, and says so by holding always. */
const alone = (onElected: (signal: AbortSignal) => void): Leadership => {
  const term = new AbortController();
  return {
    start: () => {
      onElected(term.signal);
      return Promise.resolve();
    },
    holds: () => !term.signal.aborted,
    release: () => {
      term.abort();
      return Promise.resolve();
    },
  };
};

/** What happens to the operator itself, not to an account. */
const tell = (events: EventRecorder, settings: OperatorSettings, reason: string, note: string): void =>
  events.record(leaseOf(settings), { type: 'Warning', reason, action: 'Watch', note });

/** The line to the API server, and what watches over it. */
const connect = (settings: OperatorSettings, { transport, clock, random, log }: Machine, identity: string) => {
  const metrics = new Metrics();
  const tripwire = new Tripwire(clock);
  const serverClock = watchClocks(clock, log, (note) => tell(events, settings, 'ClockSkew', note));
  const client = createClient({
    transport,
    clock,
    random,
    userAgent,
    tripwire,
    onServerTime: (sample) => serverClock.sample(sample),
    onAnswer: (method, resource, status) => metrics.answered(method, resourceName(resource), status),
  });
  const controller = 'exchange2fa.io/operator';
  const events = createEventRecorder({ client, clock, log, controller, instance: identity });
  tripwire.onStorageWentBack(({ resource, seen, highest }) => {
    metrics.storageWentBack();
    log.error({ resource, seen, highest }, 'storage went back in time');
    const note = `${resource} went back from version ${highest} to ${seen}: all is read again, and what can't be undone waits ${holdHours} h`;
    tell(events, settings, 'StorageWentBack', note);
  });
  return { client, clock, random, log, tripwire, events, metrics, serverClock };
};

/**
 * What holds readiness. Nobody sends requests to the operator: readiness tells rollouts and drains of nodes whether to go
 * on. One tenant that took its Role away must not stop those for all, so it counts only where nobody can be served.
 */
const holdingBack = (scopes: readonly Scope[]): readonly Scope[] => {
  const seen = scopes.filter((scope) => !scope.isForbidden);
  return seen.length === 0 ? scopes : seen;
};

const inWords = (scopes: readonly Scope[]): readonly string[] => scopes.flatMap((scope) => scope.notReady());

/** Wires the program together; nothing runs before `start`. */
export const createProgram = (
  settings: OperatorSettings,
  machine: Machine,
  { identity, onLost }: Standing,
): Program => {
  const line = connect(settings, machine, identity);
  const { events, metrics } = line;
  const operator = new Operator({ ...line, namespaces: settings.namespaces, concurrency: settings.concurrency });
  const steps = new ClockSteps(line.clock, line.log, () => operator.clockSetBack());
  const onElected = (signal: AbortSignal): void => operator.lead(signal, () => leadership.holds());
  const lease = { namespace: settings.leaseNamespace, name: settings.leaseName };
  const leadership = settings.leaderElect
    ? createLeadership({ ...line, ...lease, identity, onElected, onLost })
    : alone(onElected);
  const isLeader = (): boolean => leadership.holds();
  addFigures(metrics, { ...line, operator, isLeader });
  return {
    operator,
    metrics,
    notReady: () => inWords(holdingBack(operator.scopes)),
    shutOut: () => inWords(operator.scopes.filter((scope) => scope.isForbidden)),
    start: () => {
      steps.start();
      // Whoever is elected at once reads once: what was read before an election is read again after it.
      void leadership.start().then(() => operator.start());
    },
    stop: async () => {
      steps.stop();
      await operator.stopWork();
      await events.stop(eventsMs);
      await leadership.release();
      await operator.stopSeeing();
    },
  };
};

/** A name for the holder of the Lease: the pod's or the machine's, made unique for this process. */
export const identityOf = (podName: string | undefined, random: Random): string =>
  `${podName ?? hostname()}_${Buffer.from(random.bytes(4)).toString('hex')}`;
