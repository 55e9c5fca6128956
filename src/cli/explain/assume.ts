import { failureMemoryMs, failuresKept, formatFailures, noFailures } from '../../api/failures.ts';
import { formatMilliseconds, parseSeconds, secondMs } from '../../api/instants.ts';
import { annotation } from '../../api/record.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Facts } from '../../core/facts.ts';
import { rowLimit } from '../../core/second-factor.ts';
import type { Account } from '../cluster/objects.ts';

type Status = NonNullable<Account['status']>;

/** Wrong codes that give the lock which the status tells of. */
const assumedFailures = ({ phase, lockedUntil }: Status): string | undefined => {
  if (phase !== 'Locked') return undefined;
  const until = lockedUntil === undefined ? undefined : parseSeconds(lockedUntil);
  if (until === undefined) return formatFailures({ ...noFailures, row: rowLimit });
  const wrong = Math.floor((until - failureMemoryMs) / secondMs);
  return formatFailures({ row: 0, unknown: new Array<number>(failuresKept).fill(wrong), known: [] });
};

/** Stands for whatever it is that the operator could not read. */
const unreadable = 'unreadable';

/** Any seed but the one that the status remembers. */
const otherSeed = formatMilliseconds(0);

/**
 * The Secret that the operator found when it wrote the status, as far as the status tells: for who may not read Secrets.
 * What it can't tell (wrong codes short of a lock, a showing of the QR code) is taken for absent.
 */
export const assumedSecret = (account: Account): Facts['secret'] => {
  const { metadata, spec, status = {} } = account;
  const ready = conditionOf(status, 'Ready')?.reason;
  const isBlockedBy = (reason: string): boolean => status.phase === 'Blocked' && ready === reason;
  if (isBlockedBy('SecretNameTaken')) return { foreignUntil: 0 };
  if (status.secretName === undefined) return undefined;
  const enrolled = conditionOf(status, 'Enrolled');
  const isErased = enrolled?.reason === 'SeedErased';
  const mintedAt = ready === 'SeedLost' ? otherSeed : status.seedMintedAt;
  const failures = assumedFailures(status);
  const annotations: Record<string, string | undefined> = {
    [annotation.account]: metadata.name,
    [annotation.address]: spec.address,
    [annotation.secondFactor]: status.phase === 'Off' ? 'off' : 'required',
    [annotation.mintedAt]: isErased ? undefined : mintedAt,
    [annotation.erasedAt]: isErased ? enrolled.lastTransitionTime : undefined,
    [annotation.enrolledAt]: status.enrolledAt,
    [annotation.lastStep]: status.enrolledAt === undefined ? undefined : '0',
    [annotation.failures]: isBlockedBy('SecretInvalid') ? unreadable : failures,
  };
  const known = Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { uid: '', resourceVersion: '', platformLabel: spec.platformRef.name, annotations: Object.fromEntries(known) };
};
