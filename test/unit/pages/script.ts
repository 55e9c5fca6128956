import type { Authenticator } from '../../../src/login/authenticator/authenticator.ts';

/** An authenticator that says what a test tells it to; what it was asked is kept. */
export class Script implements Authenticator {
  readonly asked: unknown[][] = [];
  requirement: Awaited<ReturnType<Authenticator['meets']>> = code;
  enrollment: Awaited<ReturnType<Authenticator['showEnrollment']>> = { kind: 'unavailable', retryAfterSeconds: 5 };
  verdict: Awaited<ReturnType<Authenticator['verify']>> = { kind: 'wrong', wrongCodes: 1, next: code };

  readonly meets: Authenticator['meets'] = (...question) => this.#answer('meets', question, this.requirement);
  readonly showEnrollment: Authenticator['showEnrollment'] = (...question) =>
    this.#answer('showEnrollment', question, this.enrollment);
  readonly verify: Authenticator['verify'] = (...question) => this.#answer('verify', question, this.verdict);

  #answer<T>(name: string, question: readonly unknown[], answer: T): Promise<T> {
    this.asked.push([name, ...question]);
    return Promise.resolve(answer);
  }
}

const mintedAt = '2026-11-25T02:00:00.000Z';
export const code = { kind: 'code', mintedAt, wrongCodes: 0, suspensionIgnored: false } as const;
/** A refusal, but for its reason. */
export const deny = { kind: 'deny', suspensionIgnored: false } as const;
export const codeRefused = { kind: 'enrollmentCode', suspensionIgnored: false } as const;
export const accepted = {
  kind: 'accepted',
  amr: ['otp'],
  deviceToken: 'a-device-token',
  deviceTokenUntil: Date.now() + 90 * 24 * 3_600_000,
  firstCode: false,
  wrongCodesBefore: 0,
} as const;
export const shown = {
  kind: 'shown',
  otpauthUri: 'otpauth://totp/Example:anna@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example',
  key: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  qrSvg: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>',
  digits: 6,
  periodSeconds: 30,
  issuer: 'Example',
  firstShownAt: Date.parse('2026-11-24T10:05:00Z'),
  shownBefore: false,
  replacesEarlier: false,
  mintedAt,
  suspensionIgnored: false,
} as const;
export const enroll = {
  kind: 'enroll',
  mintedAt,
  wrongCodes: 0,
  suspensionIgnored: false,
  enrollmentCode: 'none',
  replacesEarlier: false,
} as const;
