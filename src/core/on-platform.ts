import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import type { Instant } from '../api/instants.ts';
import { annotation, type Annotations } from '../api/record.ts';
import { isIrreversible, type MetadataPatch, type SecretAct, type SeedParameters } from './decision.ts';
import type { Facts, SecretFacts } from './facts.ts';
import type { OffReason } from './findings.ts';
import type { Plan } from './plan.ts';
import { storageWentBack, suspensionTooLong, type Problem } from './problems.ts';
import { deedInStep, erasing, minting, patchTo, type Declared, type Wanted } from './secret-plan.ts';
import { nextErasedAt, nextMintedAt, resetDue, seedState, type SeedState } from './seed.ts';
import { isGranted, isTooLong, type AccountWishes, type PlatformWishes, type Suspension } from './wishes.ts';

/** An account on its platform, the Secret its own: where every request is understood and can be followed. */
export interface Situation {
  readonly secret: SecretFacts | undefined;
  readonly present: Annotations;
  readonly account: AccountWishes;
  readonly platform: PlatformWishes;
  readonly platformName: string;
  readonly status: MailAccountStatus;
  readonly seed: SeedState;
  readonly nextMintedAt: Instant;
  readonly nextErasedAt: Instant;
  readonly declared: Declared;
  /** The account's own, where it is over the platform's maximum; not among the windows then. */
  readonly refusedSuspension: Suspension | undefined;
  readonly holdUntil: Instant | undefined;
  readonly now: Instant;
}

export const situationOf = (
  { account: { name, status }, holdUntil, serverNow }: Facts,
  secret: SecretFacts | undefined,
  account: AccountWishes,
  platform: PlatformWishes,
  now: Instant,
): Situation => {
  const present = secret?.annotations ?? {};
  const { maxSuspensionHours } = platform;
  const asked = [account.suspension, platform.suspension].filter((suspension) => suspension !== undefined);
  const windows = asked.filter((suspension) => isGranted(suspension, maxSuspensionHours, now));
  return {
    secret,
    present,
    account,
    platform,
    platformName: account.platformName,
    status,
    seed: seedState(present, status),
    nextMintedAt: nextMintedAt(present, status, serverNow ?? now),
    nextErasedAt: nextErasedAt(present, status, serverNow ?? now),
    declared: { name, account, platform, windows },
    refusedSuspension: isTooLong(account.suspension, maxSuspensionHours, now) ? account.suspension : undefined,
    holdUntil,
    now,
  };
};

/** A deed with all that follows from the specs, or nothing where that is so already. */
const act = (situation: Situation, deed: Wanted, done: (patch: MetadataPatch) => SecretAct): SecretAct => {
  const { secret, present, declared, platformName, now } = situation;
  const patch = patchTo(secret, deedInStep(present, deed, declared, now), platformName);
  return patch ? done(patch) : { kind: 'keep' };
};

/** Says what the login is to do, without a deed. */
const annotate = (situation: Situation, deed: Wanted): SecretAct =>
  act(situation, deed, (patch) => ({ kind: situation.secret ? 'annotate' : 'create', patch }));

const mint = (situation: Situation): SecretAct => {
  const seed: SeedParameters = { ...situation.platform.totp, address: situation.account.address };
  const over = situation.seed.kind !== 'none';
  return act(situation, minting(situation.present, situation.nextMintedAt), (patch) =>
    situation.secret ? { kind: 'replace', patch, seed, over } : { kind: 'create', patch, seed, over },
  );
};

/** Why nobody is asked for a second factor. */
export const offReasonOf = ({ account, platform }: Pick<Situation, 'account' | 'platform'>): OffReason | undefined => {
  if (account.state === 'Removed') return 'Removed';
  if (platform.state === 'Disabled') return 'PlatformDisabled';
  return (account.state ?? platform.accountDefault) === 'Disabled' ? 'DisabledByDefault' : undefined;
};

/** `state: Removed`: the seed goes, and the Secret says that it went on request. */
const whenRemoved = (situation: Situation): SecretAct => {
  const { secret, present } = situation;
  const erased = erasing(present, situation.nextErasedAt);
  // Where a seed is remembered, this is what gives it up for good.
  const over = situation.seed.kind !== 'none';
  if (!secret) return act(situation, erased, (patch) => ({ kind: 'create', patch, over }));
  const isErased = !over && present[annotation.erasedAt] !== undefined;
  if (isErased) return annotate(situation, { [annotation.secondFactor]: 'off' });
  return act(situation, erased, (patch) => ({ kind: 'erase', patch }));
};

/**
 * On, with the seed that there is, or none: an older seed and one that lost its enrolment are refused, though the Secret
 * reads well. One without a seed refuses itself, and so does what does not parse.
 */
const asItStands = (situation: Situation): SecretAct => {
  const { seed, secret, present } = situation;
  if (!secret) return { kind: 'keep' };
  const isOlder = seed.kind === 'lost' && present[annotation.mintedAt] !== undefined;
  const isRefused = isOlder || seed.kind === 'enrollmentLost';
  return annotate(situation, { [annotation.secondFactor]: isRefused ? 'refused' : 'required' });
};

/** On: there is a seed, and a code is asked for. */
const whenOn = (situation: Situation): SecretAct => {
  const { seed, account, platform, now } = situation;
  const isDue = seed.kind === 'none' || resetDue(seed, [account.resetAt, platform.resetAt], now);
  return isDue ? mint(situation) : asItStands(situation);
};

/** What can't be undone waits while storage may be telling an old story; what can be undone does not. */
const unlessHeld = (situation: Situation, wanted: SecretAct): { act: SecretAct; held?: Problem } => {
  const { holdUntil, now } = situation;
  if (holdUntil === undefined || now >= holdUntil || !isIrreversible(wanted)) return { act: wanted };
  const erases = wanted.kind === 'erase' || !('seed' in wanted);
  if (erases) {
    const inStep: SecretAct = situation.secret ? annotate(situation, {}) : { kind: 'keep' };
    return { act: inStep, held: storageWentBack('erasing the seed', holdUntil) };
  }
  return { act: asItStands(situation), held: storageWentBack('replacing the seed', holdUntil) };
};

const problemsOf = ({ refusedSuspension, platform }: Situation, held: Problem | undefined): readonly Problem[] => [
  ...(held ? [held] : []),
  ...(refusedSuspension ? [suspensionTooLong(refusedSuspension, platform.maxSuspensionHours)] : []),
];

const instantsOf = ({ account, platform }: Situation): Plan['instants'] => [
  account.suspension?.from,
  account.suspension?.until,
  platform.suspension?.from,
  platform.suspension?.until,
  account.resetAt,
  platform.resetAt,
  account.unlockAt,
];

/** A suspension that is refused neither waits nor lacks effect: the problem says all. */
const heardOf = ({ account, refusedSuspension }: Situation): AccountWishes =>
  refusedSuspension ? { ...account, suspension: undefined } : account;

const wantedAct = (situation: Situation, offReason: OffReason | undefined): SecretAct => {
  if (offReason === undefined) return whenOn(situation);
  return offReason === 'Removed' ? whenRemoved(situation) : annotate(situation, { [annotation.secondFactor]: 'off' });
};

/** What to do for an account on its platform. */
export const decideOnPlatform = (situation: Situation): Plan => {
  const offReason = offReasonOf(situation);
  const { act: deed, held } = unlessHeld(situation, wantedAct(situation, offReason));
  return {
    act: deed,
    problems: problemsOf(situation, held),
    heard: heardOf(situation),
    offReason: held ? undefined : offReason,
    instants: [...instantsOf(situation), ...(held ? [situation.holdUntil] : [])],
  };
};
