import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { formatSeconds, parseSeconds, type Instant } from '../api/instants.ts';
import type { Phase } from '../api/phases.ts';
import { annotation, type Annotations } from '../api/record.ts';
import { accountConditions } from './account-conditions.ts';
import { conditionsNow } from './conditions.ts';
import type { AccountFacts } from './facts.ts';
import type { Findings } from './findings.ts';
import { secondFactor, type Verdict } from './second-factor.ts';

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
  const { record, secretName } = findings;
  const verdict = secondFactor(record, now);
  const phase = phaseOf(verdict);
  const said = accountConditions(account, verdict, findings, now);
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
