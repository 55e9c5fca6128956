import type { Instant } from '../api/instants.ts';
import { secretNameFor } from '../api/names.ts';
import { annotation, readRecord } from '../api/record.ts';
import { accountEvents } from './account-events.ts';
import { accountStatus } from './account-status.ts';
import { earliestAfter, type Decision, type SecretAct } from './decision.ts';
import { isForeign, type Facts, type SecretFacts } from './facts.ts';
import type { Findings } from './findings.ts';
import { holderOf } from './holder.ts';
import { notesOn } from './notes.ts';
import type { Cure } from './problem-messages.ts';
import { decideOnPlatform, situationOf } from './on-platform.ts';
import { doNothing, type Plan } from './plan.ts';
import {
  addressInUse,
  enrollmentLost,
  inOrder,
  platformMisunderstood,
  platformNotFound,
  secretInvalid,
  secretNameTaken,
  seedLost,
  specInvalid,
  writeFailed,
  type Problem,
} from './problems.ts';
import { instantsOfRecord } from './requeue.ts';
import { annotationsAfter, recordOf } from './secret-plan.ts';
import { seedState, type SeedState } from './seed.ts';
import { addressOf, readAccount, readPlatform } from './wishes.ts';
import { decideWithoutPlatform } from './without-platform.ts';

/** An account whose Secret is its own, or still to be made. */
const planFor = (facts: Facts, secret: SecretFacts | undefined, now: Instant): Plan => {
  const account = readAccount(facts.account.spec);
  if ('misunderstood' in account) return doNothing(specInvalid(account.misunderstood));
  const { platformName } = account;
  const platform = facts.platform && readPlatform(facts.platform.spec);
  if (!platform) {
    return decideWithoutPlatform(secret, account, platformNotFound(platformName, facts.account.namespace), now);
  }
  if ('misunderstood' in platform) {
    return decideWithoutPlatform(secret, account, platformMisunderstood(platformName, platform.misunderstood), now);
  }
  return decideOnPlatform(situationOf(facts, secret, account, platform, now));
};

/** The API server said no to this write a moment ago: it is not tried again before its time. */
const unlessRefused = (plan: Plan, { refusedWrite }: Facts, now: Instant): Plan => {
  if (plan.act.kind === 'keep' || !refusedWrite || now >= refusedWrite.retryAt) return plan;
  return {
    ...plan,
    act: { kind: 'keep' },
    problems: [...plan.problems, writeFailed(refusedWrite)],
    instants: [...plan.instants, refusedWrite.retryAt],
  };
};

/** A reset voids a seed of which it is known when it was minted, while the second factor is on. */
const cureFor = (seed: SeedState, offReason: Plan['offReason']): Cure => {
  if (offReason === 'Removed') return 'enable';
  if (seed.kind === 'unreadable' && seed.mintedAt === undefined) return 'removeAndEnable';
  return offReason === undefined ? 'reset' : 'resetOnceOn';
};

/** What is wrong with the Secret as the act leaves it. What is lost is told where somebody is asked for a code. */
const problemsOfSecret = (
  secret: SecretFacts | undefined,
  record: Findings['record'],
  seed: SeedState,
  { heard, offReason }: Plan,
): readonly Problem[] => {
  const isOn = heard !== undefined && offReason === undefined;
  const lost = isOn && seed.kind === 'lost' ? [seedLost(seed, secret)] : [];
  const read = record && readRecord(record);
  if (read && 'annotation' in read) {
    return [...lost, secretInvalid(read.annotation, record.annotations, cureFor(seed, offReason))];
  }
  return isOn && seed.kind === 'enrollmentLost' ? [enrollmentLost] : lost;
};

const decisionFrom = (
  facts: Facts,
  act: SecretAct,
  findings: Findings,
  instants: readonly (Instant | undefined)[],
  now: Instant,
): Decision => {
  const status = accountStatus(facts.account, findings, now);
  return {
    secret: act,
    status,
    events: accountEvents(facts, status, findings, act, now),
    requeueAt: earliestAfter(now, instants),
  };
};

/** The Secret is another's: this account has none, and what its status remembers stands. */
const withoutSecret = (facts: Facts, { act, problems, offReason, instants }: Plan, now: Instant): Decision => {
  const seed = { kind: 'anothers' } as const;
  const findings = { record: undefined, secretName: undefined, seed, problems, notes: [], offReason };
  return decisionFrom(facts, act, findings, instants, now);
};

/** The Secret this account holds (or would create); `name` is undefined where its address has none. */
interface OwnSecret {
  readonly secret: SecretFacts | undefined;
  readonly name: string | undefined;
}

const withSecret = (facts: Facts, { secret, name }: OwnSecret, plan: Plan, now: Instant): Decision => {
  const { act, heard, offReason } = plan;
  const annotations = annotationsAfter(secret, act);
  const record = recordOf(annotations);
  const seed = seedState(annotations ?? {}, facts.account.status);
  const isOff = offReason !== undefined && annotations?.[annotation.secondFactor] !== 'required';
  const findings: Findings = {
    record,
    secretName: name,
    seed,
    problems: inOrder([...plan.problems, ...problemsOfSecret(secret, record, seed, plan)]),
    notes: heard ? notesOn(heard, { seed, annotations: annotations ?? {}, isOff }, now) : [],
    offReason,
  };
  return decisionFrom(facts, act, findings, [...plan.instants, ...instantsOfRecord(record, now)], now);
};

/**
 * Everything that the operator does for a MailAccount, from what is known and the time: one act on the Secret, the whole
 * status, events, and the next instant at which the answer could change. Total and pure: it never fails, reads no clock and
 * sees no seed. Deciding again after the act is done changes nothing, so a lost answer or a restart is harmless.
 */
export const decide = (facts: Facts, now: Instant): Decision => {
  const { account, rivals, secret } = facts;
  const named = isForeign(secret) ? undefined : secret?.annotations[annotation.account];
  const holder = holderOf(named, [account, ...rivals]);
  if (holder && holder !== account) return withoutSecret(facts, doNothing(addressInUse(holder)), now);
  const secretName = secretNameFor(addressOf(account.spec));
  if (isForeign(secret)) {
    return withoutSecret(facts, doNothing(secretNameTaken(secretName ?? ''), secret.foreignUntil), now);
  }
  const plan = unlessRefused(planFor(facts, secret, now), facts, now);
  return withSecret(facts, { secret, name: secretName }, plan, now);
};
