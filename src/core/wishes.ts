import type { ExchangePlatformSpec } from '../api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../api/generated/mail-account.ts';
import { formatSeconds, hourMs, parseSpecInstant, type Instant } from '../api/instants.ts';
import { contains, type Window } from '../api/windows.ts';
import type { SeedParameters } from './decision.ts';

/** A spec read: defaults filled in, requests as instants. */
export interface Suspension extends Window {
  readonly hours: number;
}

export interface AccountWishes {
  readonly state: 'Enabled' | 'Removed' | undefined;
  readonly suspension: Suspension | undefined;
  readonly resetAt: Instant | undefined;
  readonly unlockAt: Instant | undefined;
  readonly enrollmentCode: { readonly hash: string; readonly expiresAt: Instant } | undefined;
}

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

class UnreadableField extends Error {}

const instantAt = (field: string, text: unknown): Instant => {
  const instant = typeof text === 'string' ? parseSpecInstant(text) : undefined;
  if (instant !== undefined) return instant;
  throw new UnreadableField(
    `spec.${field}: found ${JSON.stringify(text)}; allowed is an instant such as 2026-12-01T08:00:00Z`,
  );
};

const suspensionAt = (field: string, request: { requestedAt: string; hours: number } | undefined) => {
  if (!request) return undefined;
  const from = instantAt(`${field}.requestedAt`, request.requestedAt);
  const { hours } = request;
  if (!Number.isInteger(hours) || hours < 1 || hours > 8760) {
    throw new UnreadableField(`spec.${field}.hours: found ${JSON.stringify(hours)}; allowed is 1 to 8760`);
  }
  return { from, until: from + hours * hourMs, hours };
};

const requestAt = (field: string, request: { requestedAt: string } | undefined): Instant | undefined =>
  request && instantAt(`${field}.requestedAt`, request.requestedAt);

const oneOf = <Allowed>(field: string, value: unknown, allowed: readonly Allowed[]): Allowed => {
  if (allowed.includes(value as Allowed)) return value as Allowed;
  throw new UnreadableField(
    `spec.${field}: found ${JSON.stringify(value)}; allowed is ${allowed.filter((each) => each !== undefined).join(', ')}`,
  );
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

/** What an account asks for. The schema has checked it, but an object stored before a schema may say anything. */
export const readAccount = (spec: MailAccountSpec): AccountWishes | Misunderstood =>
  understand(() => {
    const factor = spec.twoFactor ?? {};
    const code = factor.enrollmentCode;
    return {
      state: oneOf('twoFactor.state', factor.state, ['Enabled', 'Removed', undefined] as const),
      suspension: suspensionAt('twoFactor.suspension', factor.suspension),
      resetAt: requestAt('twoFactor.reset', factor.reset),
      unlockAt: requestAt('twoFactor.unlock', factor.unlock),
      enrollmentCode: code && {
        hash: code.hash,
        expiresAt: instantAt('twoFactor.enrollmentCode.expiresAt', code.expiresAt),
      },
    };
  });

/** What a platform asks for, with the defaults of every field: they stand here and not in the schema. */
export const readPlatform = (spec: ExchangePlatformSpec): PlatformWishes | Misunderstood =>
  understand(() => {
    const factor = spec.twoFactor;
    return {
      state: oneOf('twoFactor.state', factor.state, ['Enabled', 'Disabled'] as const),
      accountDefault: oneOf('twoFactor.accountDefault', factor.accountDefault ?? 'Disabled', [
        'Enabled',
        'Disabled',
      ] as const),
      maxSuspensionHours: factor.maxSuspensionHours ?? 24,
      suspension: suspensionAt('twoFactor.suspension', factor.suspension),
      resetAt: requestAt('twoFactor.reset', factor.reset),
      codeRequired: factor.enrollment?.mode === 'Code',
      windowHours: factor.enrollment?.windowHours,
      retainDeletedHours: factor.retainDeletedHours ?? 720,
      totp: {
        issuer: spec.issuer,
        algorithm: factor.totp?.algorithm ?? 'SHA1',
        digits: factor.totp?.digits ?? 6,
        periodSeconds: factor.totp?.periodSeconds ?? 30,
      },
    };
  });

/** A suspension over the maximum and not yet over is refused as a whole; one that has ended harms nobody. */
export const isTooLong = (suspension: Suspension | undefined, maximumHours: number, now: Instant): boolean =>
  suspension !== undefined && suspension.hours > maximumHours && now < suspension.until;

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
