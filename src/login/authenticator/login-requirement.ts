import { type Instant, parseSeconds } from '../../api/instants.ts';
import { annotation, type EnrollmentCode, read } from '../../api/record.ts';
import type {
  Asker,
  CodeAsked,
  Denied,
  Enrolling,
  EnrollmentCodeNeed,
  LoginRequirement,
  NotAsked,
} from './authenticator.ts';
import type { Judged, WithCode, WithoutCode } from './judged.ts';
import { type LoginSecret, mintedAtOf } from '../secrets/secret.ts';

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

const enrollmentCodeNeed = ({ kind }: EnrollmentCode): EnrollmentCodeNeed => (kind === 'issued' ? 'needed' : kind);

/** What an answer without a question for a code says. */
export const withoutCode = ({ verdict, suspensionIgnored }: WithoutCode, { mode }: Asker): NotAsked | Denied => {
  if (verdict.kind === 'none') return verdict;
  if (verdict.reason === 'NoSecret' && mode === 'observe') return { kind: 'none', reason: 'NotManaged' };
  const { reason, until } = verdict;
  return { kind: 'deny', reason, suspensionIgnored, ...(until !== undefined && { until }) };
};

/** What the code page is about. */
export const codeAsked = ({ secret, verdict: { notBefore }, suspensionIgnored }: WithCode<LoginSecret>): CodeAsked => ({
  kind: 'code',
  mintedAt: mintedAtOf(secret),
  wrongCodes: read(secret.metadata.annotations ?? {}, annotation.failures)?.row ?? 0,
  suspensionIgnored,
  ...(notBefore !== undefined && { notBefore }),
});

const withCode = (judged: WithCode<LoginSecret>): Enrolling | CodeAsked => {
  const { secret, verdict } = judged;
  const common = codeAsked(judged);
  if (verdict.kind === 'code') return common;
  const shown = firstShownAt(secret);
  return {
    ...common,
    kind: 'enroll',
    enrollmentCode: enrollmentCodeNeed(verdict.enrollmentCode),
    replacesEarlier: replacesEarlier(secret),
    ...(shown !== undefined && { firstShownAt: shown }),
  };
};

/** A verdict, as those who ask are told it. */
export const requirementOf = (judged: Judged<LoginSecret>, asker: Asker): LoginRequirement =>
  judged.kind === 'withCode' ? withCode(judged) : withoutCode(judged, asker);
