import { type Instant, parseSeconds } from '../../api/instants.ts';
import { annotation, type EnrollmentCode, read } from '../../api/record.ts';
import type { JudgedVerdict } from '../../core/login/verdict-at.ts';
import type { Verdict } from '../../core/second-factor.ts';
import type { Asker, CodeAsked, CodeForEnrolment, Denied, Enrolling, Meeting, NotAsked } from './authenticator.ts';
import type { LoginSecret } from '../secrets/secret.ts';

/** Minting may lag behind the creation of a Secret by clocks; a reset comes later than this. */
const sameMomentMs = 5_000;

/** Whether the seed is not the Secret's first: `mintedAt` long after its creation. */
export const replacesEarlier = ({ metadata }: LoginSecret): boolean => {
  const created = Date.parse(metadata.creationTimestamp ?? '');
  const minted = read(metadata.annotations ?? {}, annotation.mintedAt);
  return minted !== undefined && minted > created + sameMomentMs;
};

/** Undefined if the QR was never shown, or nobody can say when. */
export const firstShownAt = ({ metadata }: LoginSecret): Instant | undefined => {
  const text = metadata.annotations?.[annotation.firstShownAt];
  return text === undefined ? undefined : parseSeconds(text);
};

const codeForEnrolment = ({ kind }: EnrollmentCode): CodeForEnrolment => (kind === 'issued' ? 'needed' : kind);

/** What an answer without a question for a code says. */
export const withoutCode = (
  verdict: Extract<Verdict, { readonly kind: 'none' | 'deny' }>,
  { mode }: Asker,
): NotAsked | Denied => {
  if (verdict.kind === 'none') return verdict;
  if (verdict.reason === 'NoSecret' && mode === 'observe') return { kind: 'none', reason: 'NotManaged' };
  const { reason, until } = verdict;
  return { kind: 'deny', reason, ...(until !== undefined && { until }) };
};

const asked = (
  { metadata: { annotations = {} } }: LoginSecret,
  { notBefore }: { readonly notBefore?: Instant },
  suspensionIgnored: boolean,
): Omit<CodeAsked, 'kind'> => ({
  mintedAt: annotations[annotation.mintedAt] ?? '',
  wrongCodes: read(annotations, annotation.failures)?.row ?? 0,
  suspensionIgnored,
  ...(notBefore !== undefined && { notBefore }),
});

/** What the code page or the enrolment page is about. */
export const whenAsked = (
  secret: LoginSecret,
  verdict: Extract<Verdict, { readonly kind: 'code' | 'enroll' }>,
  suspensionIgnored: boolean,
): Enrolling | CodeAsked => {
  const common = asked(secret, verdict, suspensionIgnored);
  if (verdict.kind === 'code') return { kind: 'code', ...common };
  const shown = firstShownAt(secret);
  return {
    kind: 'enroll',
    ...common,
    enrollmentCode: codeForEnrolment(verdict.enrollmentCode),
    replacesEarlier: replacesEarlier(secret),
    ...(shown !== undefined && { firstShownAt: shown }),
  };
};

/** A verdict, as those who ask are told it. */
export const meetingOf = (
  secret: LoginSecret | undefined,
  { verdict, suspensionIgnored }: JudgedVerdict,
  asker: Asker,
): Meeting => {
  if (verdict.kind === 'none' || verdict.kind === 'deny') return withoutCode(verdict, asker);
  return secret ? whenAsked(secret, verdict, suspensionIgnored) : { kind: 'deny', reason: 'NoSecret' };
};
