import type { DenyReason, EnrollmentCodeRefused } from '../authenticator/authenticator.ts';

/** What an answer that is no success says beside its type: RFC 9457, with members of our own. */
interface ProblemMembers {
  readonly reason?: DenyReason;
  /** RFC 3339: when it ends by itself. */
  readonly until?: string;
  /** RFC 3339: no code is judged before. */
  readonly notBefore?: string;
  readonly suspensionIgnored?: true;
  readonly wrongCodes?: number;
  readonly clock?: { readonly phoneIs: 'slow' | 'fast'; readonly minutes: number };
  readonly digits?: 6 | 8;
  readonly scope?: string;
}

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** What to do next. */
  readonly detail: string;
}

const guessing = 'Somebody who knows the password may be guessing codes: change the password, then ask for an unlock';

/** Every problem by the last part of its `type`, with its status. Callers decide by `type`, never by words. */
export const problemKinds = {
  'bad-request': { status: 400, title: 'The request is not understood', detail: 'Correct the request.' },
  'malformed-code': {
    status: 400,
    title: 'This is no code',
    detail: 'A code is 6 or 8 digits. Nothing was written and nothing counts: ask again.',
  },
  unauthorized: {
    status: 401,
    title: 'The caller is not known',
    detail: 'Send a ServiceAccount token for our audience, or a signed assertion of a configured caller.',
  },
  'missing-scope': { status: 403, title: 'The caller may not do this', detail: 'Its configuration lacks the scope.' },
  'address-not-served': {
    status: 403,
    title: 'The caller may not ask about this address',
    detail: 'Its configuration names the mail domains that it serves.',
  },
  'wrong-code': { status: 403, title: 'The code is wrong', detail: 'It was counted. Ask for the next code.' },
  'code-replayed': {
    status: 403,
    title: 'The code was used before',
    detail: 'It was not counted. Ask for the next code that the phone shows.',
  },
  'enrollment-code-missing': {
    status: 403,
    title: 'An enrolment code is asked for',
    detail: 'Ask for the enrolment code that the administrator gave out.',
  },
  'enrollment-code-wrong': {
    status: 403,
    title: 'The enrolment code is wrong',
    detail: 'Nothing was written and nothing counts: ask again.',
  },
  'enrollment-code-not-issued': {
    status: 403,
    title: 'No valid enrolment code is issued',
    detail: 'None was issued, or it has expired. An administrator issues one with the reset or the code command.',
  },
  'no-secret': {
    status: 403,
    title: 'There is no second factor for this address',
    detail: 'No MailAccount with this address is in the namespace. An administrator creates it.',
  },
  orphaned: {
    status: 403,
    title: 'The account was deleted',
    detail: 'An administrator applies its MailAccount again.',
  },
  'secret-invalid': {
    status: 403,
    title: 'The second factor can not be read',
    detail: 'The condition Ready of the MailAccount says why. An administrator asks for a reset.',
  },
  refused: {
    status: 403,
    title: 'The login is refused',
    detail: 'The condition Ready of the MailAccount says why.',
  },
  'seed-lost': {
    status: 403,
    title: 'The second factor is lost',
    detail: 'An administrator restores the Secret or asks for a reset.',
  },
  locked: {
    status: 403,
    title: 'Too many wrong codes',
    detail: `${guessing} (a reset, where no end is given).`,
  },
  'enrollment-expired': {
    status: 403,
    title: 'The QR code was not scanned in time',
    detail: 'An administrator asks for a reset.',
  },
  'not-found': { status: 404, title: 'There is nothing here', detail: '/v1/openapi.json says what there is.' },
  'method-not-allowed': {
    status: 405,
    title: 'This method is not taken here',
    detail: 'The header Allow names what is; questions are sent by POST.',
  },
  'not-asked': {
    status: 409,
    title: 'No code is asked for',
    detail: 'The second factor is off or suspended, so there is nothing to enrol now: ask login.',
  },
  'already-enrolled': {
    status: 409,
    title: 'The account is enrolled',
    detail: 'The QR code is not shown any more: verify a code. For a new phone an administrator asks for a reset.',
  },
  'seed-changed': {
    status: 409,
    title: 'The seed was replaced',
    detail: 'The second factor was reset meanwhile: begin again with login.',
  },
  'too-large': { status: 413, title: 'The request is too large', detail: 'A request has at most 16 KiB.' },
  'not-json': { status: 415, title: 'The request is not JSON', detail: 'Send application/json.' },
  waiting: {
    status: 429,
    title: 'Too soon after wrong codes',
    detail: 'No code is judged before the instant notBefore, not even a right one; nothing was written.',
  },
  'rate-exceeded': { status: 429, title: 'Too many requests', detail: 'Wait as long as Retry-After says.' },
  internal: { status: 500, title: 'An error of ours', detail: 'The log of the login service says more.' },
  unavailable: {
    status: 503,
    title: 'Nobody can be judged now',
    detail: 'The API server does not answer as it must, so the login is refused. Wait as long as Retry-After says.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemName = keyof typeof problemKinds;

/** An absolute URI, as RFC 9457 recommends. */
export const problemType = (name: ProblemName): string => `https://exchange2fa.io/problems/${name}`;

/** The problem of each reason for which a login is refused. */
export const problemOfDenial: Readonly<Record<DenyReason, ProblemName>> = {
  NoSecret: 'no-secret',
  Orphaned: 'orphaned',
  SecretInvalid: 'secret-invalid',
  Refused: 'refused',
  SeedLost: 'seed-lost',
  Locked: 'locked',
  EnrollmentExpired: 'enrollment-expired',
};

/** The problem of each thing that may be wrong with an enrolment code. */
export const problemOfEnrollmentCode: Readonly<Record<EnrollmentCodeRefused['problem'], ProblemName>> = {
  missing: 'enrollment-code-missing',
  wrong: 'enrollment-code-wrong',
  notIssued: 'enrollment-code-not-issued',
};

/** What is answered instead of a success. */
export interface ApiProblem {
  readonly name: ProblemName;
  readonly members?: ProblemMembers;
  /** Instead of the kind's own words. */
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
}

/** The body of a problem: application/problem+json. */
export const problemBody = ({ name, members = {}, detail }: ApiProblem): Readonly<Record<string, unknown>> => {
  const { status, title, detail: usual } = problemKinds[name];
  return { type: problemType(name), title, status, detail: detail ?? usual, ...members };
};
