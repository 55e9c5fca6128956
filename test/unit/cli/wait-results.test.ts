import { describe, expect, test } from 'vitest';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import type { Phase } from '../../../src/api/phases.ts';
import { formatSeconds } from '../../../src/api/instants.ts';
import { codeCommand } from '../../../src/cli/act/code.ts';
import { resetCommand } from '../../../src/cli/act/reset.ts';
import { stateCommand } from '../../../src/cli/act/state.ts';
import { unlockCommand } from '../../../src/cli/act/unlock.ts';
import { resumeCommand, suspendCommand } from '../../../src/cli/act/suspend.ts';
import type { AccountCommand, PlanContext } from '../../../src/cli/act/plan.ts';
import { judge } from '../../../src/cli/act/wait.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { readPlatform, understood } from '../../../src/core/wishes.ts';
import { codeHash, hours, mintedAt, now, platform } from '../core/given.ts';

const requestedAt = now + 1000;
/** Long enough after the request was due that the operator's word is believed. */
const settled = requestedAt + 5000;
const end = now + 60_000;
const written = { metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation: 2 } };

const accountOf = (status: MailAccountStatus, uid = 'u', twoFactor?: MailAccountTwoFactor): Account => ({
  metadata: { ...written.metadata, uid },
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com', ...(twoFactor && { twoFactor }) },
  status: { observedGeneration: 2, ...status },
});

const context = (twoFactor: Parameters<typeof platform>[0] = {}): PlanContext => {
  const wishes = understood(readPlatform(platform(twoFactor).spec));
  return { now, requestedAt, platformOf: () => wishes };
};

const condition = (type: string, status: 'True' | 'False', reason: string, message = '') => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: hours(0),
});

const phase = (name: Phase, more: MailAccountStatus = {}): MailAccountStatus => ({
  phase: name,
  ...more,
});
const notReady = (reason: string): MailAccountStatus => ({
  conditions: [condition('Ready', 'False', reason, 'as it is')],
});
const enforced = (status: 'True' | 'False', reason: string): MailAccountStatus => ({
  conditions: [condition('Enforced', status, reason, 'because')],
});
const note = (text: string): MailAccountStatus => ({
  conditions: [condition('Ready', 'True', 'Reconciled', `x; ${text}`)],
});

const untilRequested = formatSeconds(requestedAt + 4 * 3_600_000);
const suspended = phase('Suspended', { suspendedUntil: untilRequested });
const off = phase('Off', enforced('False', 'PlatformDisabled'));
const unlocked = note(`unlock of ${formatSeconds(requestedAt)} is done`);
const suspend = suspendCommand({ hours: '4' }, now);
const [reset, unlock, code] = [resetCommand({}), unlockCommand({}), codeCommand({})];
const [remove, enable, resume] = [stateCommand('Removed'), stateCommand('Enabled'), resumeCommand()];
const bySuspendedPlatform = context({ suspension: { requestedAt: hours(-1), hours: 9 } });

type Row = readonly [what: string, command: AccountCommand, status: MailAccountStatus, isInForce: boolean | undefined];

describe('what became of a request', () => {
  test.each<Row>([
    ['a suspension that is in force', suspend, suspended, true],
    ['a suspension of what is off', suspend, off, false],
    ['a suspension over the maximum', suspend, phase('Enforced', notReady('SuspensionTooLong')), false],
    [
      'a suspension over the maximum while the platform suspends for less',
      suspend,
      phase('Suspended', { suspendedUntil: hours(1), ...notReady('SuspensionTooLong') }),
      false,
    ],
    ['a suspension on an unknown platform', suspend, phase('Enforced', notReady('PlatformNotFound')), false],
    ['a suspension of who is refused', suspend, phase('Blocked', enforced('True', 'SecretInvalid')), false],
    ['a suspension of who has lost the seed', suspend, { ...suspended, ...notReady('SeedLost') }, true],
    ['a suspension not yet done', suspend, phase('Enforced'), undefined],
    ['the end of a suspension', resume, phase('Enforced'), true],
    ['the end of one on an unknown platform', resume, phase('Enforced', notReady('PlatformNotFound')), true],
    ['the end of one not yet done', resume, suspended, undefined],
    ['the end of one that could not be written', resume, { ...suspended, ...notReady('WriteFailed') }, false],
    ['a reset that is done', reset, { seedMintedAt: '2026-11-25T12:00:01.000Z' }, true],
    ['a reset still to be done', reset, phase('Enforced', { seedMintedAt: mintedAt }), undefined],
    ['a reset of what is off', reset, off, false],
    ['a reset held back', reset, phase('Enforced', notReady('StorageWentBack')), false],
    ['a reset beside a suspension that is refused', reset, phase('Enforced', notReady('SuspensionTooLong')), undefined],
    ['a reset that nothing cures', reset, phase('Blocked', notReady('SecretInvalid')), false],
    ['an unlock', unlock, phase('Enforced', unlocked), true],
    ['an unlock not yet done', unlock, phase('Enforced'), undefined],
    ['an unlock on an unknown platform', unlock, phase('Enforced', notReady('PlatformNotFound')), false],
    ['an unlock of who is refused', unlock, phase('Blocked', notReady('SeedLost')), false],
    ['an unlock, and more wrong codes', unlock, phase('Locked', { lockedUntil: hours(9), ...unlocked }), false],
    ['an unlock after 100 wrong codes', unlock, phase('Locked'), false],
    ['a removal', remove, phase('Off', enforced('False', 'Removed')), true],
    [
      'a removal where an earlier one is remembered and the platform unknown',
      remove,
      {
        phase: 'Off',
        conditions: [condition('Enforced', 'False', 'Removed'), condition('Ready', 'False', 'PlatformNotFound')],
      },
      false,
    ],
    ['an enabling', enable, phase('Enrolling'), true],
    ['an enabling on a platform that is off', enable, off, false],
    ['an enabling on an unknown platform', enable, phase('Off', notReady('PlatformNotFound')), false],
    ['an enabling not yet done', enable, phase('Off', enforced('False', 'Removed')), undefined],
    ['a code', code, phase('Enrolling'), true],
    ['a code while a suspension runs that ends before it', code, suspended, true],
    ['a code for what is off', code, off, false],
    ['a code that could not be written', code, phase('Enrolling', notReady('WriteFailed')), false],
  ])('%s', (_, command, status, isInForce) => {
    const wait = { context: context(), end };
    expect(judge(command, written as Account, accountOf(status), wait, settled)?.isInForce).toBe(isInForce);
  });

  test('the end of a suspension while the platform suspends too', () => {
    const wait = { context: bySuspendedPlatform, end };
    expect(judge(resume, written as Account, accountOf(suspended), wait, settled)).toEqual({
      isInForce: false,
      says: `still suspended by its platform until ${hours(8)}`,
    });
  });
});

describe('what a login meets after a reset or a new enrolment code', () => {
  const codeUntil = (expiresAt: string): MailAccountTwoFactor => ({ enrollmentCode: { hash: codeHash, expiresAt } });
  const notEnrolled = (reason: string): MailAccountStatus => ({
    conditions: [condition('Ready', 'True', 'Reconciled'), condition('Enrolled', 'False', reason)],
  });
  const enrolling = phase('Enrolling', notEnrolled('NotEnrolled'));
  const locked = phase('Locked', { lockedUntil: hours(9) });
  const expired = phase('Blocked', notEnrolled('EnrollmentExpired'));

  test.each<
    readonly [
      what: string,
      status: MailAccountStatus,
      asks: MailAccountTwoFactor | undefined,
      isInForce: boolean,
      says: string,
    ]
  >([
    ['the QR code', enrolling, undefined, true, 'the next login shows the QR code'],
    [
      'the enrolment code first',
      enrolling,
      codeUntil(hours(1)),
      true,
      'the next login asks for the enrolment code, then shows the QR code',
    ],
    [
      'a code that nobody has',
      phase('Enrolling', notEnrolled('EnrollmentCodeRequired')),
      codeUntil(hours(-1)),
      false,
      'it asks for an enrolment code, and no valid one is issued: kubectl twofactor code anna',
    ],
    ['a lock', locked, undefined, false, `the login is locked until ${hours(9)}: kubectl twofactor unlock anna`],
    [
      'a lock that only a reset lifts',
      phase('Locked'),
      undefined,
      false,
      '100 wrong codes in a row: only kubectl twofactor reset anna lifts that; kubectl twofactor unlock anna afterwards, if it is locked still',
    ],
    [
      'a QR code that is no longer shown',
      expired,
      codeUntil(hours(1)),
      false,
      'its QR code was not scanned in time: kubectl twofactor reset anna --with-code',
    ],
    [
      'another refusal',
      phase('Blocked', enforced('True', 'Refused')),
      undefined,
      false,
      'the login is refused: Refused',
    ],
    ['no second factor', off, undefined, false, 'no QR code is shown: because'],
    ['a code of the phone', phase('Enforced'), undefined, true, 'it is enrolled: a first code was accepted since'],
    [
      'a suspension',
      suspended,
      undefined,
      true,
      `once the suspension is over (${untilRequested}), the login shows the QR code`,
    ],
    [
      'a suspension that ends before the code',
      suspended,
      codeUntil(hours(9)),
      true,
      `once the suspension is over (${untilRequested}), the login asks for the enrolment code, then shows the QR code`,
    ],
    [
      'a suspension that ends after the code',
      suspended,
      codeUntil(hours(1)),
      false,
      `until ${untilRequested} it is suspended and shows no QR code: the enrolment code expires until then`,
    ],
    [
      'a suspension, and then no code',
      { ...suspended, ...notEnrolled('EnrollmentCodeRequired') },
      undefined,
      false,
      'it asks for an enrolment code, and no valid one is issued: kubectl twofactor code anna',
    ],
  ])('%s', (_, status, asks, isInForce, says) => {
    const at = (command: AccountCommand, more: MailAccountStatus) =>
      judge(
        command,
        written as Account,
        accountOf({ ...status, ...more }, 'u', asks),
        { context: context(), end },
        settled,
      );
    expect(at(code, {})).toEqual({ isInForce, says });
    expect(at(reset, { seedMintedAt: '2026-11-25T12:00:01.000Z' })).toEqual({
      isInForce,
      says: `a new seed was minted${isInForce ? ';' : ', but'} ${says}`,
    });
  });
});

describe('nothing is said', () => {
  const at = (command: AccountCommand, status: MailAccountStatus, instant: number, until = end) =>
    judge(command, written as Account, accountOf(status), { context: context(), end: until }, instant);

  test('before the operator has seen the request', () => {
    expect(at(suspend, { ...suspended, observedGeneration: 1 }, settled)).toBeUndefined();
  });

  test('before the request is due', () => {
    expect(at(unlock, phase('Enforced', unlocked), now)).toBeUndefined();
    expect(at(unlock, phase('Enforced', unlocked), requestedAt)?.isInForce).toBe(true);
  });

  test('against it before the operator has had a moment', () => {
    expect(at(reset, phase('Blocked', notReady('SeedLost')), requestedAt)).toBeUndefined();
    expect(at(reset, phase('Blocked', notReady('SeedLost')), settled)?.isInForce).toBe(false);
  });

  test('more than that it is taken up, where it is due after the waiting', () => {
    const says = 'taken up; it takes effect 2026-11-25T12:00:01Z';
    expect(at(reset, phase('Enforced'), now, now)).toEqual({ isInForce: true, says });
    expect(at(reset, phase('Enforced', notReady('PlatformNotFound')), now, now)?.isInForce).toBe(false);
  });
});

test('an account made anew meanwhile is another', () => {
  const anew = accountOf(suspended, 'another');
  expect(judge(suspend, written as Account, anew, { context: context(), end }, settled)).toEqual({
    isInForce: false,
    says: 'it was deleted and made anew meanwhile',
  });
});
