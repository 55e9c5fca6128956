import { failureMemoryMs, failuresKept, formatFailures, noFailures } from '../../api/failures.ts';
import { formatMilliseconds, formatSeconds, parseSeconds, secondMs } from '../../api/instants.ts';
import { annotation } from '../../api/record.ts';
import { formatWindows } from '../../api/windows.ts';
import { conditionOf } from '../../core/conditions.ts';
import type { Facts } from '../../core/facts.ts';
import { readFault, readHold, readWriteFailed, saysNoSeed } from '../../core/problem-messages.ts';
import { rowLimit } from '../../core/second-factor.ts';
import { isBehind, type Account } from '../cluster/objects.ts';

type Status = NonNullable<Account['status']>;
type Assumed = Readonly<Record<string, string | undefined>>;

/**
 * What the operator alone remembers, as far as the status tells: a write that the API server refused, and the hold after
 * storage went back. When a refused write will be taken, nobody can foresee.
 */
export const assumedSetbacks = (account: Account): Pick<Facts, 'refusedWrite' | 'holdUntil'> => {
  if (isBehind(account)) return {};
  const { message = '' } = conditionOf(account.status ?? {}, 'Ready') ?? {};
  const refused = readWriteFailed(message);
  const holdUntil = readHold(message);
  return {
    ...(refused && { refusedWrite: { ...refused, retryAt: Infinity } }),
    ...(holdUntil !== undefined && { holdUntil }),
  };
};

/** Wrong codes that give the lock which the status tells of. */
const assumedFailures = ({ phase, lockedUntil }: Status): string | undefined => {
  if (phase !== 'Locked') return undefined;
  const until = lockedUntil === undefined ? undefined : parseSeconds(lockedUntil);
  if (until === undefined) return formatFailures({ ...noFailures, row: rowLimit });
  const wrong = Math.floor((until - failureMemoryMs) / secondMs);
  return formatFailures({ row: 0, unknown: new Array<number>(failuresKept).fill(wrong), known: [] });
};

/** The window that the status tells of. */
const assumedWindow = (status: Status): string | undefined => {
  const until = parseSeconds(status.suspendedUntil ?? '');
  if (until === undefined) return undefined;
  const since = parseSeconds(conditionOf(status, 'Enforced')?.lastTransitionTime ?? '') ?? 0;
  return formatWindows([{ from: Math.min(since, until - secondMs), until }]);
};

/** Any seed but the one that the status remembers. */
const otherSeed = formatMilliseconds(0);

/** What makes the Secret one that can't be trusted, as Ready names it. */
const assumedFault = (status: Status, ready: string): Assumed => {
  const fault = readFault(ready) ?? { kind: 'unreadable', key: annotation.failures };
  switch (fault.kind) {
    case 'enrollmentLost':
      return { [annotation.enrolledAt]: undefined, [annotation.lastStep]: undefined };
    case 'dataInvalid':
      return { [annotation.dataInvalid]: status.seedMintedAt };
    case 'unreadable':
      return { [fault.key]: 'unreadable' };
    case 'missing': {
      const whole = { [annotation.enrolledAt]: status.enrolledAt ?? formatSeconds(0), [annotation.lastStep]: '0' };
      return { ...whole, [fault.key]: undefined };
    }
  }
};

/** The seed and its enrolment: Enrolled says what is wrong with them. */
const assumedSeed = (status: Status): Assumed => {
  const { reason, lastTransitionTime } = conditionOf(status, 'Enrolled') ?? {};
  const { message: ready = '' } = conditionOf(status, 'Ready') ?? {};
  if (reason === 'SeedErased') return { [annotation.erasedAt]: lastTransitionTime };
  if (reason === 'SeedLost') return saysNoSeed(ready) ? {} : { [annotation.mintedAt]: otherSeed };
  const { seedMintedAt, enrolledAt } = status;
  return {
    [annotation.mintedAt]: seedMintedAt,
    [annotation.enrolledAt]: enrolledAt,
    [annotation.lastStep]: enrolledAt === undefined ? undefined : '0',
    [annotation.enrollUntil]: reason === 'EnrollmentExpired' ? lastTransitionTime : undefined,
    ...(reason === 'SecretInvalid' && assumedFault(status, ready)),
  };
};

/**
 * The Secret that the operator found when it wrote the status, as far as the status tells: for who may not read Secrets.
 * What it can't tell (wrong codes short of a lock, a showing of the QR code) is taken for absent.
 */
const assumedSecret = ({ metadata, spec, status = {} }: Account): Facts['secret'] => {
  if (conditionOf(status, 'Ready')?.reason === 'SecretNameTaken') return { foreignUntil: 0 };
  if (status.secretName === undefined) return undefined;
  const annotations: Assumed = {
    [annotation.account]: metadata.name,
    [annotation.address]: spec.address,
    [annotation.secondFactor]: status.phase === 'Off' ? 'off' : 'required',
    [annotation.suspended]: assumedWindow(status),
    [annotation.failures]: assumedFailures(status),
    ...assumedSeed(status),
  };
  const known = Object.entries(annotations).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { uid: '', resourceVersion: '', platformLabel: spec.platformRef.name, annotations: Object.fromEntries(known) };
};

/** The same from all accounts of one address, of which one holds the Secret. */
export const assumedAmong = (accounts: readonly Account[]): Facts['secret'] =>
  accounts.map(assumedSecret).find((secret) => secret !== undefined);
