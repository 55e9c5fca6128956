import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import type { Instant } from '../api/instants.ts';
import { annotation, type Annotations } from '../api/record.ts';
import type { OffReason } from './account-status.ts';
import { isIrreversible, type SecretAct, type SeedParameters } from './decision.ts';
import type { Facts, SecretFacts } from './facts.ts';
import { lostWhileOff, notesOn, type Aftermath, type Note } from './notes.ts';
import { seedLost, storageWentBack, suspensionTooLong, type Problem } from './problems.ts';
import {
  annotationsAfter,
  deedInStep,
  erasing,
  minting,
  patchTo,
  type InStepWith,
  type Wanted,
} from './secret-plan.ts';
import { nextErasedAt, nextMintedAt, resetDue, seedState, type SeedState } from './seed.ts';
import { isTooLong, type AccountWishes, type PlatformWishes, type Suspension } from './wishes.ts';

/** What is to be done, and why not all of it can be. */
export interface Plan {
  readonly act: SecretAct;
  readonly problems: readonly Problem[];
  /** What becomes of the requests. */
  readonly notes: (after: Aftermath) => readonly Note[];
  /** Why the second factor is off; undefined where it is on, where the platform is unknown, and while an erasure waits. */
  readonly offReason?: OffReason;
  /** Instants at which the answer may change, beside those in the Secret. */
  readonly instants: readonly (Instant | undefined)[];
}

/** An account on its platform, the Secret its own: where every request is understood and can be followed. */
export interface Case {
  readonly secret: SecretFacts | undefined;
  readonly present: Annotations;
  readonly account: AccountWishes;
  readonly platform: PlatformWishes;
  readonly platformName: string;
  readonly status: MailAccountStatus;
  readonly seed: SeedState;
  readonly nextMintedAt: Instant;
  readonly nextErasedAt: Instant;
  readonly inStepWith: InStepWith;
  readonly holdUntil: Instant | undefined;
  readonly now: Instant;
}

export const caseOf = (
  { account: { name, status }, holdUntil }: Facts,
  secret: SecretFacts | undefined,
  account: AccountWishes,
  platform: PlatformWishes,
  now: Instant,
): Case => {
  const present = secret?.annotations ?? {};
  const granted = (suspension: Suspension | undefined): suspension is Suspension =>
    suspension !== undefined && now < suspension.until && !isTooLong(suspension, platform.maxSuspensionHours, now);
  const windows = [account.suspension, platform.suspension].filter(granted);
  return {
    secret,
    present,
    account,
    platform,
    platformName: account.platformName,
    status,
    seed: seedState(present, status),
    nextMintedAt: nextMintedAt(present, status, now),
    nextErasedAt: nextErasedAt(present, status, now),
    inStepWith: { name, account, platform, windows },
    holdUntil,
    now,
  };
};

/** A deed with all that follows from the specs, or nothing where that is so already. */
const act = (subject: Case, deed: Wanted, done: (patch: NonNullable<ReturnType<typeof patchTo>>) => SecretAct) => {
  const { secret, present, inStepWith, platformName, now } = subject;
  const patch = patchTo(secret, deedInStep(present, deed, inStepWith, now), platformName);
  return patch ? done(patch) : ({ kind: 'keep' } as const);
};

/** Says what the login is to do, without a deed. */
const annotate = (subject: Case, deed: Wanted): SecretAct =>
  act(subject, deed, (patch) => ({ kind: subject.secret ? 'annotate' : 'create', patch }));

const mint = (subject: Case): SecretAct => {
  const seed: SeedParameters = { ...subject.platform.totp, address: subject.account.address };
  const over = subject.seed.kind !== 'none';
  return act(subject, minting(subject.present, subject.nextMintedAt), (patch) =>
    subject.secret ? { kind: 'replace', patch, seed, over } : { kind: 'create', patch, seed, over },
  );
};

const offReasonOf = ({ account, platform }: Case): OffReason | undefined => {
  if (account.state === 'Removed') return 'Removed';
  if (platform.state === 'Disabled') return 'PlatformDisabled';
  return (account.state ?? platform.accountDefault) === 'Disabled' ? 'DisabledByDefault' : undefined;
};

/** `state: Removed`: the seed goes, and the Secret says that it went on request. */
const whenRemoved = (subject: Case): SecretAct => {
  const { secret, present } = subject;
  const erased = erasing(present, subject.nextErasedAt);
  if (!secret) return annotate(subject, erased);
  const isErased = present[annotation.erasedAt] !== undefined && present[annotation.mintedAt] === undefined;
  if (isErased) return annotate(subject, { [annotation.secondFactor]: 'off' });
  return act(subject, erased, (patch) => ({ kind: 'erase', patch }));
};

/**
 * On, with the seed that there is, or none: an older seed and one that lost its enrolment are refused, though the Secret
 * reads well. One without a seed refuses itself, and so does what does not parse.
 */
const asItStands = (subject: Case): SecretAct => {
  const { seed, secret, present } = subject;
  if (!secret) return { kind: 'keep' };
  const isOlder = seed.kind === 'lost' && present[annotation.mintedAt] !== undefined;
  const isRefused = isOlder || seed.kind === 'enrollmentLost';
  return annotate(subject, { [annotation.secondFactor]: isRefused ? 'refused' : 'required' });
};

/** On: there is a seed, and a code is asked for. */
const whenOn = (subject: Case): SecretAct => {
  const { seed, account, platform, now } = subject;
  const isDue = seed.kind === 'none' || resetDue(seed, [account.resetAt, platform.resetAt], now);
  return isDue ? mint(subject) : asItStands(subject);
};

/** What can't be undone waits while storage may be telling an old story; what can be undone does not. */
const unlessHeld = (subject: Case, wanted: SecretAct): { act: SecretAct; held?: Problem } => {
  const { holdUntil, now } = subject;
  if (holdUntil === undefined || now >= holdUntil || !isIrreversible(wanted)) return { act: wanted };
  if (wanted.kind === 'erase') {
    return { act: annotate(subject, {}), held: storageWentBack('erasing the seed', holdUntil) };
  }
  return { act: asItStands(subject), held: storageWentBack('replacing the seed', holdUntil) };
};

const problemsOf = (
  { account, platform, secret, now }: Case,
  seedAfter: SeedState,
  isOn: boolean,
): readonly Problem[] => [
  ...(isOn && seedAfter.kind === 'lost' ? [seedLost(seedAfter, secret)] : []),
  ...(account.suspension && isTooLong(account.suspension, platform.maxSuspensionHours, now)
    ? [suspensionTooLong(account.suspension, platform.maxSuspensionHours)]
    : []),
];

const instantsOf = ({ account, platform }: Case): Plan['instants'] => [
  account.suspension?.from,
  account.suspension?.until,
  platform.suspension?.from,
  platform.suspension?.until,
  account.resetAt,
  platform.resetAt,
  account.unlockAt,
];

/** A suspension that is refused neither waits nor lacks effect: the problem says all. */
const notesFor = ({ account, platform, now }: Case, after: Aftermath): readonly Note[] => {
  const isRefused = isTooLong(account.suspension, platform.maxSuspensionHours, now);
  const heard = isRefused ? { ...account, suspension: undefined } : account;
  return [...notesOn(heard, after, now), ...lostWhileOff(after)];
};

const wantedAct = (subject: Case, offReason: OffReason | undefined): SecretAct => {
  if (offReason === undefined) return whenOn(subject);
  return offReason === 'Removed' ? whenRemoved(subject) : annotate(subject, { [annotation.secondFactor]: 'off' });
};

/** What to do for an account on its platform. */
export const decideCase = (subject: Case): Plan => {
  const asked = offReasonOf(subject);
  const { act: deed, held } = unlessHeld(subject, wantedAct(subject, asked));
  const offReason = held ? undefined : asked;
  const seedAfter = seedState(annotationsAfter(subject.secret, deed) ?? {}, subject.status);
  return {
    act: deed,
    problems: [...(held ? [held] : []), ...problemsOf(subject, seedAfter, offReason === undefined)],
    notes: (after) => notesFor(subject, after),
    ...(offReason && { offReason }),
    instants: [...instantsOf(subject), ...(held ? [subject.holdUntil] : [])],
  };
};
