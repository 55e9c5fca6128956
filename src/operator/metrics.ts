import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is written: the label `object` of the counter of writes. */
export type WrittenObject = 'secret' | 'account-status' | 'platform-status';

/** A value and its labels; one that has none may leave them out. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Collected {
  readonly type: 'gauge' | 'counter';
  /** Without the prefix. */
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly string[];
  readonly samples: () => Iterable<Sample>;
}

const latenessBuckets = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 60];

/** The figures of one process, for Prometheus; what is only known when asked is told by the gauges' `collect`. */
export class Metrics {
  readonly registry = new Registry();
  readonly #reconciles = this.#counter('reconciles_total', 'Keys worked on, by kind and result.', ['kind', 'result']);
  readonly #writes = this.#counter('writes_total', 'Writes to the API server by object, act and outcome.', [
    'object',
    'act',
    'outcome',
  ]);
  readonly #requests = this.#counter('api_requests_total', 'HTTP requests by method, resource and status code.', [
    'method',
    'resource',
    'code',
  ]);
  readonly #wentBack = this.#counter(
    'storage_went_back_total',
    "Times the API server's storage went back in time.",
    [],
  );
  readonly #lateness = new Histogram({
    name: 'exchange2fa_timer_lateness_seconds',
    help: 'How long after its instant a timer was acted on.',
    buckets: latenessBuckets,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  reconciled(kind: 'mailbox' | 'platform', result: string): void {
    this.#reconciles.inc({ kind, result });
  }

  wrote(object: WrittenObject, act: string, outcome: string): void {
    this.#writes.inc({ object, act, outcome });
  }

  answered(method: string, resource: string, status: number): void {
    this.#requests.inc({ method, resource, code: String(status) });
  }

  storageWentBack(): void {
    this.#wentBack.inc();
  }

  late(latenessMs: number): void {
    this.#lateness.observe(latenessMs / 1_000);
  }

  /** A figure that is asked for its samples when the figures are; a counter's never fall while the process lives. */
  collected({ type, name, help, labelNames = [], samples }: Collected): void {
    const configuration = {
      name: `exchange2fa_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
    };
    if (type === 'gauge') {
      new Gauge({
        ...configuration,
        collect() {
          this.reset();
          for (const { labels = {}, value } of samples()) this.set(labels, value);
        },
      });
    } else {
      new Counter({
        ...configuration,
        collect() {
          this.reset();
          for (const { labels = {}, value } of samples()) this.inc(labels, value);
        },
      });
    }
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name: `exchange2fa_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
