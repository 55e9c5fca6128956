import { secondMs, type Instant } from '../api/instants.ts';
import { secretNameFor } from '../api/names.ts';
import { annotation, readRecord } from '../api/record.ts';
import { accountEvents } from './account-events.ts';
import { accountStatus, type Findings } from './account-status.ts';
import { caseOf, decideCase, type Plan } from './case.ts';
import { earliestAfter, type Decision } from './decision.ts';
import type { Facts, SecretFacts } from './facts.ts';
import { holderOf } from './holder.ts';
import {
  addressInUse,
  enrollmentLost,
  inOrder,
  platformMisunderstood,
  platformNotFound,
  secretInvalid,
  secretNameTaken,
  specInvalid,
  writeFailed,
  type Problem,
} from './problems.ts';
import { instantsOfRecord } from './requeue.ts';
import { annotationsAfter, patchTo, recordOf, shrinking } from './secret-plan.ts';
import { seedState, type SeedState } from './seed.ts';
import { addressOf, readAccount, readPlatform, type AccountWishes } from './wishes.ts';

/** A Secret of another type is looked at again: a watch by type does not see it go. */
const lookAgainMs = 60 * secondMs;

const nothing = (problem: Problem, ...instants: (Instant | undefined)[]): Plan => ({
  act: { kind: 'keep' },
  problems: [problem],
  notes: () => [],
  instants,
});

/** No platform: open windows shrink to what the account still asks for, and nothing else changes. */
const withoutPlatform = (secret: SecretFacts | undefined, account: AccountWishes, why: Problem, now: Instant): Plan => {
  const patch = secret && patchTo(secret, shrinking(secret.annotations, account.suspension, now), undefined);
  const plan = nothing(why, account.suspension?.from);
  return patch ? { ...plan, act: { kind: 'annotate', patch } } : plan;
};

/** An account whose Secret is its own, or still to be made. */
const planFor = (facts: Facts, secret: SecretFacts | undefined, now: Instant): Plan => {
  const account = readAccount(facts.account.spec);
  if ('misunderstood' in account) return nothing(specInvalid(account.misunderstood));
  const { platformName } = account;
  const platform = facts.platform && readPlatform(facts.platform.spec);
  if (!platform) return withoutPlatform(secret, account, platformNotFound(platformName, facts.account.namespace), now);
  if ('misunderstood' in platform) {
    return withoutPlatform(secret, account, platformMisunderstood(platformName, platform.misunderstood), now);
  }
  return decideCase(caseOf(facts, secret, account, platform, now));
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

/** What is wrong with the Secret as the act leaves it. A lost enrolment troubles nobody while the factor is off. */
const problemsOfRecord = (record: Findings['record'], seed: SeedState, isOff: boolean): readonly Problem[] => {
  const read = record && readRecord(record);
  if (read && 'annotation' in read) return [secretInvalid(read.annotation)];
  return seed.kind === 'enrollmentLost' && !isOff ? [enrollmentLost] : [];
};

/** The Secret of the account's address, which is its own; `name` is undefined where the address has none. */
interface OwnSecret {
  readonly secret: SecretFacts | undefined;
  readonly name: string | undefined;
}

/** The Secret is another's: this account has none, and what its status remembers stands. */
const withoutSecret = ({ account }: Facts, plan: Plan, now: Instant): Decision => {
  const { act, problems, instants } = plan;
  const seed = { kind: 'unreadable', mintedAt: undefined } as const;
  const findings = { record: undefined, secretName: undefined, seed, problems, notes: [], offReason: undefined };
  const status = accountStatus(account, findings, now);
  return {
    secret: act,
    status,
    events: accountEvents(account.status, status, findings, act),
    requeueAt: earliestAfter(now, instants),
  };
};

const withSecret = (facts: Facts, own: OwnSecret, plan: Plan, now: Instant): Decision => {
  const { account } = facts;
  const { act, offReason } = plan;
  const annotations = annotationsAfter(own.secret, act);
  const record = recordOf(annotations);
  const seed = seedState(annotations ?? {}, account.status);
  const isOff = offReason !== undefined && annotations?.[annotation.secondFactor] !== 'required';
  const notes = plan.notes({ seed, annotations: annotations ?? {}, isOff });
  const problems = inOrder([...plan.problems, ...problemsOfRecord(record, seed, offReason !== undefined)]);
  const findings = { record, secretName: own.name, seed, problems, notes, offReason };
  const status = accountStatus(account, findings, now);
  return {
    secret: act,
    status,
    events: accountEvents(account.status, status, findings, act),
    requeueAt: earliestAfter(now, [...plan.instants, ...instantsOfRecord(record, now)]),
  };
};

/**
 * Everything that the operator does for a MailAccount, from what is known and the time: one act on the Secret, the whole
 * status, events, and the next instant at which the answer could change. Total and pure: it never fails, reads no clock and
 * sees no seed. Deciding again after the act is done changes nothing, so a lost answer or a restart is harmless.
 */
export const decide = (facts: Facts, now: Instant): Decision => {
  const { account, rivals, secret } = facts;
  const named = secret === 'foreign' ? undefined : secret?.annotations[annotation.account];
  const holder = holderOf(named, [account, ...rivals]);
  if (holder && holder !== account) return withoutSecret(facts, nothing(addressInUse(holder)), now);
  const secretName = secretNameFor(addressOf(account.spec));
  if (secret === 'foreign') {
    return withoutSecret(facts, nothing(secretNameTaken(secretName ?? ''), now + lookAgainMs), now);
  }
  const plan = unlessRefused(planFor(facts, secret, now), facts, now);
  return withSecret(facts, { secret, name: secretName }, plan, now);
};
