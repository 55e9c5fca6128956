import { isCodeHash } from './enrollment-code.ts';
import { noFailures, parseFailures, type Failures } from './failures.ts';
import { parseMilliseconds, parseSeconds, type Instant } from './instants.ts';
import { group, secretType } from './names.ts';
import { parseWindows, type Window } from './windows.ts';

/**
 * The annotations of the Secret contract. `operator` and `login` name their writers: each has its own, so neither
 * overwrites the other's (minting and erasing clear the login's).
 */
export const annotation = {
  /** operator: the MailAccount that this Secret belongs to. */
  account: `${group}/account`,
  /** operator: its mail address. */
  address: `${group}/address`,
  /** operator: one of {@link secondFactorValues}. */
  secondFactor: `${group}/second-factor`,
  /** operator: the windows in which no code is asked for. */
  suspended: `${group}/suspended`,
  /** operator, with the seed: when it was minted; the receipt of every reset up to then. */
  mintedAt: `${group}/minted-at`,
  /** operator, with the erasure: the seed was taken away on request. */
  erasedAt: `${group}/erased-at`,
  /** operator: after this a QR that nobody scanned is no longer shown. */
  enrollUntil: `${group}/enroll-until`,
  /** operator: `required` (none issued yet) or `<hash> <expiresAt>`. */
  enrollmentCode: `${group}/enrollment-code`,
  /** operator: wrong codes up to then do not count. */
  unlockedAt: `${group}/unlocked-at`,
  /** operator: no account has this address any more. */
  orphanedAt: `${group}/orphaned-at`,
  /** operator: when an orphan is deleted. */
  eraseAfter: `${group}/erase-after`,
  /** login: the QR was shown for the first time. */
  firstShownAt: `${group}/first-shown-at`,
  /** login: the first accepted code. */
  enrolledAt: `${group}/enrolled-at`,
  /** login: the last accepted RFC 6238 time step. */
  lastStep: `${group}/last-step`,
  /** login: wrong codes, see {@link Failures}. */
  failures: `${group}/failures`,
  /** login: id of the last verdict. */
  attempt: `${group}/attempt`,
  /** login: the `minted-at` whose data could not be read. */
  dataInvalid: `${group}/data-invalid`,
} as const;

/** What the operator says: a code is asked for, none is, or the login is refused; as it is where anything else stands. */
export const secondFactorValues = ['required', 'off', 'refused'] as const;

export type SecondFactor = (typeof secondFactorValues)[number];

/** Annotations as an object carries them. */
export type Annotations = Readonly<Record<string, string>>;

/** What a decision about a login needs of a Secret: its type and annotations, never its data. */
export interface SecretRecord {
  readonly type: string;
  readonly annotations: Annotations;
}

/** The enrolment code asked of who wants to see the QR. */
export type EnrollmentCode =
  | { readonly kind: 'none' }
  | { readonly kind: 'notIssued' }
  | { readonly kind: 'issued'; readonly hash: string; readonly expiresAt: Instant };

/** The record with every annotation read. */
export interface ReadRecord {
  readonly secondFactor: SecondFactor | undefined;
  readonly suspended: readonly Window[];
  readonly mintedAt: Instant | undefined;
  readonly erased: boolean;
  readonly enrolledAt: Instant | undefined;
  readonly enrollUntil: Instant | undefined;
  readonly unlockedAt: Instant | undefined;
  readonly lastStep: number | undefined;
  readonly failures: Failures;
  readonly enrollmentCode: EnrollmentCode;
}

/** A record of which one annotation cannot be trusted: `annotation` names it. */
export interface UnreadableRecord {
  readonly annotation: string;
}

const step = /^(?:0|[1-9]\d{0,11})$/;
/** Reads the annotation `last-step`: `0` or up to 12 digits without a leading zero. */
export const parseStep = (text: string): number | undefined => (step.test(text) ? Number(text) : undefined);

const parseEnrollmentCode = (text: string): EnrollmentCode | undefined => {
  if (text === 'required') return { kind: 'notIssued' };
  const [hash = '', expires = '', ...more] = text.split(' ');
  const expiresAt = parseSeconds(expires);
  if (!isCodeHash(hash) || expiresAt === undefined || more.length > 0) return undefined;
  return { kind: 'issued', hash, expiresAt };
};

export const isOurs = (record: SecretRecord): boolean => record.type === secretType;

/** Whether no account has this address: said by the annotation's presence, whatever it contains. */
export const isOrphaned = (record: SecretRecord): boolean => record.annotations[annotation.orphanedAt] !== undefined;

const readers = {
  [annotation.suspended]: parseWindows,
  [annotation.mintedAt]: parseMilliseconds,
  [annotation.enrolledAt]: parseSeconds,
  [annotation.enrollUntil]: parseSeconds,
  [annotation.unlockedAt]: parseSeconds,
  [annotation.lastStep]: parseStep,
  [annotation.failures]: parseFailures,
  [annotation.enrollmentCode]: parseEnrollmentCode,
} satisfies Record<string, (text: string) => unknown>;

type Readers = typeof readers;

/** The value of one annotation; undefined where it is absent or unreadable. */
export const read = <Key extends keyof Readers>(
  annotations: Annotations,
  key: Key,
): ReturnType<Readers[Key]> | undefined => {
  const text = annotations[key];
  return text === undefined ? undefined : (readers[key](text) as ReturnType<Readers[Key]> | undefined);
};

/** Whether an annotation is there and says nothing that can be understood. */
const isUnreadable = (annotations: Annotations, key: keyof Readers): boolean =>
  annotations[key] !== undefined && read(annotations, key) === undefined;

/** Why the record cannot be trusted, or undefined: the first annotation that does not parse or contradicts another. */
const contradiction = (annotations: Annotations): string | undefined => {
  const unreadable = (Object.keys(readers) as (keyof Readers)[]).find((key) => isUnreadable(annotations, key));
  if (unreadable) return unreadable;
  const enrolled = annotations[annotation.enrolledAt] !== undefined;
  if (enrolled !== (annotations[annotation.lastStep] !== undefined)) {
    return enrolled ? annotation.lastStep : annotation.enrolledAt;
  }
  const invalid = annotations[annotation.dataInvalid];
  return invalid !== undefined && invalid === annotations[annotation.mintedAt] ? annotation.dataInvalid : undefined;
};

/** Reads a record whole, or names the annotation because of which it must be refused. */
export const readRecord = ({ annotations }: SecretRecord): ReadRecord | UnreadableRecord => {
  const refused = contradiction(annotations);
  if (refused) return { annotation: refused };
  return {
    secondFactor: secondFactorValues.find((value) => value === annotations[annotation.secondFactor]),
    suspended: read(annotations, annotation.suspended) ?? [],
    mintedAt: read(annotations, annotation.mintedAt),
    erased: annotations[annotation.erasedAt] !== undefined,
    enrolledAt: read(annotations, annotation.enrolledAt),
    enrollUntil: read(annotations, annotation.enrollUntil),
    unlockedAt: read(annotations, annotation.unlockedAt),
    lastStep: read(annotations, annotation.lastStep),
    failures: read(annotations, annotation.failures) ?? noFailures,
    enrollmentCode: read(annotations, annotation.enrollmentCode) ?? { kind: 'none' },
  };
};
