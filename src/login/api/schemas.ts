import { digitCounts, periodsSeconds, seedPattern } from '../../api/seed-data.ts';
import { problemKinds, problemOfDenial, problemType, type ProblemName } from './problems.ts';

const instant = { type: 'string', format: 'date-time' } as const;
const address = {
  type: 'string',
  minLength: 3,
  maxLength: 254,
  description: 'The login: a mail address in any case.',
} as const;
const deviceToken = {
  type: 'string',
  maxLength: 512,
  description: 'What verify gave this browser with its last accepted code; anything else counts as an unknown browser.',
} as const;
const mintedAt = {
  type: 'string',
  maxLength: 32,
  description: 'The seed that the answer was about: give it to verify, so that a code for an older seed is refused.',
} as const;
const enrollmentCode = { type: 'string', maxLength: 64, description: 'In any case, with or without hyphens.' } as const;
const notBefore = { ...instant, description: 'No code is judged before, not even a right one.' } as const;

const suspensionIgnored = {
  type: 'boolean',
  description:
    'A suspension is not honoured, because the clocks of login service and API server differ: tell the person why.',
} as const;

const body = (required: readonly string[], properties: object) =>
  ({ type: 'object', required, additionalProperties: false, properties }) as const;

export const loginBody = body(['address'], { address, deviceToken });
export const enrollBody = body(['address'], { address, enrollmentCode, deviceToken });
export const verifyBody = body(['address', 'code'], {
  address,
  code: {
    type: 'string',
    minLength: 1,
    maxLength: 64,
    description: 'As it was typed: spaces and hyphens are understood.',
  },
  deviceToken,
  mintedAt,
  enrollmentCode: { ...enrollmentCode, description: 'The one that enroll was given, if it was.' },
});

export const verifyHeaders = {
  type: 'object',
  properties: {
    'idempotency-key': {
      type: 'string',
      minLength: 16,
      maxLength: 128,
      pattern: '^[!-~]+$',
      description:
        'Unguessable, one an attempt of a person: the same key with the same code within a minute gets the same answer and is judged once. Without it every request is judged anew.',
    },
  },
} as const;

const answer = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) =>
  ({
    type: 'object',
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
    properties,
  }) as const;

const none = answer(
  {
    result: { const: 'none', description: 'No code is asked for: let the person in.' },
    reason: {
      enum: ['Off', 'Suspended', 'NotManaged'],
      description: 'NotManaged: there is no Secret, and the caller is in mode observe.',
    },
    until: { ...instant, description: 'Of Suspended: from then on a code is asked for again.' },
  },
  ['until'],
);

const asked = {
  mintedAt,
  notBefore,
  wrongCodes: { type: 'integer', minimum: 0, description: 'Since the last right one.' },
  suspensionIgnored,
} as const;

const firstShownAt = {
  ...instant,
  description: 'When the QR code of this seed was shown for the first time.',
} as const;
const replacesEarlier = {
  type: 'boolean',
  description: 'The person deletes the older entry in the app first.',
} as const;

export const loginAnswer = {
  description: 'What a login meets now.',
  oneOf: [
    none,
    answer(
      {
        result: { const: 'enroll' },
        ...asked,
        enrollmentCode: { enum: ['none', 'needed', 'notIssued'] },
        firstShownAt,
        replacesEarlier,
      },
      ['notBefore', 'firstShownAt'],
    ),
    answer({ result: { const: 'code' }, ...asked }, ['notBefore']),
    answer(
      {
        result: { const: 'deny', description: 'Refused, whatever is typed.' },
        reason: { enum: Object.keys(problemOfDenial) },
        until: { ...instant, description: 'When it ends by itself.' },
        suspensionIgnored,
      },
      ['until'],
    ),
  ],
} as const;

export const enrollAnswer = {
  description: 'The QR code, which contains the seed: show it, and keep it nowhere.',
  ...answer(
    {
      result: { const: 'shown' },
      otpauthUri: { type: 'string', description: 'For a link on the phone itself.' },
      key: {
        type: 'string',
        pattern: seedPattern,
        description: 'The seed, for typing: show it in groups of four.',
      },
      qrSvg: { type: 'string', description: 'The QR code as an SVG document.' },
      digits: { enum: digitCounts },
      periodSeconds: { enum: periodsSeconds },
      issuer: { type: 'string' },
      firstShownAt,
      shownBefore: { type: 'boolean', description: 'Say when, and what to do if that was somebody else.' },
      replacesEarlier,
      mintedAt,
      notBefore,
      suspensionIgnored,
    },
    ['notBefore'],
  ),
} as const;

export const verifyAnswer = {
  description: 'Let the person in.',
  oneOf: [
    answer({
      result: { const: 'accepted' },
      amr: { type: 'array', items: { const: 'otp' }, minItems: 1, maxItems: 1, description: 'RFC 8176.' },
      deviceToken: { type: 'string', description: 'For the browser to keep, until deviceTokenUntil.' },
      deviceTokenUntil: instant,
      firstCode: { type: 'boolean', description: 'The account is enrolled now.' },
      wrongCodesBefore: {
        type: 'integer',
        minimum: 0,
        description: 'Wrong codes since the last good login; tell the person if it is more than none.',
      },
    }),
    none,
  ],
} as const;

const problem = (names: readonly ProblemName[]) => ({
  description: names.map((name) => `${name}: ${problemKinds[name].title}.`).join('\n\n'),
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail'],
        additionalProperties: false,
        properties: {
          type: { enum: names.map(problemType) },
          title: { type: 'string' },
          status: { const: problemKinds[names[0] ?? 'internal'].status },
          detail: { type: 'string' },
          reason: { type: 'string' },
          until: instant,
          notBefore: instant,
          suspensionIgnored: { ...suspensionIgnored, const: true },
          wrongCodes: { type: 'integer', minimum: 1 },
          clock: answer({ phoneIs: { enum: ['slow', 'fast'] }, minutes: { type: 'integer', minimum: 1 } }),
          digits: { enum: digitCounts },
          scope: { type: 'string' },
        },
      },
    },
  },
});

/** The problems of a route by status. */
export const problemAnswers = (names: readonly ProblemName[]): Readonly<Record<number, object>> => {
  const statuses = [...new Set(names.map((name) => problemKinds[name].status))];
  return Object.fromEntries(
    statuses.map((status) => [status, problem(names.filter((name) => problemKinds[name].status === status))]),
  );
};
