import { parseMilliseconds, type Instant } from '../api/instants.ts';
import type { AccountFacts, PlatformFacts } from './facts.ts';
import { readAccount, readPlatform, understood } from './wishes.ts';

/** Which requests wait. */
export type Pending = Readonly<Record<'suspension' | 'reset' | 'unlock', boolean>>;

const none: Pending = { suspension: false, reset: false, unlock: false };

export const isToCome = (at: Instant | undefined, now: Instant): boolean => at !== undefined && now < at;

/** While the second factor is off, the seed is kept: a reset of it waits. */
export const waitsForOn = (resetAt: Instant, mintedAt: Instant, isOff: boolean): boolean => isOff && mintedAt < resetAt;

/** An account's requests that wait: those dated in the future, and a reset until the second factor is on. */
export const pendingOfAccount = ({ spec, status }: AccountFacts, now: Instant): Pending => {
  const { suspension, reset, unlock } = spec.twoFactor ?? {};
  // Most ask for nothing, and there may be a hundred thousand.
  const asked = suspension || reset || unlock ? understood(readAccount(spec)) : undefined;
  if (!asked) return none;
  const { resetAt = -Infinity, unlockAt } = asked;
  const mintedAt = parseMilliseconds(status.seedMintedAt ?? '') ?? Infinity;
  return {
    suspension: isToCome(asked.suspension?.from, now),
    reset: isToCome(resetAt, now) || waitsForOn(resetAt, mintedAt, status.phase === 'Off'),
    unlock: isToCome(unlockAt, now),
  };
};

/** The same of a platform, whose reset waits while it is off, whatever seeds its accounts have. */
export const pendingOfPlatform = ({ spec }: PlatformFacts, now: Instant): Pending => {
  const asked = understood(readPlatform(spec));
  if (!asked) return none;
  const { suspension, resetAt, state } = asked;
  return {
    suspension: isToCome(suspension?.from, now),
    reset: resetAt !== undefined && (isToCome(resetAt, now) || state === 'Disabled'),
    unlock: false,
  };
};
