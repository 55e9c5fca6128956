import { expect } from 'vitest';
import { enrolled, enrolledAt, erased, hours, mintedAt, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const secretInvalid = {
  phase: 'Blocked',
  ready: 'False SecretInvalid',
  enforced: 'True SecretInvalid',
  enrolled: 'Unknown SecretInvalid',
  stalled: 'True SecretInvalid',
};
const help = 'Mend or restore the Secret, or ask for a reset (spec.twoFactor.reset)';
const resetNow = { reset: { requestedAt: hours(-1) } };
const unreadable = (key: string, value: string) => ({ ...enrolled, [key]: value });

const telling = (what: RegExp): unknown => expect.stringMatching(what);

sentences('Ready names what cures a Secret that can not be trusted', [
  {
    says: 'Removed: Enabled, as no reset has an effect',
    asks: { state: 'Removed' },
    secret: { ...erased, failures: '?' },
    wants: { readyMessage: telling(/Secret, or set spec\.twoFactor\.state to Enabled, which mints a new seed$/) },
  },
  {
    says: 'which cures it',
    asks: { state: 'Enabled' },
    secret: { ...erased, failures: '?' },
    wants: { act: 'replace', phase: 'Enrolling', changes: { failures: null } },
  },
  {
    says: 'off by the platform: a reset once it is on',
    platform: { state: 'Disabled' },
    secret: unreadable('failures', '?'),
    wants: { readyMessage: telling(/Secret; once the second factor is on, a reset .* helps too$/) },
  },
  {
    says: 'a seed of which nothing says when it was minted: Removed, then Enabled, as no reset may act',
    secret: unreadable('minted-at', '?'),
    wants: { readyMessage: telling(/ to Removed and then to Enabled, which mints a new seed$/) },
  },
  {
    says: 'the same while it is off by the platform',
    platform: { state: 'Disabled' },
    secret: unreadable('minted-at', '?'),
    wants: { readyMessage: telling(/ to Removed and then to Enabled, which mints a new seed$/) },
  },
  {
    says: 'Removed cures that',
    asks: { state: 'Removed' },
    secret: unreadable('minted-at', '?'),
    wants: { act: 'erase', phase: 'Off', ready: 'True Reconciled' },
  },
]);

sentences('what does not parse refuses itself', [
  ...['enrolled-at', 'last-step', 'failures'].map((key) => ({
    says: `${key}: SecretInvalid, named, and nothing is written`,
    secret: unreadable(key, '?'),
    status: remembered,
    wants: {
      act: 'keep',
      ...secretInvalid,
      readyMessage: `the Secret's annotation exchange2fa.io/${key} can't be trusted: it does not parse. ${help}`,
      remembers: [mintedAt, enrolledAt],
    },
  })),
  {
    says: 'minted-at: never replaced because it could not be read',
    secret: unreadable('minted-at', '?'),
    status: remembered,
    wants: { act: 'keep', ...secretInvalid, remembers: [mintedAt, enrolledAt] },
  },
  {
    says: 'minted-at, nothing remembered: still a seed',
    secret: unreadable('minted-at', '?'),
    wants: { act: 'keep', ...secretInvalid },
  },
  {
    says: 'minted-at: a reset after the remembered seed cures',
    asks: resetNow,
    secret: unreadable('minted-at', '?'),
    status: remembered,
    wants: { act: 'replace', over: true, phase: 'Enrolling' },
  },
  {
    says: 'minted-at, nothing remembered: no reset may act, for it may be done; its note says so',
    asks: resetNow,
    secret: unreadable('minted-at', '?'),
    wants: { act: 'keep', ...secretInvalid, events: ['SecretInvalid', 'RequestHasNoEffect'] },
  },
  {
    says: 'data-invalid equals minted-at: the operator reports SecretInvalid',
    secret: unreadable('data-invalid', mintedAt),
    status: remembered,
    wants: {
      act: 'keep',
      ...secretInvalid,
      readyMessage:
        "the Secret's data can't be trusted: a login service could not read it (exchange2fa.io/data-invalid). " + help,
    },
  },
  {
    says: 'half an enrolment: what is missing is named',
    secret: { ...unscanned, 'last-step': '59000000' },
    wants: {
      act: 'keep',
      ...secretInvalid,
      readyMessage:
        "the Secret's annotation exchange2fa.io/enrolled-at can't be trusted: it is half of an enrolment, and missing. " +
        help,
    },
  },
  {
    says: 'a due reset cures data-invalid',
    asks: resetNow,
    secret: unreadable('data-invalid', mintedAt),
    status: remembered,
    wants: { act: 'replace', phase: 'Enrolling', changes: { 'data-invalid': null } },
  },
  ...['suspended', 'enroll-until', 'enrollment-code', 'unlocked-at'].map((key) => ({
    says: `the operator writes ${key} anew, so it heals`,
    secret: unreadable(key, '?'),
    status: remembered,
    wants: { act: 'annotate', phase: 'Enforced', ready: 'True Reconciled' },
    onlyChanges: { [key]: null },
  })),
  ...['none', 'Required', ''].map((value) => ({
    says: `second-factor ${JSON.stringify(value)} is written anew`,
    secret: unreadable('second-factor', value),
    status: remembered,
    wants: { act: 'annotate', phase: 'Enforced' },
    onlyChanges: { 'second-factor': 'required' },
  })),
  {
    says: 'an unlocked-at that heals takes the unlock that is asked for',
    asks: { unlock: { requestedAt: hours(-1) } },
    secret: unreadable('unlocked-at', '?'),
    status: remembered,
    wants: {},
    onlyChanges: { 'unlocked-at': hours(-1) },
  },
]);
