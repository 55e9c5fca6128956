import type { Browser } from '../../../../src/api/failures.ts';
import { codeAt } from '../../../../src/totp/code.ts';
import type { CodeParameters } from '../../../../src/totp/parameters.ts';
import {
  code,
  day,
  enrolled,
  enrollmentCode,
  enrollmentHash,
  failures,
  instant,
  mintedAt,
  now,
  presentStep,
  seed,
  type Short,
  times,
  unix,
  unscanned,
  usual,
} from './record.ts';

/** What an implementation says of a typed code. Instants are Unix milliseconds. */
export type Expected =
  | { readonly answer: 'accepted'; readonly firstCode: boolean; readonly wrongCodesBefore: number }
  /** `phoneAhead`: steps by which the phone's clock is ahead, negative if it is behind. */
  | { readonly answer: 'wrong'; readonly wrongCodes: number; readonly phoneAhead?: number }
  | { readonly answer: 'replayed' | 'malformed' | 'seedChanged' | 'dataInvalid' }
  | { readonly answer: 'waiting'; readonly notBefore: number }
  | { readonly answer: 'enrollmentCode'; readonly problem: 'missing' | 'wrong' | 'notIssued' }
  | { readonly answer: 'none'; readonly reason: string; readonly until?: number }
  | { readonly answer: 'deny'; readonly reason: string; readonly until?: number };

/** Secret, code, browser and instant to answer and the exact annotations that are written. */
export interface CodeCase {
  readonly name: string;
  /** Annotations; absent: there is no Secret. */
  readonly secret?: Short;
  readonly parameters?: CodeParameters;
  /** Members of `data` that are otherwise than they should be. */
  readonly data?: Short;
  readonly typed: string;
  readonly mintedAt?: string;
  readonly enrollmentCode?: string;
  readonly browser?: Browser;
  /** False: this machine's clock can't be trusted. */
  readonly honourSuspensions?: boolean;
  readonly expected: Expected;
  /** By the part of their names after the prefix; absent: nothing is written. */
  readonly patch?: Short;
}

/** The id that every case is given for its verdict. */
export const attempt = 'a-fresh-id';
const writes = { attempt } as const;

const at = (seconds: number): number => now + seconds * 1000;
const accepted = (wrongCodesBefore = 0): Expected => ({ answer: 'accepted', firstCode: false, wrongCodesBefore });
const wrong = (wrongCodes: number, phoneAhead?: number): Expected => ({
  answer: 'wrong',
  wrongCodes,
  ...(phoneAhead !== undefined && { phoneAhead }),
});
const replayed: Expected = { answer: 'replayed' };
const malformed: Expected = { answer: 'malformed' };
const step = (steps: number): string => String(presentStep + steps);
const lastStep = (steps: number): Short => ({ ...enrolled, 'last-step': step(steps) });
const cleared = failures({ row: 0 });
const firstWrong = { ...failures({ row: 1, unknown: [0] }), ...writes };
const aWindow = `${instant(-1800)}/${instant(1800)}`;
const wrongCode = '000000';

const window: readonly CodeCase[] = [
  {
    name: 'the code of now',
    secret: enrolled,
    typed: code(0),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  },
  {
    name: 'the code before',
    secret: enrolled,
    typed: code(-1),
    expected: accepted(),
    patch: { 'last-step': step(-1), ...cleared, ...writes },
  },
  {
    name: 'the next code: the phone is a little fast',
    secret: enrolled,
    typed: code(1),
    expected: accepted(),
    patch: { 'last-step': step(1), ...cleared, ...writes },
  },
  {
    name: 'the code two before: wrong, and the phone is slow',
    secret: enrolled,
    typed: code(-2),
    expected: wrong(1, -2),
    patch: firstWrong,
  },
  { name: 'the code ten before: slow', secret: enrolled, typed: code(-10), expected: wrong(1, -10), patch: firstWrong },
  { name: 'the code eleven before: wrong', secret: enrolled, typed: code(-11), expected: wrong(1), patch: firstWrong },
  {
    name: 'the code two ahead: wrong, and no guesser is told more',
    secret: enrolled,
    typed: code(2),
    expected: wrong(1),
    patch: firstWrong,
  },
  { name: 'the code ten ahead', secret: enrolled, typed: code(10), expected: wrong(1), patch: firstWrong },
  { name: 'a wrong code', secret: enrolled, typed: wrongCode, expected: wrong(1), patch: firstWrong },
  {
    name: 'after an earlier login',
    secret: lastStep(-1),
    typed: code(0),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  },
  {
    name: 'the next one after the code of now',
    secret: lastStep(0),
    typed: code(1),
    expected: accepted(),
    patch: { 'last-step': step(1), ...cleared, ...writes },
  },
  {
    name: 'first login ever with last-step 0',
    secret: { ...enrolled, 'last-step': '0' },
    typed: code(0),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  },
];

const used: readonly CodeCase[] = [
  { name: 'the same code again', secret: lastStep(0), typed: code(0), expected: replayed },
  { name: 'the code before once that of now was accepted', secret: lastStep(0), typed: code(-1), expected: replayed },
  { name: 'the code before, accepted itself', secret: lastStep(-1), typed: code(-1), expected: replayed },
  { name: 'the next code, accepted itself', secret: lastStep(1), typed: code(1), expected: replayed },
  { name: 'the code of now after the next one', secret: lastStep(1), typed: code(0), expected: replayed },
  { name: 'a last step far ahead: the clock was set back', secret: lastStep(40), typed: code(0), expected: replayed },
  {
    name: 'a used code of long ago is a wrong one',
    secret: lastStep(0),
    typed: code(-5),
    expected: wrong(1, -5),
    patch: firstWrong,
  },
];

const writtenOtherwise: readonly CodeCase[] = (
  [
    ['spaces', (digits: string) => ` ${digits.slice(0, 3)} ${digits.slice(3)} `],
    ['no-break spaces', (digits: string) => `${digits.slice(0, 3)}\u00a0${digits.slice(3)}\u202f`],
    ['a hyphen', (digits: string) => `${digits.slice(0, 3)}-${digits.slice(3)}`],
    ['a non-breaking hyphen', (digits: string) => `${digits.slice(0, 3)}\u2011${digits.slice(3)}`],
    [
      'full-width digits',
      (digits: string) => digits.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    ],
    ['a line feed', (digits: string) => `${digits}\n`],
    ['a tab and a byte order mark', (digits: string) => `\ufeff${digits.slice(0, 3)}\t${digits.slice(3)}`],
    ['a line separator', (digits: string) => `${digits}\u2028`],
    ['a minus sign', (digits: string) => `${digits.slice(0, 3)}\u2212${digits.slice(3)}`],
    ['a full-width hyphen', (digits: string) => `${digits.slice(0, 3)}\uff0d${digits.slice(3)}`],
    ['a full-width space', (digits: string) => `${digits.slice(0, 3)}\u3000${digits.slice(3)}`],
    ['a superscript minus sign', (digits: string) => `${digits.slice(0, 3)}\u207b${digits.slice(3)}`],
    ['a hyphen outside the basic plane', (digits: string) => `${digits.slice(0, 3)}\u{10ead}${digits.slice(3)}`],
    ['superscript digits', (digits: string) => digits.replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? '')],
    ['subscript digits', (digits: string) => digits.replace(/\d/g, (digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)] ?? '')],
    ['digits in circles', (digits: string) => digits.replace(/\d/g, (digit) => '⓪①②③④⑤⑥⑦⑧⑨'[Number(digit)] ?? '')],
    [
      'mathematical digits',
      (digits: string) => digits.replace(/\d/g, (digit) => String.fromCodePoint(0x1d7ce + Number(digit))),
    ],
    [
      'digits of segments',
      (digits: string) => digits.replace(/\d/g, (digit) => String.fromCodePoint(0x1fbf0 + Number(digit))),
    ],
    ['as many spaces as fit into 64 characters', (digits: string) => digits.padStart(64)],
  ] as const
).map(([how, write]) => ({
  name: `typed with ${how}`,
  secret: enrolled,
  typed: write(code(0)),
  expected: accepted(),
  patch: { 'last-step': step(0), ...cleared, ...writes },
}));

const noCode: readonly CodeCase[] = [
  ...[
    '',
    '12345',
    '1234567',
    '123456789',
    'abcdef',
    '12345a',
    '١٢٣٤٥٦',
    '+12345',
    '0x1234',
    '12.456',
    '1'.repeat(65),
  ].map((typed) => ({
    name: `no code: ${JSON.stringify(typed.slice(0, 12))}`,
    secret: enrolled,
    typed,
    expected: malformed,
  })),
  ...(
    [
      ['a zero-width space is no space', `123\u200b456`],
      ['a next line (U+0085) is no space', `123456\u0085`],
      ['a unit separator (U+001F) is no space', `123456\u001f`],
      ['an underscore is no dash', `123_456`],
      ['a digit and an accent', `123456\u0301`],
      ['a digit with a full stop', `\u2488\u2489\u248a\u248b\u248c\u248d`],
      ['more than 64 characters, most of them spaces', code(0).padStart(65)],
      ['a character outside the basic plane is two of the 64', `${'\u{10ead}'.repeat(30)}${code(0)}`],
    ] as const
  ).map(([name, typed]) => ({ name: `no code: ${name}`, secret: enrolled, typed, expected: malformed })),
  { name: 'eight digits where six are asked for', secret: enrolled, typed: `00${code(0)}`, expected: malformed },
  {
    name: 'six digits where eight are asked for',
    secret: enrolled,
    parameters: { ...usual, digits: 8 },
    typed: code(0),
    expected: malformed,
  },
];

const otherParameters: readonly CodeCase[] = (
  [
    { algorithm: 'SHA256', digits: 6, periodSeconds: 30 },
    { algorithm: 'SHA512', digits: 6, periodSeconds: 30 },
    { algorithm: 'SHA1', digits: 8, periodSeconds: 30 },
    { algorithm: 'SHA1', digits: 6, periodSeconds: 60 },
    { algorithm: 'SHA512', digits: 8, periodSeconds: 60 },
  ] as const
).flatMap((parameters) => {
  const present = Math.floor(now / 1000 / parameters.periodSeconds);
  const secret = { ...enrolled, 'last-step': '1' };
  const what = `${parameters.algorithm}, ${parameters.digits} digits, ${parameters.periodSeconds} s`;
  return [
    {
      name: `${what}: the code of now`,
      secret,
      parameters,
      typed: code(0, parameters),
      expected: accepted(),
      patch: { 'last-step': String(present), ...cleared, ...writes },
    },
    {
      name: `${what}: the code three before`,
      secret,
      parameters,
      typed: code(-3, parameters),
      expected: wrong(1, -3),
      patch: firstWrong,
    },
  ];
});

const first = (about: Short = {}): Short => ({
  'enrolled-at': instant(0),
  'last-step': step(0),
  ...cleared,
  ...writes,
  ...about,
});
const firstAccepted = (wrongCodesBefore = 0): Expected => ({ answer: 'accepted', firstCode: true, wrongCodesBefore });
const withCode: Short = { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` };

const firstCodes: readonly CodeCase[] = [
  { name: 'the first code', secret: unscanned, typed: code(0), expected: firstAccepted(), patch: first() },
  {
    name: 'the first code, one step old',
    secret: unscanned,
    typed: code(-1),
    expected: firstAccepted(),
    patch: first({ 'last-step': step(-1) }),
  },
  {
    name: 'the first code after wrong ones',
    secret: { ...unscanned, ...failures({ row: 3, unknown: [-90, -60, -30] }) },
    typed: code(0),
    expected: firstAccepted(3),
    patch: first(failures({ row: 0, unknown: [-90, -60, -30] })),
  },
  { name: 'at enrolment, a slow phone', secret: unscanned, typed: code(-4), expected: wrong(1, -4), patch: firstWrong },
  {
    name: 'at enrolment, a fast phone is told too',
    secret: unscanned,
    typed: code(4),
    expected: wrong(1, 4),
    patch: firstWrong,
  },
  { name: 'at enrolment, a wrong code', secret: unscanned, typed: wrongCode, expected: wrong(1), patch: firstWrong },
  {
    name: 'too late',
    secret: { ...unscanned, 'enroll-until': instant(0) },
    typed: code(0),
    expected: { answer: 'deny', reason: 'EnrollmentExpired' },
  },
  {
    name: 'with the enrolment code',
    secret: withCode,
    typed: code(0),
    enrollmentCode,
    expected: firstAccepted(),
    patch: first(),
  },
  ...['0123456789ABCDEF', '0123 4567 89ab cdef', 'o1234567-89abcdef', 'OI23-4567-89aB-cDeF', 'ol23456789abcdef'].map(
    (typed) => ({
      name: `the enrolment code as ${typed}`,
      secret: withCode,
      typed: code(0),
      enrollmentCode: typed,
      expected: firstAccepted(),
      patch: first(),
    }),
  ),
  ...(
    [
      ['full-width characters', '０１２３-４５６７-８９ＡＢ-ＣＤＥＦ'],
      ['en dashes and a full-width space', '0123–4567–89AB\u3000CDEF'],
      ['a dotless i', '0ı23-4567-89AB-CDEF'],
    ] as const
  ).map(([how, typed]) => ({
    name: `the enrolment code with ${how}`,
    secret: withCode,
    typed: code(0),
    enrollmentCode: typed,
    expected: firstAccepted(),
    patch: first(),
  })),
  ...(
    [
      ['a minus sign, which is no dash', '0123\u22124567\u221289AB\u2212CDEF'],
      ['a next line (U+0085), which is no space', '0123-4567-89AB-CDEF\u0085'],
      ['more than 64 characters', enrollmentCode.padEnd(65)],
      ['a next line (U+0085) alone', '\u0085'],
      ['a hyphen alone', '-'],
    ] as const
  ).map(([how, typed]) => ({
    name: `a wrong enrolment code: ${how}`,
    secret: withCode,
    typed: code(0),
    enrollmentCode: typed,
    expected: { answer: 'enrollmentCode', problem: 'wrong' } as const,
  })),
  {
    name: 'with a byte order mark and a no-break space as enrolment code',
    secret: withCode,
    typed: code(0),
    enrollmentCode: '\ufeff\u00a0',
    expected: { answer: 'enrollmentCode', problem: 'missing' },
  },
  {
    name: 'without the enrolment code',
    secret: withCode,
    typed: code(0),
    expected: { answer: 'enrollmentCode', problem: 'missing' },
  },
  {
    name: 'with an empty enrolment code',
    secret: withCode,
    typed: code(0),
    enrollmentCode: ' ',
    expected: { answer: 'enrollmentCode', problem: 'missing' },
  },
  {
    name: 'with a wrong enrolment code',
    secret: withCode,
    typed: code(0),
    enrollmentCode: '0123-4567-89AB-CDEG',
    expected: { answer: 'enrollmentCode', problem: 'wrong' },
  },
  {
    name: 'with an enrolment code that has expired',
    secret: { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(0)}` },
    typed: code(0),
    enrollmentCode,
    expected: { answer: 'enrollmentCode', problem: 'notIssued' },
  },
  {
    name: 'where no enrolment code is issued',
    secret: { ...unscanned, 'enrollment-code': 'required' },
    typed: code(0),
    enrollmentCode,
    expected: { answer: 'enrollmentCode', problem: 'notIssued' },
  },
];

const counting: readonly CodeCase[] = [
  {
    name: 'a right code clears the row, never the 30 days',
    secret: { ...enrolled, ...failures({ row: 4, unknown: [-9, -8], known: [-7, -6] }) },
    typed: code(0),
    expected: accepted(4),
    patch: { 'last-step': step(0), ...failures({ row: 0, unknown: [-9, -8], known: [-7, -6] }), ...writes },
  },
  {
    name: 'wrong codes older than 30 days are forgotten with the next write',
    secret: {
      ...enrolled,
      ...failures({ row: 4, unknown: [-31 * day, -30 * day, 1 - 30 * day, -60], known: [-40 * day] }),
    },
    typed: code(0),
    expected: accepted(4),
    patch: { 'last-step': step(0), ...failures({ row: 0, unknown: [1 - 30 * day, -60] }), ...writes },
  },
  {
    name: 'a wrong code from a known browser',
    secret: { ...enrolled, ...failures({ row: 2, unknown: [-60, -50] }) },
    typed: wrongCode,
    browser: 'known',
    expected: wrong(3),
    patch: { ...failures({ row: 3, unknown: [-60, -50], known: [0] }), ...writes },
  },
  {
    name: 'whole numbers that were written as 1.0 are written as 1',
    secret: { ...enrolled, failures: `{"known":[${unix(-30)}.0],"row":1.0,"unknown":[${unix(-60)}.00e0]}` },
    typed: wrongCode,
    expected: wrong(2),
    patch: { ...failures({ row: 2, unknown: [-60, 0], known: [-30] }), ...writes },
  },
  {
    name: 'two wrong codes in one second',
    secret: { ...enrolled, ...failures({ row: 1, unknown: [0] }) },
    typed: wrongCode,
    expected: wrong(2),
    patch: { ...failures({ row: 2, unknown: [0, 0] }), ...writes },
  },
  {
    name: 'a wrong code after the clock was set back: still ascending',
    secret: { ...enrolled, ...failures({ row: 1, unknown: [90] }) },
    typed: wrongCode,
    expected: wrong(2),
    patch: { ...failures({ row: 2, unknown: [90, 90] }), ...writes },
  },
  {
    name: 'the latest 25 are kept',
    secret: { ...enrolled, ...failures({ row: 0, known: times(25, -3600) }), 'unlocked-at': instant(-60) },
    typed: wrongCode,
    browser: 'known',
    expected: wrong(1),
    patch: { ...failures({ row: 1, known: [...times(24, -3600), 0] }), ...writes },
  },
  {
    name: 'the 99th in a row',
    secret: { ...enrolled, ...failures({ row: 98 }) },
    typed: wrongCode,
    expected: wrong(99),
    patch: { ...failures({ row: 99, unknown: [0] }), ...writes },
  },
  {
    name: 'the 100th in a row',
    secret: { ...enrolled, ...failures({ row: 99 }) },
    typed: wrongCode,
    expected: wrong(100),
    patch: { ...failures({ row: 100, unknown: [0] }), ...writes },
  },
];

const stopped: readonly CodeCase[] = [
  { name: 'no Secret', typed: code(0), expected: { answer: 'deny', reason: 'NoSecret' } },
  {
    name: 'off',
    secret: { ...enrolled, 'second-factor': 'off' },
    typed: wrongCode,
    expected: { answer: 'none', reason: 'Off' },
  },
  {
    name: 'suspended: a wrong code does not count',
    secret: { ...enrolled, suspended: aWindow },
    typed: wrongCode,
    expected: { answer: 'none', reason: 'Suspended', until: at(1800) },
  },
  {
    name: 'suspended, by a clock that may be wrong',
    secret: { ...enrolled, suspended: aWindow },
    honourSuspensions: false,
    typed: code(0),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  },
  {
    name: 'suspended, by a clock that may be wrong: a wrong code counts',
    secret: { ...enrolled, suspended: aWindow },
    honourSuspensions: false,
    typed: wrongCode,
    expected: wrong(1),
    patch: firstWrong,
  },
  {
    name: 'an orphan',
    secret: { ...enrolled, 'orphaned-at': instant(-1) },
    typed: code(0),
    expected: { answer: 'deny', reason: 'Orphaned' },
  },
  {
    name: 'refused',
    secret: { ...enrolled, 'second-factor': 'refused' },
    typed: code(0),
    expected: { answer: 'deny', reason: 'Refused' },
  },
  {
    name: 'unreadable',
    secret: { ...enrolled, failures: '-' },
    typed: code(0),
    expected: { answer: 'deny', reason: 'SecretInvalid' },
  },
  {
    name: 'without a seed',
    secret: { 'second-factor': 'required' },
    typed: code(0),
    expected: { answer: 'deny', reason: 'SeedLost' },
  },
  {
    name: 'locked: a right code is refused too',
    secret: { ...enrolled, ...failures({ row: 0, unknown: times(25) }) },
    typed: code(0),
    expected: { answer: 'deny', reason: 'Locked', until: at(30 * day - 25) },
  },
  {
    name: 'locked as thief, not locked as owner',
    secret: { ...enrolled, ...failures({ row: 25, unknown: times(25) }) },
    typed: code(0),
    browser: 'known',
    expected: accepted(25),
    patch: { 'last-step': step(0), ...failures({ row: 0, unknown: times(25) }), ...writes },
  },
  {
    name: 'waiting: a right code is refused too',
    secret: { ...enrolled, ...failures({ row: 5, unknown: times(5) }) },
    typed: code(0),
    expected: { answer: 'waiting', notBefore: at(29) },
  },
  {
    name: 'waiting: a wrong code does not count',
    secret: { ...enrolled, ...failures({ row: 6, unknown: times(6) }) },
    typed: wrongCode,
    expected: { answer: 'waiting', notBefore: at(59) },
  },
  {
    name: 'the page was about this seed',
    secret: enrolled,
    mintedAt,
    typed: code(0),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  },
  {
    name: 'the page was about an older seed',
    secret: enrolled,
    mintedAt: '2026-06-01T10:00:00.000Z',
    typed: code(0),
    expected: { answer: 'seedChanged' },
  },
  {
    name: 'the page was about an older seed, and this one is not enrolled',
    secret: unscanned,
    mintedAt: '2026-06-01T10:00:00.000Z',
    typed: code(0),
    expected: { answer: 'seedChanged' },
  },
];

const badData: readonly CodeCase[] = (
  [
    ['a seed that is not base32', { seed: 'not base32 at all! not base32 at' }],
    ['a short seed', { seed: 'GEZDGNBVGY3TQOJQ' }],
    ['no seed', { seed: '' }],
    ['a seed of 120 bits', { seed: 'A'.repeat(24) }],
    ['a seed of 520 bits', { seed: 'A'.repeat(104) }],
    ['a seed with bits that fill no byte', { seed: `${'A'.repeat(25)}B` }],
    ['a seed with a character too many', { seed: 'A'.repeat(27) }],
    ['a seed with padding', { seed: `${'A'.repeat(26)}======` }],
    ['another algorithm', { algorithm: 'MD5' }],
    ['seven digits', { digits: '7' }],
    ['a period of 15 s', { period: '15' }],
    ['a period of 030', { period: '030' }],
    ['a period in hexadecimal', { period: '0x1e' }],
    ['a period of 3e1', { period: '3e1' }],
    ['a period of 30.0', { period: '30.0' }],
    ['a period after a space', { period: ' 30' }],
    ['a period before a line feed', { period: '30\n' }],
    ['no period', { period: '' }],
    ['digits of 06', { digits: '06' }],
    ['digits after a space', { digits: ' 6' }],
    ['digits of +6', { digits: '+6' }],
    ['digits in full width', { digits: '６' }],
    ['no digits', { digits: '' }],
    ['an algorithm in lower case', { algorithm: 'sha1' }],
    ['a seed in lower case', { seed: seed.toLowerCase() }],
    ['a seed with a line feed', { seed: `${seed}\n` }],
    ['another URI', { 'otpauth-uri': 'https://example.com' }],
  ] as const
).map(([what, data]) => ({
  name: `data: ${what}`,
  secret: enrolled,
  data,
  typed: code(0),
  expected: { answer: 'dataInvalid' },
  patch: { 'data-invalid': mintedAt },
}));

/** Imported seeds have the length that the other system gave them. */
const otherLengths: readonly CodeCase[] = [26, 39, 52, 103].map((length) => {
  const imported = seed.repeat(4).slice(0, length - 1) + 'A';
  return {
    name: `data: an imported seed of ${Math.floor((length * 5) / 8) * 8} bits`,
    secret: enrolled,
    data: { seed: imported },
    typed: codeAt(imported, usual, now),
    expected: accepted(),
    patch: { 'last-step': step(0), ...cleared, ...writes },
  };
});

export const codeCases: readonly CodeCase[] = [
  ...otherLengths,
  ...window,
  ...used,
  ...writtenOtherwise,
  ...noCode,
  ...otherParameters,
  ...firstCodes,
  ...counting,
  ...stopped,
  ...badData,
];

/** The data of a case's Secret, in clear. */
export const dataOf = ({ parameters = usual, data = {} }: CodeCase): Short => ({
  seed,
  algorithm: parameters.algorithm,
  digits: String(parameters.digits),
  period: String(parameters.periodSeconds),
  issuer: 'Example Mail',
  'otpauth-uri': `otpauth://totp/Example%20Mail:anna%40example.com?secret=${seed}&issuer=Example%20Mail`,
  ...data,
});
