import { describe, expect, test } from 'vitest';
import { holderOf } from '../../../src/core/holder.ts';
import { account, enrolled, enrolledAt, inStep, mintedAt, remembered } from './given.ts';
import { sentences } from './rows.ts';

const bert = (createdAt: string, more = {}) =>
  account(undefined, { name: 'bert', uid: 'uid-of-bert', createdAt, ...more });
const older = bert('2026-10-01T00:00:00Z');
const younger = bert('2026-11-20T00:00:00Z');
const asOld = (name: string) => account(undefined, { name, uid: `uid-of-${name}` });

const inUse = {
  act: 'keep',
  phase: 'Blocked',
  ready: 'False AddressInUse',
  enforced: 'True AddressInUse',
  enrolled: 'False NotEnrolled',
  stalled: undefined,
};

sentences('whose Secret', [
  {
    says: 'a living account of this address named in `account` keeps it, whatever its age',
    secret: enrolled,
    status: remembered,
    rivals: [older],
    wants: { act: 'keep', phase: 'Enforced', ready: 'True Reconciled' },
  },
  {
    says: 'so the oldest, where another is named: AddressInUse, Blocked, Enforced True, Enrolled False',
    secret: { ...enrolled, account: 'bert' },
    rivals: [younger],
    wants: {
      ...inUse,
      readyMessage:
        'spec.address anna@example.com belongs to MailAccount bert, and one address is one account. ' +
        'Delete this account, or bert: then this one takes the Secret, with seed and enrolment',
    },
  },
  {
    says: 'otherwise the oldest account of the address takes it, with seed and enrolment',
    secret: { ...enrolled, account: 'deleted' },
    rivals: [younger],
    wants: {
      act: 'annotate',
      phase: 'Enforced',
      enrolled: 'True FirstCodeAccepted',
      remembers: [mintedAt, enrolledAt],
    },
    onlyChanges: { account: 'anna' },
  },
  {
    says: 'others never write it',
    secret: { ...enrolled, account: 'deleted' },
    rivals: [older],
    wants: inUse,
  },
  { says: 'nor make one', rivals: [older], wants: inUse },
  {
    says: 'nor erase it, though they are Removed',
    asks: { state: 'Removed' },
    secret: enrolled,
    account: { name: 'carl' },
    rivals: [account()],
    wants: inUse,
  },
  { says: 'as old: the smaller name', rivals: [asOld('bert')], wants: { act: 'create' } },
  { says: 'as old, a greater name', rivals: [asOld('adam')], wants: inUse },
  {
    says: 'the status of one that lost the address keeps what it remembers',
    secret: { ...enrolled, account: 'bert' },
    status: remembered,
    rivals: [younger],
    wants: { ...inUse, remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'applied again before that: taken back, with seed and enrolment',
    secret: { ...enrolled, 'orphaned-at': '2026-11-24T00:00:00Z', 'erase-after': '2026-12-24T00:00:00Z' },
    wants: {
      act: 'annotate',
      phase: 'Enforced',
      events: ['TakenBack'],
      remembers: [mintedAt, enrolledAt],
    },
    onlyChanges: { 'orphaned-at': null, 'erase-after': null },
  },
  {
    says: 'taken back by an account of another name, though its time is over',
    secret: {
      ...enrolled,
      account: 'deleted',
      'orphaned-at': '2026-10-01T00:00:00Z',
      'erase-after': '2026-11-01T00:00:00Z',
    },
    wants: { act: 'annotate', phase: 'Enforced' },
    onlyChanges: { account: 'anna', 'orphaned-at': null, 'erase-after': null },
  },
  {
    says: 'taken back and Removed: it is erased at once',
    asks: { state: 'Removed' },
    secret: { ...enrolled, 'orphaned-at': '2026-11-24T00:00:00Z' },
    wants: { act: 'erase', changes: { 'orphaned-at': null, 'minted-at': null } },
  },
  {
    says: 'another type under the name: SecretNameTaken, untouched, looked at again every minute',
    secret: 'foreign',
    wants: {
      act: 'keep',
      phase: 'Blocked',
      ready: 'False SecretNameTaken',
      enforced: 'True SecretNameTaken',
      enrolled: 'False NotEnrolled',
      stalled: 'True SecretNameTaken',
      requeueAt: '2026-11-25T12:01:00Z',
    },
  },
  {
    says: 'another type: of two accounts the oldest says so, the other that the address is in use',
    secret: 'foreign',
    rivals: [older],
    wants: inUse,
  },
  {
    says: 'another type, though Removed: Blocked, for the login does not find ours',
    asks: { state: 'Removed' },
    secret: 'foreign',
    wants: { act: 'keep', phase: 'Blocked', ready: 'False SecretNameTaken' },
  },
  {
    says: 'another type: what the status remembers stays',
    secret: 'foreign',
    status: remembered,
    wants: { remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'a Secret that names nobody is taken',
    secret: { 'second-factor': 'refused' },
    wants: { act: 'replace', changes: { account: 'anna' } },
  },
  {
    says: 'the address is put back too',
    secret: { ...enrolled, address: 'x' },
    status: remembered,
    wants: {},
    onlyChanges: { address: inStep.address! },
  },
]);

describe('holderOf', () => {
  test('nobody of nobody', () => {
    expect(holderOf('anna', [])).toBeUndefined();
  });
  test('the named one, in any order', () => {
    expect(holderOf('anna', [older, account()])?.name).toBe('anna');
    expect(holderOf('anna', [account(), older])?.name).toBe('anna');
  });
  test('a name that no living account has counts for nothing', () => {
    expect(holderOf('deleted', [younger, account(), older])?.name).toBe('bert');
  });
});
