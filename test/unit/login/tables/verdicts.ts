import type { Browser } from '../../../../src/api/failures.ts';
import type { SecretRecord } from '../../../../src/api/record.ts';
import type { Verdict } from '../../../../src/core/second-factor.ts';
import {
  day,
  enrolled,
  enrollmentHash,
  failures,
  instant,
  mintedAt,
  now,
  record,
  times,
  unix,
  unscanned,
} from './record.ts';

/** Record, browser and instant to verdict: what every implementation of `secondFactor` must say. */
export interface VerdictCase {
  readonly name: string;
  readonly record?: SecretRecord;
  readonly browser?: Browser;
  /** Unix milliseconds; absent: `now`. */
  readonly at?: number;
  readonly verdict: Verdict;
}

const aWindow = `${instant(-1800)}/${instant(1800)}`;
const at = (seconds: number): number => now + seconds * 1000;
const code: Verdict = { kind: 'code' };
const enroll: Verdict = { kind: 'enroll', enrollmentCode: { kind: 'none' } };
const off: Verdict = { kind: 'none', reason: 'Off' };
const suspended: Verdict = { kind: 'none', reason: 'Suspended', until: at(1800) };
const deny = (reason: (Verdict & { kind: 'deny' })['reason'], until?: number): Verdict => ({
  kind: 'deny',
  reason,
  ...(until !== undefined && { until }),
});
const invalid = (key: string): Verdict => ({
  kind: 'deny',
  reason: 'SecretInvalid',
  annotation: `exchange2fa.io/${key}`,
});
const wait = (seconds: number): Verdict => ({ kind: 'code', notBefore: at(seconds) });
const lockedUntil = (seconds: number): Verdict => deny('Locked', at(seconds + 30 * day));

const absent: readonly VerdictCase[] = [
  { name: 'no Secret', verdict: deny('NoSecret') },
  {
    name: 'a Secret of type Opaque',
    record: record({ ...enrolled, 'second-factor': 'off' }, 'Opaque'),
    verdict: deny('NoSecret'),
  },
  {
    name: 'a type that only begins like ours',
    record: record(enrolled, 'exchange2fa.io/totp2'),
    verdict: deny('NoSecret'),
  },
  { name: 'a Secret without a type', record: record(enrolled, ''), verdict: deny('NoSecret') },
  { name: 'an orphan', record: record({ ...enrolled, 'orphaned-at': instant(-60) }), verdict: deny('Orphaned') },
  {
    name: 'an orphan whose annotation is empty',
    record: record({ ...enrolled, 'orphaned-at': '' }),
    verdict: deny('Orphaned'),
  },
  {
    name: 'an orphan that is off and suspended',
    record: record({ ...enrolled, 'orphaned-at': instant(-60), 'second-factor': 'off', suspended: aWindow }),
    verdict: deny('Orphaned'),
  },
  { name: 'no annotations', record: record({}), verdict: deny('Refused') },
];

const unreadable: readonly VerdictCase[] = (
  [
    ['suspended', ''],
    ['suspended', 'tomorrow'],
    ['suspended', `${instant(60)}/${instant(-60)}`],
    ['suspended', `${instant(60)}/${instant(60)}`],
    ['suspended', `${aWindow} ${instant(0)}`],
    ['suspended', `${aWindow}  ${aWindow}`],
    ['suspended', '2026-02-30T00:00:00Z/2026-03-05T00:00:00Z'],
    ['minted-at', '2026-07-01T10:00:00Z'],
    ['minted-at', '2026-02-30T10:00:00.000Z'],
    ['minted-at', ''],
    ['enrolled-at', '2026-07-01T10:05:00.000Z'],
    ['enrolled-at', '2026-07-01 10:05:00Z'],
    ['enroll-until', '2026-07-01T24:00:00Z'],
    ['enroll-until', 'never'],
    ['unlocked-at', '2026-07-01T10:05:00+00:00'],
    ['last-step', '-1'],
    ['last-step', '007'],
    ['last-step', '1e3'],
    ['last-step', '1234567890123'],
    ['failures', '{}'],
    ['failures', 'null'],
    ['failures', '[]'],
    ['failures', '{"row":0,"unknown":[],"known":[],"more":1}'],
    ['failures', '{"row":-1,"unknown":[],"known":[]}'],
    ['failures', '{"row":1.5,"unknown":[],"known":[]}'],
    ['failures', '{"row":0,"unknown":[2,1],"known":[]}'],
    ['failures', `{"row":0,"unknown":[${times(26).map(unix).join()}],"known":[]}`],
    ['failures', '{"row":0,"unknown":["1"],"known":[]}'],
    ['failures', '{"row":0,"unknown":[],"known":[253402300800]}'],
    ['enrollment-code', ''],
    ['enrollment-code', 'Required'],
    ['enrollment-code', enrollmentHash],
    ['enrollment-code', `${enrollmentHash} ${instant(60)} more`],
    ['enrollment-code', `sha256:00:11 ${instant(60)}`],
    ['data-invalid', mintedAt],
  ] as const
).map(([key, text]) => ({
  name: `${key} is ${text === '' ? 'empty' : text}`,
  record: record({ ...enrolled, [key]: text }),
  verdict: invalid(key),
}));

const aYear = (year: string): string => `${year}-01-01T00:00:00Z`;
const lastSecond = 253_402_300_799;

/** Where parsers of other languages read more, less or otherwise than the contract says. */
const spelled: readonly VerdictCase[] = (
  [
    ['a row of null is no number', { failures: '{"row":null,"unknown":[],"known":[]}' }, invalid('failures')],
    ['a row of true is no number', { failures: '{"row":true,"unknown":[],"known":[]}' }, invalid('failures')],
    ['a wrong code at null has no instant', { failures: '{"row":0,"unknown":[null],"known":[]}' }, invalid('failures')],
    [
      'no list of wrong codes is not an empty one',
      { failures: '{"row":0,"unknown":[],"known":null}' },
      invalid('failures'),
    ],
    [
      'a row of 2^53 is not told from the next',
      { failures: '{"row":9007199254740992,"unknown":[],"known":[]}' },
      invalid('failures'),
    ],
    [
      'a row of 2^53 − 1 is the longest',
      { failures: '{"row":9007199254740991,"unknown":[],"known":[]}' },
      deny('Locked'),
    ],
    ['a row beyond every number', { failures: '{"row":1e400,"unknown":[],"known":[]}' }, invalid('failures')],
    [
      'a row that is Infinity is no JSON',
      { failures: '{"row":0,"unknown":[],"known":[Infinity]}' },
      invalid('failures'),
    ],
    [
      'a row of NaN is no JSON, though another row follows',
      { failures: '{"row":NaN,"row":0,"unknown":[],"known":[]}' },
      invalid('failures'),
    ],
    [
      'of two rows the last one counts, however long the first',
      { failures: `{"row":${'9'.repeat(5_000)},"row":100,"unknown":[],"known":[]}` },
      deny('Locked'),
    ],
    [
      'a row of 5,000 digits is no whole number',
      { failures: `{"row":${'9'.repeat(5_000)},"unknown":[],"known":[]}` },
      invalid('failures'),
    ],
    ['of two rows the last one counts', { failures: '{"row":100,"row":0,"unknown":[],"known":[]}' }, code],
    ['a whole number may be written as 1.0', { failures: '{"row":1.0,"unknown":[1.0,2],"known":[]}' }, code],
    ['a whole number may be written as 1e2', { failures: '{"row":1e2,"unknown":[],"known":[]}' }, deny('Locked')],
    ['a whole number may be written as -0', { failures: '{"row":-0,"unknown":[-0.0],"known":[]}' }, code],
    ['a name may be written with escapes', { failures: '{"\\u0072ow":100,"unknown":[],"known":[]}' }, deny('Locked')],
    ['a name in upper case is another', { failures: '{"Row":0,"unknown":[],"known":[]}' }, invalid('failures')],
    [
      'white space in JSON says nothing',
      { failures: ' {"row" : 100,\n"unknown":[],\t"known":[]}\r\n' },
      deny('Locked'),
    ],
    [
      'a no-break space is no white space of JSON',
      { failures: '\u00a0{"row":0,"unknown":[],"known":[]}' },
      invalid('failures'),
    ],
    [
      'a byte order mark is no white space of JSON',
      { failures: '\ufeff{"row":0,"unknown":[],"known":[]}' },
      invalid('failures'),
    ],
    ['something after the JSON', { failures: '{"row":0,"unknown":[],"known":[]}{}' }, invalid('failures')],
    ['brackets that a parser gets lost in', { failures: '['.repeat(3_000) }, invalid('failures')],
    ['a wrong code in the last second of all', { failures: `{"row":4,"unknown":[],"known":[${lastSecond}]}` }, code],
    [
      'a lock that ends later than an instant can say is written as the last one',
      { failures: `{"row":0,"unknown":[${Array<number>(25).fill(lastSecond).join()}],"known":[]}` },
      deny('Locked', (lastSecond + 30 * day) * 1000),
    ],
    [
      'a wait that ends later than an instant can say is written as the last one',
      { failures: `{"row":5,"unknown":[${Array<number>(5).fill(lastSecond).join()}],"known":[]}` },
      { kind: 'code', notBefore: (lastSecond + 30) * 1000 },
    ],
    ['the year 0000 is one of RFC 3339', { 'unlocked-at': aYear('0000') }, code],
    ['29 February 0000 is a day', { 'minted-at': '0000-02-29T00:00:00.000Z' }, code],
    ['30 February 0000 is none', { 'minted-at': '0000-02-30T00:00:00.000Z' }, invalid('minted-at')],
    ['29 February 1900 is no day', { 'unlocked-at': '1900-02-29T00:00:00Z' }, invalid('unlocked-at')],
    ['29 February 2000 is one', { 'unlocked-at': '2000-02-29T00:00:00Z' }, code],
    [
      'suspended from the first instant to the last second of all',
      { suspended: `${aYear('0000')}/9999-12-31T23:59:59Z` },
      { kind: 'none', reason: 'Suspended', until: lastSecond * 1000 },
    ],
    [
      'a window from 0001 to 0000 ends before it begins',
      { suspended: `${aYear('0001')}/${aYear('0000')}` },
      invalid('suspended'),
    ],
    ['the year 10000 is none of RFC 3339', { suspended: `${instant(0)}/${aYear('10000')}` }, invalid('suspended')],
    ['a year with a sign is none of RFC 3339', { 'unlocked-at': aYear('+002026') }, invalid('unlocked-at')],
    ['a year of three digits is none of RFC 3339', { 'unlocked-at': aYear('999') }, invalid('unlocked-at')],
    ['a leap second is no instant', { 'unlocked-at': '2016-12-31T23:59:60Z' }, invalid('unlocked-at')],
    ['a minute 60 is no instant', { 'unlocked-at': '2016-12-31T23:60:00Z' }, invalid('unlocked-at')],
    ['a tenth of a second in whole seconds', { 'enrolled-at': '2026-07-01T10:05:00.0Z' }, invalid('enrolled-at')],
    ['a comma before the milliseconds', { 'minted-at': '2026-07-01T10:00:00,000Z' }, invalid('minted-at')],
    ['a small t and a small z', { 'enrolled-at': '2026-07-01t10:05:00z' }, invalid('enrolled-at')],
    ['an hour of one digit', { 'enrolled-at': '2026-07-01T9:05:00Z' }, invalid('enrolled-at')],
    ['an instant in Arabic digits', { 'enrolled-at': '٢٠٢٦-07-01T10:05:00Z' }, invalid('enrolled-at')],
    ['an instant with a line feed', { 'enrolled-at': '2026-07-01T10:05:00Z\n' }, invalid('enrolled-at')],
    ['a last step with a line feed', { 'last-step': '59000000\n' }, invalid('last-step')],
    ['a last step in Arabic digits', { 'last-step': '٥٩' }, invalid('last-step')],
    ['a last step with a plus sign', { 'last-step': '+59000000' }, invalid('last-step')],
    ['a last step of 12 digits', { 'last-step': '999999999999' }, code],
    ['windows with a line feed between them', { suspended: `${aWindow}\n${aWindow}` }, invalid('suspended')],
    [
      'a hash in upper case',
      { 'enrollment-code': `${enrollmentHash.toUpperCase()} ${instant(60)}` },
      invalid('enrollment-code'),
    ],
    ['a second factor with a space is another word', { 'second-factor': 'off ' }, deny('Refused')],
  ] as const
).map(([name, about, verdict]) => ({ name, record: record({ ...enrolled, ...about }), verdict }));

const contradicting: readonly VerdictCase[] = [
  {
    name: 'enrolled-at without last-step',
    record: record({ ...unscanned, 'enrolled-at': instant(-60) }),
    verdict: invalid('last-step'),
  },
  {
    name: 'last-step without enrolled-at',
    record: record({ ...unscanned, 'last-step': '59000000' }),
    verdict: invalid('enrolled-at'),
  },
  {
    name: 'data-invalid of an earlier seed says nothing',
    record: record({ ...enrolled, 'data-invalid': '2026-06-01T10:00:00.000Z' }),
    verdict: code,
  },
  {
    name: 'unreadable and off: refused',
    record: record({ ...enrolled, 'second-factor': 'off', failures: '' }),
    verdict: invalid('failures'),
  },
  {
    name: 'unreadable and suspended: refused',
    record: record({ ...enrolled, suspended: aWindow, 'last-step': 'x' }),
    verdict: invalid('last-step'),
  },
];

const switched: readonly VerdictCase[] = [
  { name: 'off', record: record({ ...enrolled, 'second-factor': 'off' }), verdict: off },
  { name: 'off without a seed', record: record({ 'second-factor': 'off' }), verdict: off },
  { name: 'off and suspended', record: record({ 'second-factor': 'off', suspended: aWindow }), verdict: off },
  {
    name: 'off and locked',
    record: record({ ...enrolled, 'second-factor': 'off', ...failures({ row: 100 }) }),
    verdict: off,
  },
  { name: 'refused', record: record({ ...enrolled, 'second-factor': 'refused' }), verdict: deny('Refused') },
  {
    name: 'refused, though suspended',
    record: record({ ...enrolled, 'second-factor': 'refused', suspended: aWindow }),
    verdict: deny('Refused'),
  },
  {
    name: 'anything else is refused',
    record: record({ ...enrolled, 'second-factor': 'Off' }),
    verdict: deny('Refused'),
  },
  { name: 'required without a seed', record: record({ 'second-factor': 'required' }), verdict: deny('SeedLost') },
  {
    name: 'required without a seed, suspended',
    record: record({ 'second-factor': 'required', suspended: aWindow }),
    verdict: suspended,
  },
];

const windows: readonly VerdictCase[] = [
  { name: 'suspended', record: record({ ...enrolled, suspended: aWindow }), verdict: suspended },
  {
    name: 'suspended from its first instant',
    record: record({ ...enrolled, suspended: aWindow }),
    at: at(-1800),
    verdict: suspended,
  },
  {
    name: 'not a millisecond before',
    record: record({ ...enrolled, suspended: aWindow }),
    at: at(-1800) - 1,
    verdict: code,
  },
  {
    name: 'suspended to the last millisecond',
    record: record({ ...enrolled, suspended: aWindow }),
    at: at(1800) - 1,
    verdict: suspended,
  },
  { name: 'ended on the second', record: record({ ...enrolled, suspended: aWindow }), at: at(1800), verdict: code },
  {
    name: 'in the second of two windows',
    record: record({ ...enrolled, suspended: `${instant(-9000)}/${instant(-7200)} ${aWindow}` }),
    verdict: suspended,
  },
  {
    name: 'suspended and locked: let in',
    record: record({ ...enrolled, suspended: aWindow, ...failures({ row: 100 }) }),
    verdict: suspended,
  },
  { name: 'suspended before enrolment', record: record({ ...unscanned, suspended: aWindow }), verdict: suspended },
];

const enrolling: readonly VerdictCase[] = [
  { name: 'not enrolled', record: record(unscanned), verdict: enroll },
  {
    name: 'until enroll-until',
    record: record({ ...unscanned, 'enroll-until': instant(0) }),
    at: at(0) - 1,
    verdict: enroll,
  },
  {
    name: 'at enroll-until',
    record: record({ ...unscanned, 'enroll-until': instant(0) }),
    verdict: deny('EnrollmentExpired'),
  },
  {
    name: 'enrolled, after enroll-until',
    record: record({ ...enrolled, 'enroll-until': instant(-60) }),
    verdict: code,
  },
  {
    name: 'an enrolment code is not issued',
    record: record({ ...unscanned, 'enrollment-code': 'required' }),
    verdict: { kind: 'enroll', enrollmentCode: { kind: 'notIssued' } },
  },
  {
    name: 'an enrolment code is needed',
    record: record({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` }),
    verdict: { kind: 'enroll', enrollmentCode: { kind: 'issued', hash: enrollmentHash, expiresAt: at(60) } },
  },
  {
    name: 'an enrolment code in its last second',
    record: record({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(1)}` }),
    verdict: { kind: 'enroll', enrollmentCode: { kind: 'issued', hash: enrollmentHash, expiresAt: at(1) } },
  },
  {
    name: 'an enrolment code that expires now counts as not issued',
    record: record({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(0)}` }),
    verdict: { kind: 'enroll', enrollmentCode: { kind: 'notIssued' } },
  },
  {
    name: 'enrolled: no enrolment code is asked for',
    record: record({ ...enrolled, 'enrollment-code': 'required' }),
    verdict: code,
  },
  {
    name: 'not enrolled, after five wrong codes',
    record: record({ ...unscanned, ...failures({ row: 5, unknown: times(5) }) }),
    verdict: { ...enroll, notBefore: at(29) },
  },
];

const wrong = (about: Parameters<typeof failures>[0]): SecretRecord => record({ ...enrolled, ...failures(about) });

const waits: readonly VerdictCase[] = [
  { name: 'enrolled', record: record(enrolled), verdict: code },
  {
    name: 'what is only told, and what others write, refuses nothing',
    record: record({ ...enrolled, 'first-shown-at': 'x', attempt: '', 'erase-after': 'never', account: '', more: 'x' }),
    verdict: code,
  },
  { name: 'enrolled, known browser', record: record(enrolled), browser: 'known', verdict: code },
  { name: 'four wrong codes', record: wrong({ row: 4, unknown: times(4) }), verdict: code },
  ...(
    [
      [5, 30],
      [6, 60],
      [7, 120],
      [8, 240],
      [9, 480],
      [10, 960],
      [11, 1920],
      [12, 3600],
      [13, 3600],
      [24, 3600],
    ] as const
  ).map(([count, seconds]) => ({
    name: `${count} wrong codes: ${seconds} s`,
    record: wrong({ row: count, unknown: times(count) }),
    verdict: wait(seconds - 1),
  })),
  { name: 'a wait that is over', record: wrong({ row: 5, unknown: times(5, -30) }), verdict: code },
  { name: 'a wait of one more second', record: wrong({ row: 5, unknown: times(5, -29) }), verdict: wait(1) },
  {
    name: 'a wait, to its last millisecond',
    record: wrong({ row: 5, unknown: times(5, -29) }),
    at: at(1) - 1,
    verdict: wait(1),
  },
  { name: 'a long row, few of it from this kind', record: wrong({ row: 99, unknown: times(6) }), verdict: wait(59) },
  {
    name: 'an unknown browser does not wait for the known ones',
    record: wrong({ row: 9, known: times(9) }),
    verdict: code,
  },
  {
    name: 'a known browser waits for its own',
    record: wrong({ row: 9, known: times(9) }),
    browser: 'known',
    verdict: wait(479),
  },
  { name: 'a right code in between ends the wait', record: wrong({ row: 1, unknown: times(20) }), verdict: code },
  {
    name: 'an unlock ends the wait',
    record: record({ ...enrolled, ...failures({ row: 9, unknown: times(9) }), 'unlocked-at': instant(-1) }),
    verdict: code,
  },
  {
    name: 'an unlock before the last of them leaves the rest',
    record: record({ ...enrolled, ...failures({ row: 9, unknown: times(9) }), 'unlocked-at': instant(-6) }),
    verdict: wait(29),
  },
];

const locks: readonly VerdictCase[] = [
  { name: '25 wrong codes in 30 days', record: wrong({ row: 25, unknown: times(25) }), verdict: lockedUntil(-25) },
  { name: 'whatever came between', record: wrong({ row: 0, unknown: times(25) }), verdict: lockedUntil(-25) },
  {
    name: 'a known browser is not locked by unknown ones',
    record: wrong({ row: 0, unknown: times(25) }),
    browser: 'known',
    verdict: code,
  },
  {
    name: 'a known browser is locked by its own',
    record: wrong({ row: 0, known: times(25) }),
    browser: 'known',
    verdict: lockedUntil(-25),
  },
  {
    name: 'an unknown browser is not locked by known ones',
    record: wrong({ row: 0, known: times(25) }),
    verdict: code,
  },
  {
    name: 'the oldest is 30 days old',
    record: wrong({ row: 0, unknown: [-30 * day, ...times(24, -3600)] }),
    verdict: code,
  },
  {
    name: 'the oldest will be 30 days old in a second',
    record: wrong({ row: 0, unknown: [1 - 30 * day, ...times(24, -3600)] }),
    verdict: deny('Locked', at(1)),
  },
  {
    name: 'the oldest will be 30 days old in a millisecond',
    record: wrong({ row: 0, unknown: [1 - 30 * day, ...times(24, -3600)] }),
    at: at(1) - 1,
    verdict: deny('Locked', at(1)),
  },
  {
    name: 'wrong codes of a clock that was ahead: closed, not open',
    record: wrong({ row: 0, unknown: times(25, day) }),
    verdict: lockedUntil(day - 24),
  },
  {
    name: '25 wrong codes before enrolment',
    record: record({ ...unscanned, ...failures({ row: 25, unknown: times(25) }) }),
    verdict: lockedUntil(-25),
  },
  {
    name: 'an unlock',
    record: record({ ...enrolled, ...failures({ row: 0, unknown: times(25) }), 'unlocked-at': instant(-1) }),
    verdict: code,
  },
  {
    name: 'an unlock in the second of the oldest of them',
    record: record({ ...enrolled, ...failures({ row: 0, unknown: times(25) }), 'unlocked-at': instant(-25) }),
    verdict: code,
  },
  {
    name: 'an unlock before all of them',
    record: record({ ...enrolled, ...failures({ row: 0, unknown: times(25) }), 'unlocked-at': instant(-26) }),
    verdict: lockedUntil(-25),
  },
  {
    name: 'an unlock that has come just now',
    record: record({ ...enrolled, ...failures({ row: 0, unknown: times(25) }), 'unlocked-at': instant(1) }),
    at: at(1),
    verdict: code,
  },
  {
    name: 'an unlock that has not come yet',
    record: record({ ...enrolled, ...failures({ row: 0, unknown: times(25) }), 'unlocked-at': instant(1) }),
    verdict: lockedUntil(-25),
  },
  { name: '99 in a row', record: wrong({ row: 99 }), verdict: code },
  { name: '100 in a row', record: wrong({ row: 100 }), verdict: deny('Locked') },
  { name: '100 in a row, known browser', record: wrong({ row: 100 }), browser: 'known', verdict: deny('Locked') },
  {
    name: '100 in a row: no time lifts it',
    record: wrong({ row: 100, unknown: times(25) }),
    at: at(40 * day),
    verdict: deny('Locked'),
  },
  {
    name: '100 in a row: no unlock lifts it',
    record: record({ ...enrolled, ...failures({ row: 100 }), 'unlocked-at': instant(-1) }),
    verdict: deny('Locked'),
  },
  {
    name: 'locked is named before an expired enrolment',
    record: record({ ...unscanned, ...failures({ row: 0, unknown: times(25) }), 'enroll-until': instant(-60) }),
    verdict: lockedUntil(-25),
  },
];

export const verdictCases: readonly VerdictCase[] = [
  ...absent,
  ...unreadable,
  ...spelled,
  ...contradicting,
  ...switched,
  ...windows,
  ...enrolling,
  ...waits,
  ...locks,
];
