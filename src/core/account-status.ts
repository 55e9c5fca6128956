import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation, readRecord, type Annotations, type SecretRecord } from '../api/record.ts';
import { conditionOf, conditionsNow, type Said } from './conditions.ts';
import type { AccountFacts } from './facts.ts';
import type { Note } from './notes.ts';
import { stallsAt, type Problem } from './problems.ts';
import { secondFactor, type Verdict } from './second-factor.ts';
import type { SeedState } from './seed.ts';

/** Why no second factor is asked for where the record says `off`. */
export type OffReason = 'Removed' | 'PlatformDisabled' | 'DisabledByDefault';

/** What the status is made from, beside the account itself. */
export interface Findings {
  /** What a login will read once the act is done; undefined: nothing, or nothing that is this account's. */
  readonly record: SecretRecord | undefined;
  /** The same for the seed. */
  readonly seed: SeedState;
  /** In order: Ready names the first. */
  readonly problems: readonly Problem[];
  readonly notes: readonly Note[];
  /** Undefined while the platform is unknown: then the last reason stands. */
  readonly offReason: OffReason | undefined;
  /** Of the account's Secret; undefined where it holds none: it is another's, or the address has none. */
  readonly secretName: string | undefined;
}

type Phase = NonNullable<MailAccountStatus['phase']>;

const phaseOf = (verdict: Verdict): Phase => {
  switch (verdict.kind) {
    case 'none':
      return verdict.reason;
    case 'enroll':
      return 'Enrolling';
    case 'code':
      return 'Enforced';
    case 'deny':
      return verdict.reason === 'Locked' ? 'Locked' : 'Blocked';
  }
};

const sayReady = ({ problems: [problem], notes }: Findings): Said => {
  const said = problem?.message ?? 'Secret and status say what the spec asks for';
  const message = [said, ...notes.map(({ text }) => text)].join('; ');
  return { type: 'Ready', status: problem ? 'False' : 'True', reason: problem?.reason ?? 'Reconciled', message };
};

const offMessages: Readonly<Record<OffReason, string>> = {
  Removed: 'no second factor: spec.twoFactor.state is Removed',
  PlatformDisabled: "no second factor: the platform's spec.twoFactor.state is Disabled",
  DisabledByDefault:
    "no second factor: the account says no state and the platform's spec.twoFactor.accountDefault is Disabled",
};

const isOffReason = (reason: string | undefined): reason is OffReason => reason !== undefined && reason in offMessages;

/** While the platform is unknown the last reason stands, where it still fits. */
const offReasonOf = (account: AccountFacts, { offReason, record }: Findings): OffReason => {
  const last = conditionOf(account.status, 'Enforced')?.reason;
  if (offReason) return offReason;
  if (isOffReason(last)) return last;
  return record?.annotations[annotation.erasedAt] === undefined ? 'PlatformDisabled' : 'Removed';
};

const guessing = 'somebody who knows the password may be guessing codes: change the password, then ask for';

const sayLocked = (until: Instant | undefined): string =>
  until === undefined
    ? `100 wrong codes in a row; ${guessing} a reset`
    : `too many wrong codes, refused until ${formatSeconds(until)}; ${guessing} an unlock`;

/** What explains a refusal where there is a Secret. */
const withSecretRefused: readonly Problem['reason'][] = ['SeedLost', 'SecretInvalid'];

/** And where there is none. */
const noSecretRefused: readonly Problem['reason'][] = [
  'SpecInvalid',
  'AddressInUse',
  'SecretNameTaken',
  'PlatformNotFound',
  'WriteFailed',
  'SeedLost',
];

/** Behind a refusal while the deed that cures it waits. */
const reasonOfLoss: Readonly<Partial<Record<SeedState['kind'], string>>> = {
  lost: 'SeedLost',
  enrollmentLost: 'SecretInvalid',
};

const refusalBehind = (verdict: Verdict & { kind: 'deny' }, { problems, record, seed }: Findings): string => {
  const explaining = record ? withSecretRefused : noSecretRefused;
  const behind = problems.find(({ reason }) => explaining.includes(reason));
  return behind?.reason ?? reasonOfLoss[seed.kind] ?? verdict.reason;
};

const sayEnforced = (account: AccountFacts, verdict: Verdict, findings: Findings): Said => {
  const required = (reason: string, message: string): Said => ({ type: 'Enforced', status: 'True', reason, message });
  switch (verdict.kind) {
    case 'none': {
      const off = verdict.reason === 'Off' ? offReasonOf(account, findings) : undefined;
      const message = off ? offMessages[off] : 'suspended: no code is asked for until status.suspendedUntil';
      return { type: 'Enforced', status: 'False', reason: off ?? 'Suspended', message };
    }
    case 'enroll':
      return required('EnrollmentRequired', 'the login shows the QR code and asks for its first code');
    case 'code':
      return required('CodeRequired', 'the login asks for a code');
    case 'deny':
      if (verdict.reason === 'Locked') return required('Locked', sayLocked(verdict.until));
      if (verdict.reason === 'EnrollmentExpired') {
        return required('EnrollmentExpired', 'the login is refused: the QR code was not scanned in time');
      }
      return required(refusalBehind(verdict, findings), 'the login is refused: see Ready');
  }
};

/** The sentence that tells the owner of an earlier showing; only a readable instant is repeated. */
export const firstShown = (record: SecretRecord | undefined): string | undefined => {
  const text = record?.annotations[annotation.firstShownAt];
  return text !== undefined && parseSeconds(text) !== undefined ? `QR code first shown ${text}` : undefined;
};

const sayEnrolled = (findings: Findings, now: Instant): Said => {
  const say = (status: Said['status'], reason: string, message: string): Said => ({
    type: 'Enrolled',
    status,
    reason,
    message,
  });
  const { record, seed, problems, secretName } = findings;
  const isUnknownPlatform = problems.some(({ reason }) => reason === 'PlatformNotFound');
  if (secretName === undefined || (!record && isUnknownPlatform)) {
    return say('False', 'NotEnrolled', 'the account has no Secret of its own');
  }
  if (seed.kind === 'lost') return say('Unknown', 'SeedLost', 'the seed is lost, and the enrolment with it');
  const read = record && readRecord(record);
  const invalid = problems.some(({ reason }) => reason === 'SecretInvalid');
  if (seed.kind === 'enrollmentLost' || invalid || (read && 'annotation' in read)) {
    return say('Unknown', 'SecretInvalid', "the Secret can't be trusted to say");
  }
  if (!read) return say('False', 'NotEnrolled', 'nothing was minted yet');
  if (read.mintedAt === undefined && read.erased) return say('False', 'SeedErased', 'the seed was erased on request');
  if (read.enrolledAt !== undefined) return say('True', 'FirstCodeAccepted', 'a first code was accepted');
  const shown = firstShown(record);
  const because = shown ? `${shown}, no code accepted yet` : 'no code accepted yet';
  if (read.mintedAt === undefined) return say('False', 'NotEnrolled', 'nothing was minted yet');
  if (read.enrollUntil !== undefined && now >= read.enrollUntil) {
    return say('False', 'EnrollmentExpired', `${because}: the QR code is no longer shown; ask for a reset`);
  }
  const { enrollmentCode: code } = read;
  if (code.kind === 'notIssued' || (code.kind === 'issued' && now >= code.expiresAt)) {
    return say('False', 'EnrollmentCodeRequired', `${because}: no valid enrolment code is issued`);
  }
  return say('False', 'NotEnrolled', because);
};

/** What is remembered of the seed's enrolment: one that can't be read is not gone. */
const rememberEnrolled = (annotations: Annotations, before: MailAccountStatus): string | undefined => {
  const found = annotations[annotation.enrolledAt];
  if (found === undefined || parseSeconds(found) !== undefined) return found;
  return annotations[annotation.mintedAt] === before.seedMintedAt ? before.enrolledAt : undefined;
};

/** `seedMintedAt` and `enrolledAt` follow the Secret; only minting and erasing clear them. */
const rememberSeed = ({ record, seed }: Findings, before: MailAccountStatus) => {
  if (seed.kind === 'none') return {};
  const isFollowed = seed.kind === 'present' && record !== undefined;
  const seedMintedAt = isFollowed ? record.annotations[annotation.mintedAt] : before.seedMintedAt;
  const enrolledAt = isFollowed ? rememberEnrolled(record.annotations, before) : before.enrolledAt;
  return { ...(seedMintedAt !== undefined && { seedMintedAt }), ...(enrolledAt !== undefined && { enrolledAt }) };
};

/** The whole status: what is, and what a login meets. */
export const accountStatus = (account: AccountFacts, findings: Findings, now: Instant): MailAccountStatus => {
  const { record, secretName, problems } = findings;
  const verdict = secondFactor(record, now);
  const phase = phaseOf(verdict);
  const stall = stallsAt(problems);
  const said = [sayReady(findings), sayEnforced(account, verdict, findings), sayEnrolled(findings, now)];
  if (stall) said.push({ type: 'Stalled', status: 'True', reason: stall.reason, message: stall.message });
  return {
    observedGeneration: account.generation,
    phase,
    ...(record && secretName !== undefined && { secretName }),
    ...rememberSeed(findings, account.status),
    ...(verdict.kind === 'none' && verdict.reason === 'Suspended' && { suspendedUntil: formatSeconds(verdict.until) }),
    ...(phase === 'Locked' && 'until' in verdict && { lockedUntil: formatSeconds(verdict.until) }),
    conditions: conditionsNow(said, account.status, account.generation, now),
  };
};
