import type { Instant } from '../api/instants.ts';
import { annotation, read, readRecord, type SecretRecord } from '../api/record.ts';
import { secondFactor } from './second-factor.ts';

/**
 * The instants at which what a login meets may change, from the Secret alone. Some may lie behind. Of a record that can't be
 * trusted only the windows count: a window that has ended needs no write any more.
 */
export const instantsOfRecord = (record: SecretRecord | undefined, now: Instant): readonly (Instant | undefined)[] => {
  if (!record) return [];
  const windows = read(record.annotations, annotation.suspended) ?? [];
  const ends = windows.flatMap(({ from, until }) => [from, until]);
  const whole = readRecord(record);
  if ('annotation' in whole) return ends;
  const verdict = secondFactor(record, now);
  const lockedUntil = verdict.kind === 'deny' ? verdict.until : undefined;
  const { enrollUntil, enrolledAt, enrollmentCode, mintedAt, unlockedAt } = whole;
  if (mintedAt === undefined || enrolledAt !== undefined) return [...ends, lockedUntil, unlockedAt];
  const codeExpiresAt = enrollmentCode.kind === 'issued' ? enrollmentCode.expiresAt : undefined;
  return [...ends, lockedUntil, unlockedAt, enrollUntil, codeExpiresAt];
};
