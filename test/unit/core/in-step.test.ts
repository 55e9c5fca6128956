import { codeHash, enrolled, hours, remembered, secret, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const steady = { secret: enrolled, status: remembered };
sentences('enroll-until: minted-at + windowHours while not enrolled, rounded down', [
  {
    says: 'written with the seed',
    platform: { enrollment: { windowHours: 2 } },
    at: Date.parse(hours(0)) + 999,
    wants: { requeueAt: hours(2), changes: { 'minted-at': '2026-11-25T12:00:00.999Z', 'enroll-until': hours(2) } },
  },
  {
    says: 'absent: no limit',
    secret: { ...unscanned, 'enroll-until': hours(1) },
    wants: { phase: 'Enrolling' },
    onlyChanges: { 'enroll-until': null },
  },
  {
    says: 'raising it reopens',
    platform: { enrollment: { windowHours: 600 } },
    secret: { ...unscanned, 'enroll-until': hours(-1) },
    wants: { phase: 'Enrolling' },
    onlyChanges: { 'enroll-until': '2026-11-26T10:00:00Z' },
  },
  {
    says: 'over: no longer shown; Ready all the same, for a person must not fail a pipeline',
    platform: { enrollment: { windowHours: 1 } },
    secret: { ...unscanned, 'enroll-until': '2026-11-01T11:00:00Z' },
    wants: {
      act: 'keep',
      phase: 'Blocked',
      ready: 'True Reconciled',
      enforced: 'True EnrollmentExpired',
      enrolled: 'False EnrollmentExpired',
    },
  },
  {
    says: 'once enrolled it goes',
    platform: { enrollment: { windowHours: 1 } },
    secret: { ...enrolled, 'enroll-until': '2026-11-01T11:00:00Z' },
    wants: { phase: 'Enforced' },
    onlyChanges: { 'enroll-until': null },
  },
  {
    says: 'a reset mints another',
    asks: { reset: { requestedAt: hours(0) } },
    platform: { enrollment: { windowHours: 1 } },
    secret: { ...unscanned, 'enroll-until': '2026-11-01T11:00:00Z' },
    wants: { phase: 'Enrolling', changes: { 'enroll-until': hours(1) } },
  },
]);

const issued = { enrollmentCode: { hash: codeHash, expiresAt: hours(1) } };
const codeMode = { enrollment: { mode: 'Code' } } as const;

sentences('enrollment-code: `required`, or hash and expiresAt', [
  { says: 'mode Open, none issued', secret: unscanned, wants: { act: 'keep' } },
  {
    says: 'platform mode Code and no code issued yet',
    platform: codeMode,
    secret: unscanned,
    wants: { phase: 'Enrolling', ready: 'True Reconciled', enrolled: 'False EnrollmentCodeRequired' },
    onlyChanges: { 'enrollment-code': 'required' },
  },
  {
    says: 'issued',
    asks: issued,
    platform: codeMode,
    secret: unscanned,
    wants: { enrolled: 'False NotEnrolled', requeueAt: hours(1) },
    onlyChanges: { 'enrollment-code': `${codeHash} ${hours(1)}` },
  },
  {
    says: 'needed whatever the platform’s mode',
    asks: issued,
    secret: unscanned,
    wants: {},
    onlyChanges: { 'enrollment-code': `${codeHash} ${hours(1)}` },
  },
  {
    says: 'in UTC',
    asks: { enrollmentCode: { hash: codeHash, expiresAt: '2026-11-25T14:00:00+01:00' } },
    secret: unscanned,
    wants: {},
    onlyChanges: { 'enrollment-code': `${codeHash} ${hours(1)}` },
  },
  {
    says: 'past expiresAt it counts as not issued',
    asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(0) } },
    secret: unscanned,
    wants: { act: 'annotate', phase: 'Enrolling', ready: 'True Reconciled', enrolled: 'False EnrollmentCodeRequired' },
  },
  {
    says: 'withdrawn',
    secret: { ...unscanned, 'enrollment-code': 'required' },
    wants: {},
    onlyChanges: { 'enrollment-code': null },
  },
]);

const unlock = (from: number) => ({ unlock: { requestedAt: hours(from) } });

sentences('unlocked-at: written when the instant has come, never falls', [
  { ...steady, says: 'come', asks: unlock(0), wants: {}, onlyChanges: { 'unlocked-at': hours(0) } },
  { ...steady, says: 'not yet', asks: unlock(1), wants: { act: 'keep', requeueAt: hours(1) } },
  {
    says: 'never falls: an older one',
    asks: unlock(-5),
    secret: { ...enrolled, 'unlocked-at': hours(-1) },
    wants: { act: 'keep' },
  },
  {
    says: 'withdrawing an unlock from Git locks nobody',
    secret: { ...enrolled, 'unlocked-at': hours(-1) },
    wants: { act: 'keep' },
  },
  {
    says: 'a later one replaces it',
    asks: unlock(-1),
    secret: { ...enrolled, 'unlocked-at': hours(-5) },
    wants: {},
    onlyChanges: { 'unlocked-at': hours(-1) },
  },
  {
    says: 'though the second factor is off',
    asks: unlock(-1),
    platform: { state: 'Disabled' },
    secret: { ...enrolled, 'second-factor': 'off' },
    wants: {},
    onlyChanges: { 'unlocked-at': hours(-1) },
  },
]);

sentences('the label', [
  {
    says: 'put back if lost',
    secret: { ...secret(enrolled), platformLabel: undefined },
    wants: { act: 'annotate', label: 'hosted' },
    onlyChanges: {},
  },
  {
    says: 'and if it says something else',
    secret: secret(enrolled, 'other'),
    wants: { act: 'annotate', label: 'hosted' },
    onlyChanges: {},
  },
  { says: 'annotations of others stay', secret: { ...enrolled, 'of-somebody-else': 'x' }, wants: { act: 'keep' } },
]);
