import { expect } from 'vitest';
import { enrolled, erased, inStep, mintedAt, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const nowText = '2026-11-25T12:00:00Z';
const removed = { phase: 'Off', ready: 'True Reconciled', enforced: 'False Removed', enrolled: 'False SeedErased' };
const failures = (row: number) => JSON.stringify({ row, unknown: [1_763_900_000], known: [] });

sentences('state Removed, said on the account: erase, off', [
  {
    says: 'the seed goes, with what the login wrote about it, and row is 0; the rest of failures stays',
    asks: { state: 'Removed' },
    platform: { enrollment: { windowHours: 1 } },
    secret: {
      ...unscanned,
      'first-shown-at': '2026-11-02T07:00:00Z',
      attempt: 'a1',
      'data-invalid': 'x',
      failures: failures(7),
      'enroll-until': '2026-11-01T11:00:00Z',
      'unlocked-at': '2026-11-03T00:00:00Z',
    },
    status: { seedMintedAt: mintedAt, phase: 'Enrolling' },
    wants: { act: 'erase', ...removed, events: ['Removed'], remembers: [undefined, undefined] },
    onlyChanges: {
      'second-factor': 'off',
      'erased-at': nowText,
      'minted-at': null,
      'first-shown-at': null,
      attempt: null,
      'data-invalid': null,
      failures: failures(0),
      'enroll-until': null,
    },
  },
  {
    says: 'with its enrolment; only minting and erasing clear seedMintedAt and enrolledAt',
    asks: { state: 'Removed' },
    secret: enrolled,
    status: remembered,
    wants: {
      act: 'erase',
      ...removed,
      remembers: [undefined, undefined],
      changes: { 'enrolled-at': null, 'last-step': null },
    },
  },
  {
    says: 'without a Secret: one with off, erased-at and no data',
    asks: { state: 'Removed' },
    wants: { act: 'create', seed: undefined, label: 'hosted', ...removed, secretName: expect.any(String) as unknown },
    onlyChanges: { ...inStep, 'second-factor': 'off', 'erased-at': nowText },
  },
  {
    says: 'without a Secret, and a seed remembered: it is gone on request now',
    asks: { state: 'Removed' },
    status: remembered,
    wants: { act: 'create', ...removed, remembers: [undefined, undefined] },
  },
  {
    says: 'erased before the remembered seed was minted, as in a restored backup: that one is gone on request now',
    asks: { state: 'Removed' },
    secret: { ...erased, 'erased-at': '2026-10-20T00:00:00Z' },
    status: remembered,
    wants: { act: 'erase', ...removed, remembers: [undefined, undefined] },
    onlyChanges: { 'erased-at': nowText },
  },
  {
    says: 'erased-at is not before the seed that is remembered, though the clock went back',
    asks: { state: 'Removed' },
    status: { ...remembered, seedMintedAt: '2026-11-25T13:00:00.001Z' },
    wants: { act: 'create', changes: { 'erased-at': '2026-11-25T13:00:01Z' } },
  },
  { says: 'erased already: nothing', asks: { state: 'Removed' }, secret: erased, wants: { act: 'keep', ...removed } },
  {
    says: 'erased-at is not before the seed that it erases, though the clock went back',
    asks: { state: 'Removed' },
    secret: { ...enrolled, 'minted-at': '2026-11-25T13:00:00.001Z' },
    wants: { changes: { 'erased-at': '2026-11-25T13:00:01Z' } },
  },
  {
    says: 'it holds on a platform that is off too',
    asks: { state: 'Removed' },
    platform: { state: 'Disabled' },
    secret: enrolled,
    wants: { act: 'erase', ...removed },
  },
  {
    says: 'failures that do not parse are not dropped by erasing: the login is refused',
    asks: { state: 'Removed' },
    secret: { ...enrolled, failures: '{}' },
    wants: { act: 'erase', phase: 'Blocked', ready: 'False SecretInvalid', enforced: 'True SecretInvalid' },
  },
  {
    says: 'a seed that is lost is erased too',
    asks: { state: 'Removed' },
    secret: { ...inStep, 'second-factor': 'required' },
    status: remembered,
    wants: { act: 'erase', ...removed },
  },
  {
    says: 'second-factor written by hand is put right',
    asks: { state: 'Removed' },
    secret: { ...erased, 'second-factor': 'required' },
    wants: { act: 'annotate', ...removed },
    onlyChanges: { 'second-factor': 'off' },
  },
]);
