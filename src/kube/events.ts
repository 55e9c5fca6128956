import { type Clock } from '../host/clock.ts';
import { type Log } from '../host/log.ts';
import { type Random } from '../host/random.ts';
import { type Client } from './client.ts';

export interface EventRegarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** What happened, for people: `kubectl describe` shows it. Never a secret. */
export interface EventNote {
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, at most 128 characters. */
  readonly reason: string;
  /** What was done, UpperCamelCase. */
  readonly action: string;
  /** Cut to 1,024 bytes. */
  readonly note: string;
}

export interface EventRecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** `exchange2fa.io/operator`, say. */
  readonly controller: string;
  /** Which replica. */
  readonly instance: string;
}

/** Best effort: never throws, never waits, drops when too many come. */
export interface EventRecorder {
  record(regarding: EventRegarding, event: EventNote): void;
  /** Events that were dropped or refused since the start. */
  dropped(): number;
  /** Sends what waits, for at most `withinMs`; then records nothing more. */
  stop(withinMs: number): Promise<void>;
}
