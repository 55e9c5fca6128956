import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { KeyReads } from './keys/keys.ts';

/** The figures of one replica, for Prometheus. */
export class LoginMetrics {
  readonly registry = new Registry();
  readonly #verdicts = this.#counter(
    'login_verdicts_total',
    'Answers by question, verdict, reason and relying party.',
    ['question', 'verdict', 'reason', 'relying_party'],
  );
  readonly #wouldRefuse = this.#counter(
    'login_would_refuse_total',
    'Logins let pass in mode observe, for which there is no Secret; enforce would refuse them.',
    ['relying_party'],
  );
  readonly #callersRefused = this.#counter(
    'login_callers_refused_total',
    'Requests to the JSON API answered with 401, by reason.',
    ['reason'],
  );
  readonly #requests = this.#counter('login_api_requests_total', 'HTTP requests to the API server.', [
    'method',
    'resource',
    'code',
  ]);

  constructor(clockOffsetMs: () => number, keyReads: KeyReads) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      name: 'exchange2fa_login_clock_offset_seconds',
      help: "How far the API server's clock is ahead of this machine's.",
      registers: [this.registry],
      collect() {
        this.set(clockOffsetMs() / 1_000);
      },
    });
    new Counter({
      name: 'exchange2fa_login_keys_read_total',
      help: 'Times the files of the keys were read, by outcome.',
      labelNames: ['outcome'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [outcome, count] of Object.entries(keyReads)) this.inc({ outcome }, count);
      },
    });
  }

  judged(question: string, verdict: string, reason: string, relyingParty: string): void {
    this.#verdicts.inc({ question, verdict, reason, relying_party: relyingParty });
  }

  wouldRefuse(relyingParty: string): void {
    this.#wouldRefuse.inc({ relying_party: relyingParty });
  }

  callerRefused(reason: string): void {
    this.#callersRefused.inc({ reason });
  }

  asked(method: string, resource: string, status: number): void {
    this.#requests.inc({ method, resource, code: String(status) });
  }

  #counter(name: string, help: string, labelNames: readonly string[]): Counter {
    return new Counter({ name: `exchange2fa_${name}`, help, labelNames: [...labelNames], registers: [this.registry] });
  }
}
