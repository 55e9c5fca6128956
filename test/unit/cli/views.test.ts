import { describe, expect, test } from 'vitest';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import { isBehind, type Account } from '../../../src/cli/cluster/objects.ts';
import { meetsNow } from '../../../src/cli/cluster/meets.ts';
import { reportOf } from '../../../src/cli/view/report.ts';
import { codeHash, enrolledAt, hours, now } from '../core/given.ts';

const accountOf = (status: MailAccountStatus, twoFactor: MailAccountTwoFactor = {}, generation = 2): Account => ({
  metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com', twoFactor },
  status: { observedGeneration: 2, ...status },
});

const suspended: MailAccountStatus = {
  phase: 'Suspended',
  suspendedUntil: hours(2),
  conditions: [{ type: 'Enforced', status: 'False', reason: 'Suspended', message: '', lastTransitionTime: hours(-1) }],
};
const ticket = { suspension: { requestedAt: hours(-1), hours: 3, reason: 'ticket' } };
const over = { suspension: { requestedAt: hours(-5), hours: 3, reason: 'an old ticket' } };
const locked: MailAccountStatus = { phase: 'Locked', lockedUntil: hours(2), enrolledAt };

test.each([
  ['of this spec', { observedGeneration: 2 }, false],
  ['of the one before', { observedGeneration: 1 }, true],
  ['the one that every account is created with', { observedGeneration: -1 }, true],
  ['none', undefined, true],
])('the status is behind, or is not: %s', (_, status, behind) => {
  const { metadata, spec } = accountOf({});
  const account: Account = { metadata, spec, ...(status && { status }) };
  expect(isBehind(account)).toBe(behind);
  expect(isBehind(account, { ...metadata, generation: 1 })).toBe(behind && status?.observedGeneration !== 1);
});

const enrolling = (reason: string): MailAccountStatus => ({
  phase: 'Enrolling',
  conditions: [
    { type: 'Enrolled', status: 'False', reason, message: 'as Enrolled says', lastTransitionTime: hours(-1) },
  ],
});

describe('what a login meets, and the report about it', () => {
  test.each<readonly [what: string, account: Account, meets: object, report: Readonly<Record<string, string | null>>]>([
    [
      'a suspension of its own',
      accountOf(suspended, ticket),
      { login: 'no code', why: 'suspended: ticket' },
      { demanded: 'suspended', suspendedUntil: hours(2), suspendedWhy: 'ticket', problem: null },
    ],
    [
      'one of the platform, its own being over',
      accountOf(suspended, over),
      { login: 'no code', why: "the platform's suspension" },
      { suspendedWhy: "the platform's suspension" },
    ],
    [
      'one whose request was changed since, of which nothing is known yet',
      accountOf(suspended, ticket, 3),
      { login: 'no code', why: 'suspended; a change is not yet taken up' },
      { suspendedWhy: 'a change is not yet taken up', problem: 'a change is not yet taken up' },
    ],
    [
      'one that has ended, though the status does not say so yet',
      accountOf({ ...suspended, suspendedUntil: hours(-1), enrolledAt }, over),
      { login: 'code', why: 'the suspension is over' },
      { demanded: 'yes', suspendedUntil: null, suspendedWhy: null },
    ],
    ['a lock', accountOf(locked), { login: 'refused', until: hours(2) }, { lockedUntil: hours(2) }],
    [
      'a lock that has ended, though the status does not say so yet',
      accountOf({ ...locked, lockedUntil: hours(-1) }),
      { login: 'code', why: 'the lock is over' },
      { lockedUntil: null },
    ],
    [
      'an enrolment code',
      accountOf(enrolling('NotEnrolled'), { enrollmentCode: { hash: codeHash, expiresAt: hours(2) } }),
      {
        login: 'QR code',
        enrollmentCode: 'issued',
        why: `as Enrolled says; the QR code is shown after password and enrolment code, which is valid until ${hours(2)}`,
      },
      {},
    ],
    [
      'an enrolment code that has expired, though the status does not say so yet',
      accountOf(enrolling('NotEnrolled'), { enrollmentCode: { hash: codeHash, expiresAt: hours(-1) } }),
      { enrollmentCode: 'notIssued', why: expect.stringContaining('; nobody can enrol until a new') as unknown },
      {},
    ],
    [
      'an enrolment code that the platform demands',
      accountOf(enrolling('EnrollmentCodeRequired')),
      { enrollmentCode: 'notIssued', why: expect.stringContaining('(kubectl twofactor code anna)') as unknown },
      {},
    ],
    [
      'an enrolment code that is just being issued',
      accountOf(enrolling('EnrollmentCodeRequired'), { enrollmentCode: { hash: codeHash, expiresAt: hours(2) } }, 3),
      { enrollmentCode: 'issued' },
      {},
    ],
    [
      'the address of another account',
      accountOf({
        phase: 'Blocked',
        conditions: [
          {
            type: 'Ready',
            status: 'False',
            reason: 'AddressInUse',
            message: "it is ben's",
            lastTransitionTime: hours(0),
          },
          { type: 'Enforced', status: 'True', reason: 'AddressInUse', message: '', lastTransitionTime: hours(0) },
        ],
      }),
      { login: 'another account', why: "AddressInUse: it is ben's" },
      { demanded: 'yes', problem: 'AddressInUse' },
    ],
    ['no enrolment code', accountOf(enrolling('NotEnrolled')), { login: 'QR code', why: 'as Enrolled says' }, {}],
  ])('%s', (_, account, meets, report) => {
    expect(meetsNow(account, now)).toMatchObject(meets);
    expect(reportOf({ account, now })).toMatchObject(report);
  });
});
