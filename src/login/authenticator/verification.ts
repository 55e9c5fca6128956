import type { Instant } from '../../api/instants.ts';
import { annotation } from '../../api/record.ts';
import { phoneAheadOf } from '../../core/login/judgement.ts';
import type { Occasion } from '../../core/login/verdict-at.ts';
import { digitsOf } from '../../totp/typed-code.ts';
import { type Attempt, attemptOf, attemptText, judgedBefore } from './attempt.ts';
import type { Asker, ClockHint, CodeVerdict, Typed } from './authenticator.ts';
import { makeDeviceToken } from './device-token.ts';
import { slowDown } from './enrollment.ts';
import { fitOf, judgeTyped, type TypedCode, type TypedJudgement } from './judge-typed.ts';
import { judgedAt, type WithCode } from './judged.ts';
import { requirementOf, withoutCode } from './login-requirement.ts';
import { occasionOf, type Parts } from './parts.ts';
import { type LoginSecret, mintedAtOf, readSeedData, type StoredSecret } from '../secrets/secret.ts';
import type { Subject } from '../secrets/subject.ts';
import { type Decision, untilSettled } from './settle.ts';

/** One call of `verify`, and what stays the same however often its Secret is read. */
interface Judging {
  readonly parts: Parts;
  readonly subject: Subject;
  readonly asker: Asker;
  readonly typed: TypedCode;
  readonly attempt: Attempt;
}

const accepted = (
  { parts, subject }: Judging,
  secret: LoginSecret,
  now: Instant,
  about: { readonly firstCode: boolean; readonly wrongCodesBefore: number },
): CodeVerdict => {
  const holder = { subject, mintedAt: mintedAtOf(secret) };
  const { token, until } = makeDeviceToken(parts.keys.current().device.active, holder, now);
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
  {
    wrongCodes,
    phoneAhead,
    periodSeconds,
  }: Pick<Extract<TypedJudgement, { readonly kind: 'wrong' }>, 'wrongCodes' | 'phoneAhead' | 'periodSeconds'>,
): CodeVerdict => ({
  kind: 'wrong',
  wrongCodes,
  ...clockHint(phoneAhead, periodSeconds),
  next: requirementOf(judgedAt(secretAfter, occasion), asker),
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
  const isEnrolled = secret.metadata.annotations?.[annotation.enrolledAt] !== undefined;
  const phoneAhead = phoneAheadOf(fitOf(seedData, typed.digits, now), isEnrolled);
  const { periodSeconds } = seedData.parameters;
  return wrong(judging, secret, occasion, { wrongCodes: count, phoneAhead, periodSeconds });
};

/** An answer that needs no write. */
const answer = (verdict: CodeVerdict): Decision<CodeVerdict> => ({ kind: 'answer', answer: verdict });

const aboutOf = ({ firstCode, wrongCodesBefore }: Extract<TypedJudgement, { readonly kind: 'accepted' }>) => ({
  firstCode,
  wrongCodesBefore,
});

const unwritten = (
  judgement: Exclude<TypedJudgement, { readonly write: unknown }>,
  { suspensionIgnored }: WithCode,
): CodeVerdict => {
  switch (judgement.kind) {
    case 'waiting':
    case 'enrollmentCode':
      return { ...judgement, suspensionIgnored };
    case 'replayed':
    case 'malformed':
    case 'seedChanged':
      return judgement;
  }
};

const decisionFor = (
  judging: Judging,
  judged: WithCode,
  judgement: TypedJudgement,
  occasion: Occasion,
): Decision<CodeVerdict> => {
  if (!('write' in judgement)) return answer(unwritten(judgement, judged));
  const { secret, suspensionIgnored } = judged;
  const { write } = judgement;
  const writing = (verdict: () => CodeVerdict): Decision<CodeVerdict> => ({
    kind: 'write',
    secret,
    write,
    answer: verdict,
  });
  switch (judgement.kind) {
    case 'accepted':
      return writing(() => accepted(judging, secret, occasion.now, aboutOf(judgement)));
    case 'wrong':
      return writing(() => wrong(judging, after(secret, write), occasion, judgement));
    case 'dataInvalid':
      return writing(() => ({ kind: 'deny', reason: 'SecretInvalid', suspensionIgnored }));
  }
};

const judge = async (judging: Judging, secret: StoredSecret | undefined): Promise<Decision<CodeVerdict>> => {
  const { parts, subject, asker, typed, attempt } = judging;
  const occasion = await occasionOf(parts, subject, asker, secret);
  const before = secret && answeredBefore(judging, secret, occasion);
  if (before) return answer(before);
  const judged = judgedAt(secret, occasion);
  if (judged.kind === 'withoutCode') return answer(withoutCode(judged, asker));
  const judgement = judgeTyped(judged, typed, occasion, attemptText(attempt, occasion.now));
  if (judgement.kind === 'enrollmentCode' && judgement.problem === 'wrong') await slowDown(parts);
  return decisionFor(judging, judged, judgement, occasion);
};

/** What is no code is not judged; the Secret only says how many digits to ask for. */
const malformed = async ({ store }: Parts, subject: Subject): Promise<CodeVerdict> => {
  const found = await store.read(subject);
  const seedData = found.kind === 'read' ? readSeedData(found.secret?.data) : undefined;
  return { kind: 'malformed', digits: seedData?.parameters.digits };
};

const keyBytes = 18;

/** Judges a code; every accepted or wrong one is committed before it is answered. */
export const verify = async (parts: Parts, subject: Subject, asker: Asker, typed: Typed): Promise<CodeVerdict> => {
  const digits = digitsOf(typed.code);
  if (digits === undefined) return malformed(parts, subject);
  const { idempotencyKey = Buffer.from(parts.random.bytes(keyBytes)).toString('base64url') } = typed;
  const attempt = attemptOf(parts.keys.current().attempt, subject, asker, { idempotencyKey, digits });
  const judging = { parts, subject, asker, typed: { ...typed, digits }, attempt };
  return untilSettled<CodeVerdict>(parts, subject, (secret) => judge(judging, secret));
};
