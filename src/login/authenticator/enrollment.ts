import { formatSeconds, type Instant, parseSeconds } from '../../api/instants.ts';
import { annotation, type Annotations } from '../../api/record.ts';
import { enrollmentCodeProblem } from '../../core/login/gate.ts';
import { sleep } from '../../host/clock.ts';
import { qrSvg } from '../../totp/qr.ts';
import type { Asker, Enrollment, ShownEnrollment } from './authenticator.ts';
import { dataInvalid } from './judge-typed.ts';
import { judgedAt, type WithCode } from './judged.ts';
import { codeAsked, firstShownAt, replacesEarlier, withoutCode } from './login-requirement.ts';
import { occasionOf, type Parts } from './parts.ts';
import { mintedAtOf, readSeedData, type SeedData } from '../secrets/secret.ts';
import type { Subject } from '../secrets/subject.ts';
import { untilSettled, type Decision } from './settle.ts';

const wrongCodeMs = 1_000;

/** After a wrong enrolment code. 80 bits can't be guessed; this only keeps somebody from trying fast. */
export const slowDown = ({ clock }: Parts): Promise<void> => sleep(clock, wrongCodeMs);

const shown = async (
  { secret, verdict: { notBefore }, suspensionIgnored }: WithCode,
  { seed, parameters, issuer, otpauthUri }: SeedData,
  first: { readonly at: Instant; readonly before: boolean },
): Promise<ShownEnrollment> => ({
  kind: 'shown',
  otpauthUri,
  key: seed,
  qrSvg: await qrSvg(otpauthUri),
  digits: parameters.digits,
  periodSeconds: parameters.periodSeconds,
  issuer,
  firstShownAt: first.at,
  shownBefore: first.before,
  replacesEarlier: replacesEarlier(secret),
  mintedAt: mintedAtOf(secret),
  suspensionIgnored,
  ...(notBefore !== undefined && { notBefore }),
});

/** The QR is shown only once it is written that it was. */
const showing = async (
  judged: WithCode,
  now: Instant,
  lost: Annotations | undefined,
): Promise<Decision<Enrollment>> => {
  const { secret, suspensionIgnored } = judged;
  const seedData = readSeedData(secret.data);
  if (!seedData) {
    return {
      kind: 'write',
      secret,
      write: dataInvalid(secret),
      answer: () => ({ kind: 'deny', reason: 'SecretInvalid', suspensionIgnored }),
    };
  }
  const earlier = firstShownAt(secret);
  if (earlier !== undefined) {
    // A stamp of ours whose answer was lost is no earlier showing.
    const before = lost?.[annotation.firstShownAt] !== formatSeconds(earlier);
    return { kind: 'answer', answer: await shown(judged, seedData, { at: earlier, before }) };
  }
  const stamp = formatSeconds(now);
  const first = { at: parseSeconds(stamp) ?? now, before: false };
  return {
    kind: 'write',
    secret,
    write: { [annotation.firstShownAt]: stamp },
    answer: () => shown(judged, seedData, first),
  };
};

/** Shows the QR code to who may see it. */
export const showEnrollment = (
  parts: Parts,
  subject: Subject,
  asker: Asker,
  { enrollmentCode }: { readonly enrollmentCode?: string | undefined },
): Promise<Enrollment> => {
  return untilSettled<Enrollment>(parts, subject, async (secret, lost) => {
    const occasion = await occasionOf(parts, subject, asker, secret);
    const judged = judgedAt(secret, occasion);
    if (judged.kind === 'withoutCode') return { kind: 'answer', answer: withoutCode(judged, asker) };
    const { verdict, suspensionIgnored } = judged;
    if (verdict.kind === 'code') return { kind: 'answer', answer: codeAsked(judged) };
    const problem = enrollmentCodeProblem(verdict.enrollmentCode, enrollmentCode);
    if (problem === 'wrong') await slowDown(parts);
    if (problem) return { kind: 'answer', answer: { kind: 'enrollmentCode', problem, suspensionIgnored } };
    return showing(judged, occasion.now, lost);
  });
};
