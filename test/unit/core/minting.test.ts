import { at, enrolled, enrolledAt, erased, hours, inStep, mintedAt, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const minted = '2026-11-25T12:00:00.000Z';
const fresh = {
  phase: 'Enrolling',
  ready: 'True Reconciled',
  enforced: 'True EnrollmentRequired',
  enrolled: 'False NotEnrolled',
};
const failures = (row: number) => JSON.stringify({ row, unknown: [1_763_900_000], known: [1_763_900_001] });

sentences('on: required and a seed', [
  {
    says: 'no Secret and no memory: one is made, with its receipt',
    wants: {
      act: 'create',
      over: false,
      label: 'hosted',
      seed: { issuer: 'Example Mail', address: 'anna@example.com', algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
      ...fresh,
      events: [],
      secretName: 'totp-f7d54c22dda5b1780276601cd005909b70543fc4',
      remembers: [minted, undefined],
    },
    onlyChanges: { ...inStep, 'minted-at': minted },
  },
  {
    says: 'spec.twoFactor.totp: for seeds minted from now on',
    platform: { totp: { algorithm: 'SHA512', digits: 8, periodSeconds: 60 } },
    wants: { seed: { algorithm: 'SHA512', digits: 8, periodSeconds: 60 } },
  },
  {
    says: 'an enrolled phone keeps what it was given',
    platform: { totp: { algorithm: 'SHA512' } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'keep' },
  },
  {
    says: 'Enabled again mints another and shows a new QR',
    asks: { state: 'Enabled' },
    secret: erased,
    wants: { act: 'replace', over: false, ...fresh },
    onlyChanges: { 'second-factor': 'required', 'minted-at': minted, 'erased-at': null },
  },
  {
    says: 'one that was off and has no seed gets one',
    secret: { ...inStep, 'second-factor': 'off' },
    wants: { act: 'replace', over: false, ...fresh },
  },
  {
    says: 'where the clocks differ, minted-at is of the API server’s, as requests are',
    serverNow: at('2026-11-25T11:00:00.250Z'),
    wants: { act: 'create', changes: { 'minted-at': '2026-11-25T11:00:00.250Z' } },
  },
  {
    says: 'and so is erased-at',
    asks: { state: 'Removed' },
    serverNow: at('2026-11-25T13:00:00Z'),
    secret: enrolled,
    wants: { act: 'erase', changes: { 'erased-at': '2026-11-25T13:00:00Z' } },
  },
  {
    says: 'the next minted-at is later than erased-at',
    secret: { ...erased, 'erased-at': '2026-11-25T12:30:00Z' },
    wants: { changes: { 'minted-at': '2026-11-25T12:30:00.001Z' } },
  },
  {
    says: 'a Secret with a seed and no status (restored): it is trusted',
    secret: enrolled,
    wants: { act: 'keep', phase: 'Enforced', events: [], remembers: [mintedAt, enrolledAt] },
  },
]);

sentences('a reset is due when present seed < requestedAt ≤ now: replace', [
  {
    says: 'due: minting drops what the login wrote, and sets row to 0',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: {
      ...enrolled,
      'first-shown-at': '2026-11-02T07:00:00Z',
      attempt: 'a1',
      'data-invalid': 'x',
      failures: failures(7),
      'unlocked-at': '2026-11-03T00:00:00Z',
    },
    status: remembered,
    wants: { act: 'replace', over: true, ...fresh, events: ['Reset'], remembers: [minted, undefined] },
    onlyChanges: {
      'minted-at': minted,
      'first-shown-at': null,
      'enrolled-at': null,
      'last-step': null,
      attempt: null,
      'data-invalid': null,
      failures: failures(0),
    },
  },
  {
    says: 'a reset is no unlock: a lock outlives it',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: {
      ...enrolled,
      failures: JSON.stringify({
        row: 25,
        unknown: Array.from({ length: 25 }, (_, i) => 1_795_600_000 + i),
        known: [],
      }),
    },
    status: { ...remembered, phase: 'Locked' },
    wants: { act: 'replace', phase: 'Locked' },
  },
  {
    says: 'but 100 in a row are forgotten',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: { ...enrolled, failures: '{"row":100,"unknown":[],"known":[]}' },
    status: { ...remembered, phase: 'Locked' },
    wants: { act: 'replace', phase: 'Enrolling', changes: { failures: '{"row":0,"unknown":[],"known":[]}' } },
  },
  {
    says: 'failures that do not parse are dropped by minting',
    asks: { reset: { requestedAt: hours(-1) } },
    secret: { ...enrolled, failures: '{}' },
    status: remembered,
    wants: { ...fresh, changes: { failures: null } },
  },
  {
    says: 'at its very instant',
    asks: { reset: { requestedAt: hours(0) } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'replace' },
  },
  {
    says: 'not a millisecond before',
    asks: { reset: { requestedAt: hours(0) } },
    secret: enrolled,
    status: remembered,
    at: Date.parse(hours(0)) - 1,
    wants: { act: 'keep', requeueAt: hours(0) },
  },
  {
    says: 'never a second time: minted-at is the receipt of every reset up to then',
    asks: { reset: { requestedAt: hours(-1) } },
    platform: { reset: { requestedAt: hours(-2) } },
    secret: { ...unscanned, 'minted-at': '2026-11-25T11:00:00.000Z' },
    status: { seedMintedAt: '2026-11-25T11:00:00.000Z' },
    wants: { act: 'keep' },
  },
  {
    says: 'of the platform',
    platform: { reset: { requestedAt: hours(-1) } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'replace', over: true, events: ['Reset'] },
  },
  {
    says: 'in an offset of its own, compared as instants',
    asks: { reset: { requestedAt: '2026-11-01T12:00:01+02:00' } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'replace' },
  },
  {
    says: 'not where the seed is of that second',
    asks: { reset: { requestedAt: '2026-11-01T12:00:00+02:00' } },
    secret: enrolled,
    status: remembered,
    wants: { act: 'keep' },
  },
  {
    says: 'a running suspension stays: the QR comes at its end',
    asks: { reset: { requestedAt: hours(-1) }, suspension: { requestedAt: hours(-1), hours: 2 } },
    secret: { ...enrolled, suspended: `${hours(-1)}/${hours(1)}` },
    status: { ...remembered, phase: 'Suspended', suspendedUntil: hours(1) },
    wants: { act: 'replace', phase: 'Suspended', requeueAt: hours(1), suspendedUntil: hours(1) },
  },
]);
