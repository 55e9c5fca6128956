import { formatFailures, parseFailures } from '../api/failures.ts';
import { formatMilliseconds, formatSeconds, hourMs, type Instant } from '../api/instants.ts';
import { secretType } from '../api/names.ts';
import { annotation, read, type Annotations, type SecondFactor, type SecretRecord } from '../api/record.ts';
import { clipWindows, formatWindows, joinWindows, type Window } from '../api/windows.ts';
import type { MetadataPatch, SecretAct } from './decision.ts';
import type { SecretFacts } from './facts.ts';
import type { AccountWishes, PlatformWishes } from './wishes.ts';

/** Annotations as they should be; undefined for one that should not be there. Those not named are left alone. */
export type Wanted = Readonly<Record<string, string | undefined>> & {
  readonly [annotation.secondFactor]?: SecondFactor;
};

/** What the Secret must agree with. */
export interface Declared {
  /** Of the account. */
  readonly name: string;
  readonly account: AccountWishes;
  readonly platform: PlatformWishes;
  /** Suspensions granted: open or to come, within the maximum. */
  readonly windows: readonly Window[];
}

/** What windows say from now on. */
const ahead = (windows: readonly Window[], now: Instant): string | undefined =>
  formatWindows(clipWindows(windows, { from: now, until: Infinity }));

/** A window that has ended, or the past of one that is open, may stay: it alone causes no write. */
const suspendedInStep = (present: Annotations, wished: readonly Window[], now: Instant): string | undefined => {
  const wanted = joinWindows(wished);
  const windows = read(present, annotation.suspended);
  if (windows && ahead(windows, now) === ahead(wanted, now)) return present[annotation.suspended];
  return formatWindows(wanted.filter(({ until }) => until > now));
};

/** Never falls: withdrawing an unlock from Git locks nobody. */
const unlockedInStep = (present: Annotations, wished: Instant | undefined, now: Instant): string | undefined => {
  const unlockedAt = read(present, annotation.unlockedAt);
  if (wished !== undefined && wished <= now && wished > (unlockedAt ?? -Infinity)) return formatSeconds(wished);
  return unlockedAt === undefined ? undefined : formatSeconds(unlockedAt);
};

const codeInStep = ({ account, platform }: Declared): string | undefined => {
  const code = account.enrollmentCode;
  if (code) return `${code.hash} ${formatSeconds(code.expiresAt)}`;
  return platform.codeRequired ? 'required' : undefined;
};

/** Once enrolled it says nothing any more, and goes. */
const enrollUntilInStep = (present: Annotations, windowHours: number | undefined): string | undefined => {
  const mintedAt = read(present, annotation.mintedAt);
  const enrolled = present[annotation.enrolledAt] !== undefined;
  if (mintedAt === undefined || enrolled || windowHours === undefined) return undefined;
  return formatSeconds(mintedAt + windowHours * hourMs);
};

/** What follows from the specs and needs no deed, for a Secret with these annotations. */
const inStep = (present: Annotations, declared: Declared, now: Instant): Wanted => ({
  [annotation.account]: declared.name,
  [annotation.address]: declared.account.address,
  [annotation.orphanedAt]: undefined,
  [annotation.eraseAfter]: undefined,
  [annotation.suspended]: suspendedInStep(present, declared.windows, now),
  [annotation.enrollUntil]: enrollUntilInStep(present, declared.platform.windowHours),
  [annotation.enrollmentCode]: codeInStep(declared),
  [annotation.unlockedAt]: unlockedInStep(present, declared.account.unlockAt, now),
});

/** A deed and, for the Secret as the deed leaves it, what follows from the specs. */
export const deedInStep = (present: Annotations, deed: Wanted, declared: Declared, now: Instant): Wanted => ({
  ...deed,
  ...inStep(merge(present, deed), declared, now),
});

/** What the login wrote about a seed that goes: all but the instants of wrong codes, so that a reset is no unlock. */
const forgetSeed: Wanted = {
  [annotation.mintedAt]: undefined,
  [annotation.firstShownAt]: undefined,
  [annotation.enrolledAt]: undefined,
  [annotation.lastStep]: undefined,
  [annotation.attempt]: undefined,
  [annotation.dataInvalid]: undefined,
};

const withoutRow = (present: Annotations, ifUnreadable: 'keep' | 'drop'): string | undefined => {
  const text = present[annotation.failures];
  if (text === undefined) return undefined;
  const failures = parseFailures(text);
  if (failures) return failures.row === 0 ? text : formatFailures({ ...failures, row: 0 });
  return ifUnreadable === 'keep' ? text : undefined;
};

/** The receipt of a minting: it rides in the same write as the seed. */
export const minting = (present: Annotations, mintedAt: Instant): Wanted => ({
  ...forgetSeed,
  [annotation.erasedAt]: undefined,
  [annotation.failures]: withoutRow(present, 'drop'),
  [annotation.mintedAt]: formatMilliseconds(mintedAt),
  [annotation.secondFactor]: 'required',
});

/** The receipt of an erasure. */
export const erasing = (present: Annotations, erasedAt: Instant): Wanted => ({
  ...forgetSeed,
  [annotation.failures]: withoutRow(present, 'keep'),
  [annotation.erasedAt]: formatSeconds(erasedAt),
  [annotation.secondFactor]: 'off',
});

/** While the platform is unknown: of the windows that are open, what the account itself still asks for. */
export const shrinking = (present: Annotations, wished: Window | undefined, now: Instant): Wanted => {
  const windows = read(present, annotation.suspended);
  if (!windows) return {};
  return { [annotation.suspended]: suspendedInStep(present, wished ? clipWindows(windows, wished) : [], now) };
};

/** The difference between what is and what should be; undefined if there is none. */
export const patchTo = (
  secret: SecretFacts | undefined,
  wanted: Wanted,
  platformLabel: string | undefined,
): MetadataPatch | undefined => {
  const present = secret?.annotations ?? {};
  const changes = Object.entries(wanted).filter(([key, value]) => present[key] !== value);
  const annotations = Object.fromEntries(changes.map(([key, value]) => [key, value ?? null] as const));
  if (platformLabel !== undefined && platformLabel !== secret?.platformLabel) return { annotations, platformLabel };
  return changes.length === 0 ? undefined : { annotations };
};

const merge = (present: Annotations, changes: Readonly<Record<string, string | null | undefined>>): Annotations =>
  Object.fromEntries(
    Object.entries({ ...present, ...changes }).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

/** The Secret's annotations once the act is done; undefined if there is no Secret then. The status speaks of these. */
export const annotationsAfter = (secret: SecretFacts | undefined, act: SecretAct): Annotations | undefined => {
  switch (act.kind) {
    case 'keep':
      return secret?.annotations;
    case 'delete':
      return undefined;
    case 'create':
    case 'replace':
    case 'annotate':
    case 'erase':
    case 'orphan':
      return merge(secret?.annotations ?? {}, act.patch.annotations);
  }
};

export const recordOf = (annotations: Annotations | undefined): SecretRecord | undefined =>
  annotations && { type: secretType, annotations };
