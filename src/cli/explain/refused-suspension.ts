import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../api/instants.ts';
import { platformKind } from '../../api/names.ts';
import type { Facts, PlatformFacts } from '../../core/facts.ts';
import {
  isTooLong,
  readAccount,
  readPlatform,
  understood,
  type PlatformWishes,
  type Suspension,
} from '../../core/wishes.ts';
import type { Change, Effect } from './effect.ts';

const platformWishes = (platform: PlatformFacts | undefined): PlatformWishes | undefined =>
  understood(platform && readPlatform(platform.spec));

/** A suspension over the maximum, and that maximum. */
interface OverlongSuspension {
  readonly suspension: Suspension;
  readonly most: number;
}

const refusedIn = (
  suspension: Suspension | undefined,
  platform: PlatformWishes | undefined,
  now: Instant,
): OverlongSuspension | undefined =>
  suspension && platform && isTooLong(suspension, platform.maxSuspensionHours, now)
    ? { suspension, most: platform.maxSuspensionHours }
    : undefined;

export const refusal = (was: OverlongSuspension | undefined, is: OverlongSuspension | undefined): readonly Change[] => {
  if (!is || isDeepStrictEqual(was, is)) return [];
  const { hours } = is.suspension;
  const text = `a suspension of ${hours} h is refused: the platform allows at most ${is.most} h`;
  return [{ kind: 'suspensionRefused', text, hours }];
};

export const refusedOf = ({ account, platform }: Facts, now: Instant): OverlongSuspension | undefined =>
  refusedIn(understood(readAccount(account.spec))?.suspension, platformWishes(platform), now);

/** What becomes different for a platform beside its logins: its own suspension may be over its own maximum. */
export const effectsOnPlatform = (
  before: PlatformFacts | undefined,
  after: PlatformFacts,
  now: Instant,
): readonly Effect[] => {
  const { namespace, name } = after;
  const refusedBy = (platform: PlatformFacts | undefined): OverlongSuspension | undefined => {
    const wishes = platformWishes(platform);
    return refusedIn(wishes?.suspension, wishes, now);
  };
  const changes = refusal(refusedBy(before), refusedBy(after));
  return changes.map((change) => ({ namespace, object: platformKind, name, ...change }));
};
