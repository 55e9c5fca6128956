import { parseMilliseconds, type Instant } from '../api/instants.ts';
import type { AccountFacts, PlatformFacts } from '../core/facts.ts';
import { readAccount, readPlatform, understood } from '../core/wishes.ts';
import type { World } from './see/world.ts';

type Pending = Readonly<Record<'suspension' | 'reset' | 'unlock', boolean>>;

const none: Pending = { suspension: false, reset: false, unlock: false };

/** Those dated in the future, and a reset of a seed that is kept while the second factor is off. */
const ofAccount = ({ spec, status }: AccountFacts, now: Instant): Pending => {
  const { suspension, reset, unlock } = spec.twoFactor ?? {};
  // Most ask for nothing, and there may be a hundred thousand.
  const asked = suspension || reset || unlock ? understood(readAccount(spec)) : undefined;
  if (!asked) return none;
  const { resetAt = -Infinity, unlockAt = -Infinity } = asked;
  const mintedAt = parseMilliseconds(status.seedMintedAt ?? '');
  const waitsForOn = status.phase === 'Off' && mintedAt !== undefined && mintedAt < resetAt;
  return {
    suspension: now < (asked.suspension?.from ?? -Infinity),
    reset: now < resetAt || waitsForOn,
    unlock: now < unlockAt,
  };
};

/** The same of a platform, whose reset waits while it is off. */
const ofPlatform = ({ spec }: PlatformFacts, now: Instant): Pending => {
  const asked = understood(readPlatform(spec));
  if (!asked) return none;
  const { suspension, resetAt, state } = asked;
  return {
    suspension: now < (suspension?.from ?? -Infinity),
    reset: resetAt !== undefined && (now < resetAt || state === 'Disabled'),
    unlock: false,
  };
};

const each = function* (world: World, now: Instant): Iterable<Pending> {
  for (const key of world.platformKeys()) {
    const platform = world.platform(key);
    if (platform) yield ofPlatform(platform, now);
  }
  for (const account of world.accounts()) yield ofAccount(account, now);
};

/** How many requests of accounts and platforms wait, by their kind. */
export const pendingRequests = (world: World, now: Instant): Readonly<Record<keyof Pending, number>> => {
  const counts = { suspension: 0, reset: 0, unlock: 0 };
  for (const { suspension, reset, unlock } of each(world, now)) {
    counts.suspension += Number(suspension);
    counts.reset += Number(reset);
    counts.unlock += Number(unlock);
  }
  return counts;
};
