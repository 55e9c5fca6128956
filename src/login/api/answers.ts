import { formatSeconds } from '../../api/instants.ts';
import type {
  CodeVerdict,
  Denied,
  DespiteSuspension,
  EnrollmentCodeRefused,
  Enrollment,
  LoginRequirement,
} from '../authenticator/authenticator.ts';
import { retryAfter } from '../retry-after.ts';
import type { Unavailable } from '../secrets/secret-store.ts';
import { type ApiProblem, problemOfDenial, problemOfEnrollmentCode } from './problems.ts';

/** A success, or what is answered instead. */
export type Answer =
  | { readonly kind: 'body'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'problem'; readonly problem: ApiProblem };

/** Unix milliseconds of some members become RFC 3339, and absent ones stay away. */
const timed = (members: Readonly<Record<string, number | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(members).flatMap(([name, instant]) =>
      instant === undefined ? [] : [[name, formatSeconds(instant)] as const],
    ),
  );

const body = (members: Readonly<Record<string, unknown>>): Answer => ({ kind: 'body', body: members });
const problem = (about: ApiProblem): Answer => ({ kind: 'problem', problem: about });

const unavailable = ({ retryAfterSeconds }: Unavailable): Answer => problem({ name: 'unavailable', retryAfterSeconds });

const none = (answer: Extract<LoginRequirement, { readonly kind: 'none' }>): Answer =>
  body({
    result: 'none',
    reason: answer.reason,
    ...timed({ until: answer.reason === 'Suspended' ? answer.until : undefined }),
  });

/** Problems of every kind share their members, so this is one of them only where it is so. */
const despite = ({ suspensionIgnored }: DespiteSuspension) => (suspensionIgnored ? { suspensionIgnored } : {});

const denied = (answer: Denied): Answer => {
  const { reason, until } = answer;
  return problem({ name: problemOfDenial[reason], members: { reason, ...timed({ until }), ...despite(answer) } });
};

const enrollmentCodeRefused = (answer: EnrollmentCodeRefused): Answer =>
  problem({ name: problemOfEnrollmentCode[answer.problem], members: despite(answer) });

type Waiting = Extract<CodeVerdict, { readonly kind: 'waiting' }>;

const waiting = (answer: Waiting, nowMs: number): Answer => {
  const { notBefore } = answer;
  return problem({
    name: 'waiting',
    members: { ...timed({ notBefore }), ...despite(answer) },
    retryAfterSeconds: retryAfter(notBefore - nowMs),
  });
};

export const loginAnswerOf = (requirement: LoginRequirement): Answer => {
  switch (requirement.kind) {
    case 'none':
      return none(requirement);
    case 'unavailable':
      return unavailable(requirement);
    case 'deny': {
      const { kind: result, until, ...rest } = requirement;
      return body({ result, ...rest, ...timed({ until }) });
    }
    case 'code': {
      const { kind: result, notBefore, ...rest } = requirement;
      return body({ result, ...rest, ...timed({ notBefore }) });
    }
    case 'enroll': {
      const { kind: result, notBefore, firstShownAt, ...rest } = requirement;
      return body({ result, ...rest, ...timed({ notBefore, firstShownAt }) });
    }
  }
};

export const enrollAnswerOf = (enrollment: Enrollment): Answer => {
  switch (enrollment.kind) {
    case 'shown': {
      const { kind: result, notBefore, firstShownAt, ...rest } = enrollment;
      return body({ result, ...rest, ...timed({ notBefore, firstShownAt }) });
    }
    case 'enrollmentCode':
      return enrollmentCodeRefused(enrollment);
    case 'none':
      return problem({ name: 'not-asked' });
    case 'code':
      return problem({ name: 'already-enrolled' });
    case 'deny':
      return denied(enrollment);
    case 'unavailable':
      return unavailable(enrollment);
  }
};

const wrong = ({ wrongCodes, clock, next }: Extract<CodeVerdict, { readonly kind: 'wrong' }>): Answer =>
  problem({
    name: 'wrong-code',
    members: {
      wrongCodes,
      ...(clock && { clock }),
      ...timed({
        notBefore: 'notBefore' in next ? next.notBefore : undefined,
        until: next.kind === 'deny' ? next.until : undefined,
      }),
      ...(next.kind === 'deny' && { reason: next.reason }),
      ...('suspensionIgnored' in next && despite(next)),
    },
  });

export const verifyAnswerOf = (verdict: CodeVerdict, nowMs: number): Answer => {
  switch (verdict.kind) {
    case 'accepted': {
      const { kind: result, deviceTokenUntil, ...rest } = verdict;
      return body({ result, ...rest, ...timed({ deviceTokenUntil }) });
    }
    case 'none':
      return none(verdict);
    case 'wrong':
      return wrong(verdict);
    case 'replayed':
      return problem({ name: 'code-replayed' });
    case 'malformed':
      return problem({ name: 'malformed-code', members: verdict.digits ? { digits: verdict.digits } : {} });
    case 'waiting':
      return waiting(verdict, nowMs);
    case 'seedChanged':
      return problem({ name: 'seed-changed' });
    case 'enrollmentCode':
      return enrollmentCodeRefused(verdict);
    case 'deny':
      return denied(verdict);
    case 'unavailable':
      return unavailable(verdict);
  }
};
