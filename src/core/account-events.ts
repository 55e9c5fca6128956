import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { annotation } from '../api/record.ts';
import { firstShown } from './account-conditions.ts';
import { conditionOf } from './conditions.ts';
import type { Notice, SecretAct } from './decision.ts';
import type { Findings } from './findings.ts';
import { noteEvents } from './notes.ts';

const normal = (reason: string, note: string): Notice => ({ type: 'Normal', reason, note });
const warning = (reason: string, note: string): Notice => ({ type: 'Warning', reason, note });

const seedEvents = (before: MailAccountStatus, after: MailAccountStatus): readonly Notice[] => {
  const minted = after.seedMintedAt;
  const isNewSeed = minted !== undefined && before.seedMintedAt !== undefined && before.seedMintedAt !== minted;
  const isEnrolled = after.enrolledAt !== undefined && before.enrolledAt !== after.enrolledAt;
  return [
    ...(isNewSeed
      ? [
          normal(
            'Reset',
            `a new seed was minted ${minted}; the next login that asks for a second factor shows a new QR code`,
          ),
        ]
      : []),
    ...(isEnrolled ? [normal('Enrolled', `the first code was accepted ${after.enrolledAt ?? ''}`)] : []),
  ];
};

const reasonOf = (status: MailAccountStatus, type: string): string | undefined => conditionOf(status, type)?.reason;
const messageOf = (status: MailAccountStatus, type: string): string => conditionOf(status, type)?.message ?? '';

const phaseEvents = (before: MailAccountStatus, after: MailAccountStatus): readonly Notice[] => {
  const notices: Notice[] = [];
  if (before.phase === 'Suspended' && after.phase !== 'Suspended') {
    notices.push(normal('SuspensionEnded', `the suspension is over; phase is ${after.phase ?? ''}`));
  }
  if (after.phase === 'Suspended' && before.suspendedUntil !== after.suspendedUntil) {
    notices.push(normal('Suspended', `no code is asked for until ${after.suspendedUntil ?? ''}`));
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
  const says = (status: MailAccountStatus): boolean =>
    shown !== undefined && messageOf(status, 'Enrolled').includes(shown);
  return shown !== undefined && says(after) && !says(before) ? [normal('QRFirstShown', shown)] : [];
};

const takenBackEvents = (act: SecretAct): readonly Notice[] =>
  act.kind !== 'keep' && act.kind !== 'delete' && act.patch.annotations[annotation.orphanedAt] === null
    ? [normal('TakenBack', 'the Secret kept from the deleted account of this address is in use again')]
    : [];

/**
 * What is told of a change: only what the new status shows and the last did not, so that no restart tells it twice. What a
 * first status shows is no change.
 */
export const accountEvents = (
  before: MailAccountStatus,
  after: MailAccountStatus,
  findings: Findings,
  act: SecretAct,
): readonly Notice[] => [
  ...(before.phase === undefined ? [] : seedEvents(before, after)),
  ...(before.phase === undefined ? [] : shownEvents(before, after, findings)),
  ...phaseEvents(before, after),
  ...readyEvents(before, after),
  ...noteEvents(messageOf(before, 'Ready'), findings.notes),
  ...takenBackEvents(act),
];
