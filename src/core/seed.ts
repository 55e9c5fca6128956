import type { MailAccountStatus } from '../api/generated/mail-account.ts';
import { parseMilliseconds, parseSeconds, secondMs, type Instant } from '../api/instants.ts';
import { annotation, read, type Annotations } from '../api/record.ts';

/** What is known of an account's seed, from the Secret's annotations and what the status remembers of them. */
export type SeedState =
  /** The Secret holds the present seed. */
  | { readonly kind: 'present'; readonly mintedAt: Instant }
  /** None was ever minted, or it was erased on request: minting takes nothing from anybody. */
  | { readonly kind: 'none' }
  /** The Secret holds none, or an older one than the status remembers: somebody took it, or restored a backup. */
  | { readonly kind: 'lost'; readonly mintedAt: Instant; readonly found: 'no seed' | 'an older seed' }
  /** The right seed, without the enrolment that the status remembers. */
  | { readonly kind: 'enrollmentLost'; readonly mintedAt: Instant }
  /** A seed whose `minted-at` can't be read. */
  | { readonly kind: 'unreadable'; readonly mintedAt: Instant | undefined };

/**
 * Whether no seed minted at or before this instant is left on request. An erasure from before the seed that is remembered came
 * back with a restored backup, and erased nothing of it.
 */
const isErasedSince = (annotations: Annotations, mintedAt: Instant | undefined): boolean => {
  const erasedAt = parseSeconds(annotations[annotation.erasedAt] ?? '');
  return erasedAt !== undefined && (mintedAt === undefined || erasedAt >= mintedAt);
};

/** Whether the Secret holds no seed, and that was asked for. */
export const isErased = (annotations: Annotations, { seedMintedAt = '' }: MailAccountStatus): boolean =>
  annotations[annotation.mintedAt] === undefined && isErasedSince(annotations, parseMilliseconds(seedMintedAt));

/**
 * Compares the Secret with what the status remembers.
 *
 * @param annotations of the Secret; none if there is no Secret
 */
export const seedState = (annotations: Annotations, status: MailAccountStatus): SeedState => {
  const lastMintedAt = parseMilliseconds(status.seedMintedAt ?? '');
  const remembered = isErasedSince(annotations, lastMintedAt) ? undefined : lastMintedAt;
  if (annotations[annotation.mintedAt] === undefined) {
    return remembered === undefined ? { kind: 'none' } : { kind: 'lost', mintedAt: remembered, found: 'no seed' };
  }
  const mintedAt = read(annotations, annotation.mintedAt);
  if (mintedAt === undefined) return { kind: 'unreadable', mintedAt: remembered };
  if (remembered !== undefined && mintedAt < remembered) {
    return { kind: 'lost', mintedAt: remembered, found: 'an older seed' };
  }
  const enrollmentGone = status.enrolledAt !== undefined && annotations[annotation.enrolledAt] === undefined;
  return remembered === mintedAt && enrollmentGone
    ? { kind: 'enrollmentLost', mintedAt }
    : { kind: 'present', mintedAt };
};

/**
 * Whether one of the requests voids the seed now: seed < requestedAt ≤ now. Not where nothing says how old the seed is:
 * the request may be the one that it was minted for.
 */
export const resetDue = (seed: SeedState, requests: readonly (Instant | undefined)[], now: Instant): boolean => {
  if (seed.kind === 'none' || seed.mintedAt === undefined) return false;
  const { mintedAt } = seed;
  return requests.some((at) => at !== undefined && mintedAt < at && at <= now);
};

/** The latest that is known to have happened to a seed of this Secret. */
const latestDeed = (annotations: Annotations, status: MailAccountStatus): Instant =>
  Math.max(
    ...[
      parseMilliseconds(annotations[annotation.mintedAt] ?? ''),
      parseSeconds(annotations[annotation.erasedAt] ?? ''),
      parseMilliseconds(status.seedMintedAt ?? ''),
    ].map((instant) => instant ?? -Infinity),
  );

/** When a seed minted now, by the API server's clock if ours is known to be wrong, says it was minted: strictly later than every seed and erasure of this Secret before. */
export const nextMintedAt = (annotations: Annotations, status: MailAccountStatus, now: Instant): Instant =>
  Math.max(now, latestDeed(annotations, status) + 1);

/** When an erasure now says it was done: whole seconds, and not before the seed that it erases, for the next one's sake. */
export const nextErasedAt = (annotations: Annotations, status: MailAccountStatus, now: Instant): Instant =>
  Math.max(now, Math.ceil(latestDeed(annotations, status) / secondMs) * secondMs);
