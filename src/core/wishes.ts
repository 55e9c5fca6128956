import type { ExchangePlatformSpec } from '../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../api/generated/mail-account.ts';
import { isCodeHash } from '../api/enrollment-code.ts';
import { formatSeconds, hourMs, type Instant } from '../api/instants.ts';
import { algorithms, digitCounts, periodsSeconds } from '../api/seed-data.ts';
import { contains, type Window } from '../api/windows.ts';
import type { SeedParameters } from './decision.ts';
import { fieldsOf } from './fields.ts';
import { hoursAt, instantAt, mapAt, oneOf, textAt, UnreadableField } from './spec-fields.ts';

/** A suspension that is asked for: its window, and how long that is. */
export interface Suspension extends Window {
  readonly hours: number;
}

/** An account's spec, read: requests as instants. */
export interface AccountWishes {
  readonly address: string;
  readonly platformName: string;
  readonly state: 'Enabled' | 'Removed' | undefined;
  readonly suspension: Suspension | undefined;
  readonly resetAt: Instant | undefined;
  readonly unlockAt: Instant | undefined;
  readonly enrollmentCode: { readonly hash: string; readonly expiresAt: Instant } | undefined;
}

/** A platform's spec, read: defaults filled in, requests as instants. */
export interface PlatformWishes {
  readonly state: 'Enabled' | 'Disabled';
  readonly accountDefault: 'Enabled' | 'Disabled';
  readonly maxSuspensionHours: number;
  readonly suspension: Suspension | undefined;
  readonly resetAt: Instant | undefined;
  readonly codeRequired: boolean;
  readonly windowHours: number | undefined;
  readonly retainDeletedHours: number;
  readonly totp: Omit<SeedParameters, 'address'>;
}

/** A spec that the schema should not have let through: which field, what was found, what is allowed. */
export interface Misunderstood {
  readonly misunderstood: string;
}

/** The wishes themselves, for who has nothing to say of a spec that can't be understood. */
export const understood = <Wishes extends AccountWishes | PlatformWishes>(
  wishes: Wishes | Misunderstood | undefined,
): Wishes | undefined => (wishes && 'misunderstood' in wishes ? undefined : wishes);

const suspensionAt = (field: string, value: unknown): Suspension | undefined => {
  if (value === undefined) return undefined;
  const request = mapAt(field, value);
  const from = instantAt(`${field}.requestedAt`, request.requestedAt);
  const hours = hoursAt(`${field}.hours`, request.hours);
  return { from, until: from + hours * hourMs, hours };
};

const requestAt = (field: string, value: unknown): Instant | undefined =>
  value === undefined ? undefined : instantAt(`${field}.requestedAt`, mapAt(field, value).requestedAt);

const codeAt = (field: string, value: unknown): AccountWishes['enrollmentCode'] => {
  if (value === undefined) return undefined;
  const { hash, expiresAt } = mapAt(field, value);
  if (typeof hash !== 'string' || !isCodeHash(hash)) {
    // not quoted: it may be the code itself
    throw new UnreadableField(`${field}.hash`, 'something else', 'sha256:<32 hex digits>:<64 hex digits>');
  }
  return { hash, expiresAt: instantAt(`${field}.expiresAt`, expiresAt) };
};

/** A field that is not what the schema promises becomes a sentence; any other error is ours and goes on. */
const understand = <Wishes>(read: () => Wishes): Wishes | Misunderstood => {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnreadableField) return { misunderstood: error.message };
    throw error;
  }
};

/** Printable ASCII without spaces and ':', which an otpauth URI can't carry in a label; the schema asks for more. */
const mailAddress = /^(?=.{3,254}$)[!-9;-?A-~]{1,64}@[!-9;-?A-~]+$/;

/** What the otpauth URI and the OTP app can show; as the schema says. */
const issuerName = /^(?! |.*:|.* $)[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,64}$/u;

/** The address of an account whose spec may be anything. */
export const addressOf = (spec: unknown): unknown => fieldsOf(spec)['address'];

/** What an account asks for. The schema has checked it, but an object stored before a schema may say anything. */
export const readAccount = (spec: MailAccountSpec): AccountWishes | Misunderstood =>
  understand(() => {
    const { address, platformRef, twoFactor } = mapAt('spec', spec);
    const factor = mapAt('spec.twoFactor', twoFactor);
    const { state } = factor;
    return {
      address: textAt('spec.address', address, mailAddress, 'an ASCII mail address'),
      platformName: textAt('spec.platformRef.name', mapAt('spec.platformRef', platformRef).name),
      state: state === undefined ? undefined : oneOf('spec.twoFactor.state', state, ['Enabled', 'Removed']),
      suspension: suspensionAt('spec.twoFactor.suspension', factor.suspension),
      resetAt: requestAt('spec.twoFactor.reset', factor.reset),
      unlockAt: requestAt('spec.twoFactor.unlock', factor.unlock),
      enrollmentCode: codeAt('spec.twoFactor.enrollmentCode', factor.enrollmentCode),
    };
  });

const totpAt = (issuer: unknown, value: unknown): PlatformWishes['totp'] => {
  const { algorithm = 'SHA1', digits = 6, periodSeconds = 30 } = mapAt('spec.twoFactor.totp', value);
  return {
    issuer: textAt('spec.issuer', issuer, issuerName, "1 to 64 printable characters without ':'"),
    algorithm: oneOf('spec.twoFactor.totp.algorithm', algorithm, algorithms),
    digits: oneOf('spec.twoFactor.totp.digits', digits, digitCounts),
    periodSeconds: oneOf('spec.twoFactor.totp.periodSeconds', periodSeconds, periodsSeconds),
  };
};

/** What a platform asks for, with the defaults of every field: they stand here and not in the schema. */
export const readPlatform = (spec: ExchangePlatformSpec): PlatformWishes | Misunderstood =>
  understand(() => {
    const { issuer, twoFactor } = mapAt('spec', spec);
    const factor = mapAt('spec.twoFactor', twoFactor);
    const { accountDefault = 'Disabled', maxSuspensionHours = 24, retainDeletedHours = 720 } = factor;
    const { mode = 'Open', windowHours } = mapAt('spec.twoFactor.enrollment', factor.enrollment);
    return {
      state: oneOf('spec.twoFactor.state', factor.state, ['Enabled', 'Disabled']),
      accountDefault: oneOf('spec.twoFactor.accountDefault', accountDefault, ['Enabled', 'Disabled']),
      maxSuspensionHours: hoursAt('spec.twoFactor.maxSuspensionHours', maxSuspensionHours),
      suspension: suspensionAt('spec.twoFactor.suspension', factor.suspension),
      resetAt: requestAt('spec.twoFactor.reset', factor.reset),
      codeRequired: oneOf('spec.twoFactor.enrollment.mode', mode, ['Open', 'Code']) === 'Code',
      windowHours:
        windowHours === undefined ? undefined : hoursAt('spec.twoFactor.enrollment.windowHours', windowHours),
      retainDeletedHours: hoursAt('spec.twoFactor.retainDeletedHours', retainDeletedHours, 0),
      totp: totpAt(issuer, factor.totp),
    };
  });

/** A suspension over the maximum and not yet over is refused as a whole; one that has ended harms nobody. */
export const isTooLong = (suspension: Suspension | undefined, maximumHours: number, now: Instant): boolean =>
  suspension !== undefined && suspension.hours > maximumHours && now < suspension.until;

/** Whether it is in force or to come: it is not over, and its platform allows as much. */
export const isGranted = (suspension: Suspension, maximumHours: number, now: Instant): boolean =>
  now < suspension.until && !isTooLong(suspension, maximumHours, now);

/** Why a suspension is refused, for Ready's message. */
export const tooLongMessage = (suspension: Suspension, maximumHours: number): string =>
  `spec.twoFactor.suspension.hours is ${suspension.hours}; the platform allows at most ${maximumHours} ` +
  '(spec.twoFactor.maxSuspensionHours), so the whole suspension is refused';

/** How a suspension is named in messages. */
export const describeSuspension = (suspension: Suspension, now: Instant): string => {
  if (contains(suspension, now)) return `suspended until ${formatSeconds(suspension.until)}`;
  return now < suspension.from
    ? `suspension starts ${formatSeconds(suspension.from)}`
    : `suspension of ${formatSeconds(suspension.from)} ended ${formatSeconds(suspension.until)}`;
};
