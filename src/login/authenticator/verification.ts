import type { Instant } from '../../api/instants.ts';
import { annotation } from '../../api/record.ts';
import { hintedReach, phoneAheadOf } from '../../core/login/judgement.ts';
import type { Occasion } from '../../core/login/verdict-at.ts';
import { stepAt } from '../../totp/code.ts';
import { fittingSteps } from '../../totp/fitting-steps.ts';
import { digitsOf } from '../../totp/typed-code.ts';
import { type Attempt, attemptOf, attemptText, judgedBefore } from './attempt.ts';
import type { Asker, ClockHint, CodeVerdict, Subject, Typed } from './authenticator.ts';
import { makeDeviceToken } from './device-token.ts';
import { slowDown } from './enrolment.ts';
import { judgeTyped, type TypedCode, type TypedJudgement } from './judge-typed.ts';
import { meetingOf, withoutCode } from './meeting.ts';
import { judgedAt, occasionOf, type Parts } from './parts.ts';
import { type LoginSecret, readSeedData, type StoredSecret } from '../secrets/secret.ts';
import { type Step, untilSettled } from './settle.ts';

/** One call of `verify`, and what stays the same however often its Secret is read. */
interface Judging {
  readonly parts: Parts;
  readonly subject: Subject;
  readonly asker: Asker;
  readonly typed: TypedCode;
  readonly attempt: Attempt;
}

const mintedAtOf = ({ metadata }: LoginSecret): string => metadata.annotations?.[annotation.mintedAt] ?? '';

const accepted = (
  { parts, subject }: Judging,
  secret: LoginSecret,
  now: Instant,
  about: { readonly firstCode: boolean; readonly wrongCodesBefore: number },
): CodeVerdict => {
  const holder = { subject, mintedAt: mintedAtOf(secret) };
  const { token, until } = makeDeviceToken(parts.keys.current().device.making, holder, now);
  return { kind: 'accepted', amr: ['otp'], deviceToken: token, deviceTokenUntil: until, ...about };
};

/** The hint for a phone whose clock is so many steps ahead (negative: behind). */
const clockHint = (phoneAhead: number | undefined, periodSeconds: number): { readonly clock?: ClockHint } => {
  if (phoneAhead === undefined) return {};
  const minutes = Math.max(1, Math.round((Math.abs(phoneAhead) * periodSeconds) / 60));
  return { clock: { phoneIs: phoneAhead < 0 ? 'slow' : 'fast', minutes } };
};

/** The Secret as it will be. */
const after = (secret: StoredSecret, write: Readonly<Record<string, string>>): StoredSecret => ({
  ...secret,
  metadata: { ...secret.metadata, annotations: { ...secret.metadata.annotations, ...write } },
});

const wrong = (
  { asker }: Judging,
  secretAfter: LoginSecret,
  occasion: Occasion,
  about: { readonly wrongCodes: number; readonly phoneAhead: number | undefined },
): CodeVerdict => ({
  kind: 'wrong',
  wrongCodes: about.wrongCodes,
  ...clockHint(about.phoneAhead, readSeedData(secretAfter.data)?.parameters.periodSeconds ?? 30),
  next: meetingOf(secretAfter, judgedAt(secretAfter, occasion), asker),
});

/**
 * The answer that this attempt was given already: by another replica, or before the answer was lost. Whoever is refused
 * meanwhile is not let in by it; a wrong code stays one, also if it was the one that locked.
 */
const answeredBefore = (judging: Judging, secret: StoredSecret, occasion: Occasion): CodeVerdict | undefined => {
  const { attempt, typed } = judging;
  const { now } = occasion;
  const before = judgedBefore(attempt, secret.metadata.annotations?.[annotation.attempt], now);
  const seedData = readSeedData(secret.data);
  if (!before || !seedData) return undefined;
  const { outcome, count } = before;
  if (outcome !== 'wrong') {
    if (judgedAt(secret, occasion).verdict.kind === 'deny') return undefined;
    return accepted(judging, secret, now, { firstCode: outcome === 'first', wrongCodesBefore: count });
  }
  const steps = fittingSteps(seedData.seed, seedData.parameters, { ...typed, unixMs: now }, hintedReach);
  const isEnrolled = secret.metadata.annotations?.[annotation.enrolledAt] !== undefined;
  const phoneAhead = phoneAheadOf({ present: stepAt(seedData.parameters.periodSeconds, now), steps }, isEnrolled);
  return wrong(judging, secret, occasion, { wrongCodes: count, phoneAhead });
};

/** An answer that needs no write. */
const answer = (verdict: CodeVerdict): Step<CodeVerdict> => ({ kind: 'answer', answer: verdict });

const aboutOf = ({ firstCode, wrongCodesBefore }: Extract<TypedJudgement, { readonly kind: 'accepted' }>) => ({
  firstCode,
  wrongCodesBefore,
});

const stepFor = (
  judging: Judging,
  secret: StoredSecret | undefined,
  judgement: TypedJudgement,
  occasion: Occasion,
): Step<CodeVerdict> => {
  const { kind } = judgement;
  if (kind === 'verdict') return answer(withoutCode(judgement.verdict, judging.asker));
  if (kind !== 'accepted' && kind !== 'wrong' && kind !== 'dataInvalid') return answer(judgement);
  if (!secret) return answer({ kind: 'deny', reason: 'NoSecret' });
  const { write } = judgement;
  switch (kind) {
    case 'accepted':
      return {
        kind: 'write',
        secret,
        write,
        answer: () => accepted(judging, secret, occasion.now, aboutOf(judgement)),
      };
    case 'wrong':
      return { kind: 'write', secret, write, answer: () => wrong(judging, after(secret, write), occasion, judgement) };
    case 'dataInvalid':
      return { kind: 'write', secret, write, answer: () => ({ kind: 'deny', reason: 'SecretInvalid' }) };
  }
};

const judge = async (judging: Judging, secret: StoredSecret | undefined): Promise<Step<CodeVerdict>> => {
  const { parts, subject, asker, typed, attempt } = judging;
  const occasion = await occasionOf(parts, subject, asker, secret);
  const before = secret && answeredBefore(judging, secret, occasion);
  if (before) return answer(before);
  const judgement = judgeTyped(secret, typed, occasion, attemptText(attempt, occasion.now));
  if (judgement.kind === 'enrollmentCode' && judgement.problem === 'wrong') await slowDown(parts);
  return stepFor(judging, secret, judgement, occasion);
};

const keyBytes = 18;

/** Judges a code; every accepted or wrong one is committed before it is answered. */
export const verify = async (parts: Parts, subject: Subject, asker: Asker, typed: Typed): Promise<CodeVerdict> => {
  const digits = digitsOf(typed.code);
  if (digits === undefined) return { kind: 'malformed', digits: undefined };
  const { idempotencyKey = Buffer.from(parts.random.bytes(keyBytes)).toString('base64url') } = typed;
  const attempt = attemptOf(parts.keys.current().attempt, subject, asker, { idempotencyKey, digits });
  const judging = { parts, subject, asker, typed: { ...typed, digits }, attempt };
  return untilSettled<CodeVerdict>(parts, subject, (secret) => judge(judging, secret));
};
