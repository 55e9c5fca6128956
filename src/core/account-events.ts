import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import { annotation } from '../api/record.ts';
import { firstShown, saysShown } from './account-conditions.ts';
import { whyReset, whySuspended } from './asked-why.ts';
import { conditionOf } from './conditions.ts';
import type { Notice, SecretAct } from './decision.ts';
import type { Facts } from './facts.ts';
import type { Findings } from './findings.ts';
import { noteEvents } from './notes.ts';

const normal = (reason: string, note: string): Notice => ({ type: 'Normal', reason, note });
const warning = (reason: string, note: string): Notice => ({ type: 'Warning', reason, note });

const withReason = (note: string, reason: string | undefined): string =>
  reason === undefined ? note : `${note}; reason: ${reason}`;

const newSeed = (facts: Facts, before: string | undefined, minted: string | undefined): readonly Notice[] => {
  if (minted === undefined || before === undefined || before === minted) return [];
  const note = `a new seed was minted ${minted}; the next login that asks for a second factor shows a new QR code`;
  return [normal('Reset', withReason(note, whyReset(facts, before, minted)))];
};

const seedEvents = (facts: Facts, after: MailAccountStatus): readonly Notice[] => {
  const before = facts.account.status;
  const isEnrolled = after.enrolledAt !== undefined && before.enrolledAt !== after.enrolledAt;
  return [
    ...newSeed(facts, before.seedMintedAt, after.seedMintedAt),
    ...(isEnrolled ? [normal('Enrolled', `the first code was accepted ${after.enrolledAt ?? ''}`)] : []),
  ];
};

const reasonOf = (status: MailAccountStatus, type: string): string | undefined => conditionOf(status, type)?.reason;
const messageOf = (status: MailAccountStatus, type: string): string => conditionOf(status, type)?.message ?? '';

/** Why nobody is suspended any more. */
const suspensionEnded = (
  { suspendedUntil }: MailAccountStatus,
  { phase }: MailAccountStatus,
  { problems }: Findings,
  now: Instant,
): Notice => {
  const until = parseSeconds(suspendedUntil ?? '');
  const end = (how: string): Notice => normal('SuspensionEnded', `${how}; phase is ${phase ?? ''}`);
  if (until === undefined || until <= now) return end('the suspension is over');
  const early = `the suspension until ${formatSeconds(until)} has ended early`;
  const problem = problems.find(({ reason }) => reason === 'SuspensionTooLong');
  if (problem) return end(`${early}: ${problem.message}`);
  if (phase === 'Off') return end(`${early}: second factor is off`);
  return phase === 'Blocked'
    ? end(`${early}: the login is refused, see Ready`)
    : end(`${early}: it is no longer asked for, or the platform no longer allows it`);
};

const phaseEvents = (facts: Facts, after: MailAccountStatus, findings: Findings, now: Instant): readonly Notice[] => {
  const notices: Notice[] = [];
  const before = facts.account.status;
  if (before.phase === 'Suspended' && after.phase !== 'Suspended') {
    notices.push(suspensionEnded(before, after, findings, now));
  }
  if (after.phase === 'Suspended' && before.suspendedUntil !== after.suspendedUntil) {
    const note = `no code is asked for until ${after.suspendedUntil ?? ''}`;
    notices.push(normal('Suspended', withReason(note, whySuspended(facts, now))));
  }
  if (after.phase === 'Locked' && before.phase !== 'Locked') {
    notices.push(warning('Locked', messageOf(after, 'Enforced')));
  }
  if (reasonOf(after, 'Enforced') === 'Removed' && reasonOf(before, 'Enforced') !== 'Removed') {
    notices.push(normal('Removed', messageOf(after, 'Enforced')));
  }
  return notices;
};

const readyEvents = (before: MailAccountStatus, after: MailAccountStatus): readonly Notice[] => {
  const [was, is] = [conditionOf(before, 'Ready'), conditionOf(after, 'Ready')];
  if (!is || was?.reason === is.reason) return [];
  if (is.status === 'False') return [warning(is.reason, is.message)];
  return was ? [normal(is.reason, is.message)] : [];
};

/** When Enrolled's message first says so. */
const shownEvents = (before: MailAccountStatus, after: MailAccountStatus, { record }: Findings): readonly Notice[] => {
  const shown = firstShown(record);
  if (shown === undefined || !saysShown(after, shown) || saysShown(before, shown)) return [];
  return [normal('QRFirstShown', shown)];
};

/** Until now another account had the address: what this one finds in the Secret is no change. */
const isSuccessor = (before: MailAccountStatus): boolean => reasonOf(before, 'Ready') === 'AddressInUse';

const takenBackEvents = (before: MailAccountStatus, act: SecretAct): readonly Notice[] => {
  if (act.kind === 'keep' || act.kind === 'delete' || act.kind === 'create') return [];
  const { [annotation.orphanedAt]: orphanedAt, [annotation.account]: account } = act.patch.annotations;
  const isTaken = orphanedAt === null || (isSuccessor(before) && account !== undefined);
  return isTaken ? [normal('TakenBack', "the Secret of the deleted account of this address is this one's now")] : [];
};

/**
 * What is told of a change: only what the new status shows and the last did not, so that no restart tells it twice. What a
 * first status shows is no change.
 */
export const accountEvents = (
  facts: Facts,
  after: MailAccountStatus,
  findings: Findings,
  act: SecretAct,
  now: Instant,
): readonly Notice[] => {
  const before = facts.account.status;
  const isFirst = before.phase === undefined || isSuccessor(before);
  return [
    ...(isFirst ? [] : [...seedEvents(facts, after), ...shownEvents(before, after, findings)]),
    ...phaseEvents(facts, after, findings, now),
    ...readyEvents(before, after),
    ...noteEvents(messageOf(before, 'Ready'), findings.notes),
    ...takenBackEvents(before, act),
  ];
};
