import type { Instant } from '../api/instants.ts';
import { readRecord, type SecretRecord } from '../api/record.ts';
import { secondFactor } from './second-factor.ts';

/** The instants at which what a login meets may change, from the Secret alone. Some may lie behind. */
export const instantsOfRecord = (record: SecretRecord | undefined, now: Instant): readonly (Instant | undefined)[] => {
  const read = record && readRecord(record);
  if (!read || 'annotation' in read) return [];
  const verdict = secondFactor(record, now);
  const lockedUntil = verdict.kind === 'deny' ? verdict.until : undefined;
  const windows = read.suspended.flatMap(({ from, until }) => [from, until]);
  if (read.mintedAt === undefined || read.enrolledAt !== undefined) return [...windows, lockedUntil, read.unlockedAt];
  const codeExpiresAt = read.enrollmentCode.kind === 'issued' ? read.enrollmentCode.expiresAt : undefined;
  return [...windows, lockedUntil, read.unlockedAt, read.enrollUntil, codeExpiresAt];
};
