import type { Instant } from '../api/instants.ts';
import { pendingOfAccount, pendingOfPlatform, type Pending } from '../core/pending.ts';
import type { World } from './see/world.ts';

const each = function* (world: World, now: Instant): Iterable<Pending> {
  for (const key of world.platformKeys()) {
    const platform = world.platform(key);
    if (platform) yield pendingOfPlatform(platform, now);
  }
  for (const account of world.accounts()) yield pendingOfAccount(account, now);
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
