import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation, readRecord, type EnrollmentCode, type ReadRecord, type SecretRecord } from '../api/record.ts';
import { conditionOf, type Said } from './conditions.ts';
import type { AccountFacts } from './facts.ts';
import type { Findings, OffReason } from './findings.ts';
import { stallsAt, type ReadyReason } from './problems.ts';
import { enrollmentAt, rowLimit, type Verdict } from './second-factor.ts';

const sayReady = ({ problems: [problem], notes }: Findings): Said => {
  const said = problem?.message ?? 'Secret and status say what the spec asks for';
  const message = [said, ...notes.map(({ text }) => text)].join('; ');
  return { type: 'Ready', status: problem ? 'False' : 'True', reason: problem?.reason ?? 'Reconciled', message };
};

/** Why there is no second factor, in words. */
export const offMessages: Readonly<Record<OffReason, string>> = {
  Removed: 'no second factor: spec.twoFactor.state is Removed',
  PlatformDisabled: "no second factor: the platform's spec.twoFactor.state is Disabled",
  DisabledByDefault:
    "no second factor: the account says no state and the platform's spec.twoFactor.accountDefault is Disabled",
};

const isOffReason = (reason: string | undefined): reason is OffReason => reason !== undefined && reason in offMessages;

/** While the platform is unknown the last reason stands, where it still fits. */
const offReasonShown = (account: AccountFacts, { offReason, record }: Findings): OffReason => {
  const last = conditionOf(account.status, 'Enforced')?.reason;
  if (offReason) return offReason;
  if (isOffReason(last)) return last;
  return record?.annotations[annotation.erasedAt] === undefined ? 'PlatformDisabled' : 'Removed';
};

const guessing = 'somebody who knows the password may be guessing codes: change the password, then ask for';

const sayLocked = (until: Instant | undefined): string =>
  until === undefined
    ? `${rowLimit} wrong codes in a row; ${guessing} a reset`
    : `too many wrong codes, refused until ${formatSeconds(until)}; ${guessing} an unlock`;

/** What explains a refusal where there is a Secret. */
const withSecretRefused: readonly ReadyReason[] = ['SeedLost', 'SecretInvalid'];

/** And where there is none. */
const noSecretRefused: readonly ReadyReason[] = [
  'SpecInvalid',
  'AddressInUse',
  'SecretNameTaken',
  'PlatformNotFound',
  'WriteFailed',
  'SeedLost',
];

/** Behind a refusal while the deed that cures it waits. */
const reasonOfLoss: Readonly<Partial<Record<Findings['seed']['kind'], string>>> = {
  lost: 'SeedLost',
  enrollmentLost: 'SecretInvalid',
};

const refusalBehind = (verdict: Verdict & { kind: 'deny' }, { problems, record, seed }: Findings): string => {
  const explaining = record ? withSecretRefused : noSecretRefused;
  const behind = problems.find(({ reason }) => explaining.includes(reason));
  return behind?.reason ?? reasonOfLoss[seed.kind] ?? verdict.reason;
};

const refusedMessage = (reason: string): string =>
  reason === 'AddressInUse' ? 'another account of this address decides: see Ready' : 'the login is refused: see Ready';

const enrollMessages: Readonly<Record<EnrollmentCode['kind'], string>> = {
  none: 'the login shows the QR code and asks for its first code',
  issued: 'the login asks for the enrolment code, then shows the QR code and asks for its first code',
  notIssued: 'the login shows no QR code before an enrolment code is issued',
};

const sayEnforced = (account: AccountFacts, verdict: Verdict, findings: Findings): Said => {
  const required = (reason: string, message: string): Said => ({ type: 'Enforced', status: 'True', reason, message });
  switch (verdict.kind) {
    case 'none': {
      const off = verdict.reason === 'Off' ? offReasonShown(account, findings) : undefined;
      const message = off ? offMessages[off] : 'suspended: no code is asked for until status.suspendedUntil';
      return { type: 'Enforced', status: 'False', reason: off ?? 'Suspended', message };
    }
    case 'enroll':
      return required('EnrollmentRequired', enrollMessages[verdict.enrollmentCode.kind]);
    case 'code':
      return required('CodeRequired', 'the login asks for a code');
    case 'deny': {
      if (verdict.reason === 'Locked') return required('Locked', sayLocked(verdict.until));
      if (verdict.reason === 'EnrollmentExpired') {
        return required('EnrollmentExpired', 'the login is refused: the QR code was not scanned in time');
      }
      const reason = refusalBehind(verdict, findings);
      return required(reason, refusedMessage(reason));
    }
  }
};

/** The sentence that tells the owner of an earlier showing; only a readable instant is repeated. */
export const firstShown = (record: SecretRecord | undefined): string | undefined => {
  const text = record?.annotations[annotation.firstShownAt];
  return text !== undefined && parseSeconds(text) !== undefined ? `QR code first shown ${text}` : undefined;
};

/** Whether the status says so already. */
export const saysShown = (status: MailAccountStatus, shown: string): boolean =>
  conditionOf(status, 'Enrolled')?.message.startsWith(shown) === true;

const enrolled = (status: Said['status'], reason: string, message: string): Said => ({
  type: 'Enrolled',
  status,
  reason,
  message,
});

/** Of a seed whose QR nobody has scanned yet. */
const sayUnscanned = (read: ReadRecord, shown: string | undefined, now: Instant): Said => {
  const because = shown ? `${shown}, no code accepted yet` : 'no code accepted yet';
  const enrollment = enrollmentAt(read, now);
  if (enrollment.kind === 'expired') {
    const message = `${because}: the QR code is no longer shown; ask for a reset`;
    return enrolled('False', 'EnrollmentExpired', message);
  }
  return enrollment.code.kind === 'notIssued'
    ? enrolled('False', 'EnrollmentCodeRequired', `${because}: no valid enrolment code is issued`)
    : enrolled('False', 'NotEnrolled', because);
};

/** Of a record that can be trusted. */
const sayRead = (read: ReadRecord, shown: string | undefined, now: Instant): Said => {
  if (read.mintedAt === undefined && read.erased) {
    return enrolled('False', 'SeedErased', 'the seed was erased on request');
  }
  if (read.enrolledAt !== undefined) return enrolled('True', 'FirstCodeAccepted', 'a first code was accepted');
  return read.mintedAt === undefined
    ? enrolled('False', 'NotEnrolled', 'nothing was minted yet')
    : sayUnscanned(read, shown, now);
};

const sayEnrolled = ({ record, seed, problems, secretName }: Findings, now: Instant): Said => {
  const has = (reason: ReadyReason): boolean => problems.some((problem) => problem.reason === reason);
  if (secretName === undefined || (!record && has('PlatformNotFound'))) {
    return enrolled('False', 'NotEnrolled', 'the account has no Secret of its own');
  }
  if (seed.kind === 'lost') return enrolled('Unknown', 'SeedLost', 'the seed is lost, and the enrolment with it');
  const read = record && readRecord(record);
  if (seed.kind === 'enrollmentLost' || has('SecretInvalid') || (read && 'annotation' in read)) {
    return enrolled('Unknown', 'SecretInvalid', "the Secret can't be trusted to say");
  }
  return read ? sayRead(read, firstShown(record), now) : enrolled('False', 'NotEnrolled', 'nothing was minted yet');
};

/** Only there where it is so. */
const sayStalled = ({ problems }: Findings): readonly Said[] => {
  const stall = stallsAt(problems);
  return stall ? [{ type: 'Stalled', status: 'True', reason: stall.reason, message: stall.message }] : [];
};

/** What the account's conditions say: Ready, Enforced, Enrolled and, where only a change helps, Stalled. */
export const accountConditions = (
  account: AccountFacts,
  verdict: Verdict,
  findings: Findings,
  now: Instant,
): readonly Said[] => [
  sayReady(findings),
  sayEnforced(account, verdict, findings),
  sayEnrolled(findings, now),
  ...sayStalled(findings),
];
