import { formatMilliseconds, formatSeconds, parseMilliseconds, type Instant } from '../../api/instants.ts';
import type { MailAccountStatus } from '../../api/generated/mail-account.ts';
import { contains } from '../../api/windows.ts';
import { annotation, read, type Annotations } from '../../api/record.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Decision } from '../../core/decision.ts';
import { isForeign, type Facts } from '../../core/facts.ts';
import { holderOf } from '../../core/holder.ts';
import { secondFactor } from '../../core/second-factor.ts';
import { isErased } from '../../core/seed.ts';
import { recordOf } from '../../core/secret-plan.ts';
import {
  describeSuspension,
  isTooLong,
  readAccount,
  readPlatform,
  understood,
  type AccountWishes,
  type PlatformWishes,
  type Suspension,
} from '../../core/wishes.ts';
import type { Live } from './live.ts';
import type { Moment } from './simulate.ts';

/** One step of why: what was looked at, and what it says. */
export interface WhyStep {
  readonly step: string;
  readonly says: string;
}

const ofPlatform = ({ account, platform }: Facts): string => {
  const name = account.spec.platformRef.name;
  const wishes = platform && readPlatform(platform.spec);
  if (!wishes) return `${name}: there is no such ExchangePlatform, so nothing changes`;
  if ('misunderstood' in wishes) return `${name} can't be understood: ${wishes.misunderstood}`;
  return `${name}: ${wishes.state}, for accounts that say nothing ${wishes.accountDefault}`;
};

const ofState = ({ state }: AccountWishes): string =>
  state === undefined ? 'the account says none: as the platform says' : `the account says ${state}`;

/** The account that holds the Secret of this address in place of the one that is explained. */
const holderBeside = ({ account, rivals, secret }: Facts): string | undefined => {
  const named = isForeign(secret) ? undefined : secret?.annotations[annotation.account];
  const holder = holderOf(named, [account, ...rivals]);
  return holder === account ? undefined : holder?.name;
};

/** What else is decided at the moment: a suspension that is asked for need not be in force. */
interface StepContext {
  readonly phase: Decision['status']['phase'];
  readonly now: Instant;
  /** Another account of the address, which decides. */
  readonly holder: string | undefined;
}

const whyWithoutEffect = ({ phase, holder }: StepContext): string => {
  if (holder !== undefined) return `MailAccount ${holder} decides`;
  if (phase === 'Blocked') return 'the login is refused';
  return phase === 'Off' ? 'there is no second factor' : 'the login is not suspended all the same';
};

const ofSuspension = (suspension: Suspension | undefined, most: number, context: StepContext): string => {
  const { phase, now } = context;
  if (!suspension) return 'none';
  if (isTooLong(suspension, most, now)) return `refused: ${suspension.hours} h, and the platform allows ${most} h`;
  if (phase === 'Suspended' || !contains(suspension, now)) return describeSuspension(suspension, now);
  return `asked for until ${formatSeconds(suspension.until)}, without effect: ${whyWithoutEffect(context)}`;
};

const ofReset = (at: Instant | undefined, annotations: Annotations, now: Instant): string => {
  if (at === undefined) return 'none';
  if (at > now) return `due ${formatSeconds(at)}`;
  const mintedAt = read(annotations, annotation.mintedAt);
  if (mintedAt === undefined) return `of ${formatSeconds(at)}; there is no seed to replace`;
  return mintedAt < at ? `of ${formatSeconds(at)} waits` : `of ${formatSeconds(at)} is done: the seed is newer`;
};

const ofSeed = (annotations: Annotations, status: MailAccountStatus): string => {
  const mintedAt = annotations[annotation.mintedAt];
  if (mintedAt === undefined) return isErased(annotations, status) ? 'erased on request' : 'none';
  const instant = parseMilliseconds(mintedAt);
  return instant === undefined ? 'its age is unreadable' : `minted ${formatMilliseconds(instant)}`;
};

const ofEnrolment = (annotations: Annotations): string => {
  const enrolledAt = annotations[annotation.enrolledAt];
  if (enrolledAt !== undefined) return `a first code was accepted ${enrolledAt}`;
  const shown = annotations[annotation.firstShownAt];
  return shown === undefined ? 'no code accepted yet' : `no code accepted yet; the QR code was first shown ${shown}`;
};

const ofWrongCodes = (annotations: Annotations, { phase, now }: StepContext, isAssumed: boolean): string => {
  if (isAssumed) return phase === 'Locked' ? 'too many; how many is not known' : 'not known';
  const failures = read(annotations, annotation.failures);
  if (annotations[annotation.failures] === undefined) return 'none';
  if (!failures) return 'unreadable';
  const verdict = secondFactor(recordOf(annotations), now);
  const wait =
    'notBefore' in verdict && verdict.notBefore ? `; the next counts from ${formatSeconds(verdict.notBefore)}` : '';
  return `${failures.row} in a row${wait}`;
};

const ofCode = (wishes: AccountWishes, platform: PlatformWishes | undefined, now: Instant): string => {
  const { enrollmentCode: code } = wishes;
  if (!code) return platform?.codeRequired ? 'demanded by the platform, and none is issued' : 'none is asked for';
  return now < code.expiresAt
    ? `issued, valid until ${formatSeconds(code.expiresAt)}`
    : `expired ${formatSeconds(code.expiresAt)}`;
};

const acts = {
  keep: 'has nothing to do',
  create: 'is to make the Secret',
  replace: 'is to put a new seed in',
  annotate: 'is to bring the annotations in step',
  erase: 'is to erase the seed',
  orphan: 'is to refuse the login: no account',
  delete: 'is to delete the Secret',
} as const;

const ofOperator = ({ isAssumed }: Live, { secret, status }: Decision): string => {
  const isRefused = conditionOf(status, 'Ready')?.reason === 'WriteFailed';
  if (isRefused) return 'is not let write the Secret, and tries again every few minutes';
  return isAssumed && secret.kind === 'annotate'
    ? 'has nothing to do but to keep annotations in step'
    : acts[secret.kind];
};

const ofRequests = (
  wishes: AccountWishes,
  platform: PlatformWishes | undefined,
  context: StepContext,
): readonly WhyStep[] => {
  const most = platform?.maxSuspensionHours ?? Infinity;
  const own = ofSuspension(wishes.suspension, most, context);
  const steps: WhyStep[] = [
    { step: 'state', says: ofState(wishes) },
    { step: 'suspension', says: own },
  ];
  if (platform?.suspension) {
    steps.push({ step: "platform's suspension", says: ofSuspension(platform.suspension, most, context) });
  }
  return steps;
};

const ofSecret = (
  { annotations, status }: { readonly annotations: Annotations; readonly status: MailAccountStatus },
  wishes: AccountWishes,
  platform: PlatformWishes | undefined,
  context: StepContext,
  isAssumed: boolean,
) => {
  const { now } = context;
  const steps: WhyStep[] = [{ step: 'seed', says: ofSeed(annotations, status) }];
  steps.push({ step: 'reset', says: ofReset(wishes.resetAt, annotations, now) });
  if (platform?.resetAt !== undefined) {
    steps.push({ step: "platform's reset", says: ofReset(platform.resetAt, annotations, now) });
  }
  steps.push({ step: 'enrolment', says: ofEnrolment(annotations) });
  steps.push({ step: 'enrolment code', says: ofCode(wishes, platform, now) });
  steps.push({ step: 'wrong codes', says: ofWrongCodes(annotations, context, isAssumed) });
  if (wishes.unlockAt !== undefined) {
    const due = wishes.unlockAt > now ? 'due' : 'of';
    steps.push({ step: 'unlock', says: `${due} ${formatSeconds(wishes.unlockAt)}` });
  }
  return steps;
};

const secretPhrase = ({ facts, isAssumed }: Live, { holder }: StepContext): string => {
  if (holder !== undefined) {
    const whose = `the one of this address belongs to MailAccount ${holder}, which decides what a login meets`;
    return `${whose} (kubectl twofactor explain ${holder}); this account has none, and no seed`;
  }
  if (isAssumed)
    return 'not readable with these rights: taken from the status instead, without wrong codes and showings';
  if (isForeign(facts.secret)) return 'one of another type has its name';
  return facts.secret ? 'read (metadata only)' : 'there is none';
};

/** Every step of why a login meets what it meets at this moment. */
export const stepsOf = (live: Live, { at, decision, after }: Moment): readonly WhyStep[] => {
  const { facts } = live;
  const account = readAccount(facts.account.spec);
  const platform = understood(facts.platform && readPlatform(facts.platform.spec));
  const annotations = after.secret && !isForeign(after.secret) ? after.secret.annotations : {};
  const ready = conditionOf(decision.status, 'Ready');
  const context: StepContext = { phase: decision.status.phase, now: at, holder: holderBeside(facts) };
  const isMisunderstood = 'misunderstood' in account;
  return [
    { step: 'platform', says: ofPlatform(facts) },
    ...(isMisunderstood ? [{ step: 'spec', says: account.misunderstood }] : ofRequests(account, platform, context)),
    { step: 'Secret', says: secretPhrase(live, context) },
    ...(isMisunderstood || context.holder !== undefined
      ? []
      : ofSecret({ annotations, status: facts.account.status }, account, platform, context, live.isAssumed)),
    { step: 'operator', says: ofOperator(live, decision) },
    { step: 'Ready', says: `${ready?.status ?? ''} ${ready?.reason ?? ''}: ${ready?.message ?? ''}` },
  ];
};
