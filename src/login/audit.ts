import type { Log, LogFields } from '../host/log.ts';
import type { Asker, CodeVerdict, Enrollment, LoginRequirement } from './authenticator/authenticator.ts';
import type { LoginMetrics } from './metrics.ts';
import type { RefusalReason } from './refusal.ts';
import type { Subject } from './secrets/subject.ts';

export type Question = 'login' | 'enroll' | 'verify';

type Answer = LoginRequirement | Enrollment | CodeVerdict;

/** The reason in a word, where an answer has one. */
const reasonOf = (answer: Answer): string => {
  if ('reason' in answer) return answer.reason;
  return 'problem' in answer ? answer.problem : '';
};

/** Who was let in, refused or asked, and why: one line and one count an answer; never a code, token or seed. */
export class Audit {
  readonly #log: Log;
  readonly #metrics: LoginMetrics;

  constructor(log: Log, metrics: LoginMetrics) {
    this.#log = log;
    this.#metrics = metrics;
  }

  record<A extends Answer>(question: Question, { namespace, address }: Subject, { relyingParty }: Asker, answer: A): A {
    const reason = reasonOf(answer);
    const who = { namespace, address: address.toLowerCase().slice(0, 254), relyingParty };
    this.#log.info({ audit: question, ...who, verdict: answer.kind, ...(reason && { reason }) }, 'second factor');
    this.#metrics.judged(question, answer.kind, reason, relyingParty);
    if (reason === 'NotManaged') {
      this.#metrics.wouldRefuse(relyingParty);
      this.#log.warn(who, 'let pass in mode observe: there is no Secret, and enforce would refuse');
    }
    return answer;
  }

  /** Why a caller of the API is not known; counted each time, and told if there is something `about` it. */
  callerRefused(reason: RefusalReason, about: LogFields | undefined): void {
    this.#metrics.callerRefused(reason);
    if (about) this.#log.warn({ audit: 'caller', reason, ...about }, 'API caller refused');
  }
}
