// Generated from crds/ by `npm run generate`; edit the CRD instead.

/**
 * A MailAccount is one login of an ExchangePlatform: it says whether this login needs a second factor, and carries dated requests (suspension, reset, unlock).
 * Requests are safe to repeat and may stay: applying the same YAML again does nothing a second time.
 */
export interface MailAccount {
  apiVersion: 'exchange2fa.io/v1alpha1';
  kind: 'MailAccount';
  metadata: MailAccountMetadata;
  spec: MailAccountSpec;
  status?: MailAccountStatus;
}
/**
 * Standard object metadata, as far as it is read here.
 */
export interface MailAccountMetadata {
  name: string;
  namespace: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
}
/**
 * What is asked for. Written by people and pipelines, never by the operator.
 */
export interface MailAccountSpec {
  platformRef: MailAccountPlatformRef;
  /**
   * The login: a mail address in ASCII and lower case, at most 254 characters, 64 of them before the @. The OTP app shows it below the issuer. It can't be changed.
   * Example: anna@example.com
   */
  address: string;
  twoFactor?: MailAccountTwoFactor;
}
/**
 * The ExchangePlatform that this account belongs to. It can't be changed.
 */
export interface MailAccountPlatformRef {
  /**
   * The name of an ExchangePlatform in the same namespace, at most 63 characters. It can't be changed.
   * Example: example-mail
   */
  name: string;
}
/**
 * The second factor of this account. Absent: what the platform says (spec.twoFactor.accountDefault).
 */
export interface MailAccountTwoFactor {
  /**
   * Enabled: the login asks for a code. Removed: the seed is erased and the login asks for none; Enabled again mints another seed and shows a new QR code.
   * Default: the platform's accountDefault.
   */
  state?: 'Enabled' | 'Removed';
  suspension?: MailAccountSuspension;
  reset?: MailAccountReset;
  unlock?: MailAccountUnlock;
  enrollmentCode?: MailAccountEnrollmentCode;
}
/**
 * The login asks for no code from requestedAt until requestedAt + hours; then it does again, by itself and on the second.
 * Longer than the platform's maxSuspensionHours and not yet over: refused as a whole, the second factor stays on, and condition Ready says so.
 * Remove it to end it early.
 */
export interface MailAccountSuspension {
  /**
   * When the suspension begins: RFC 3339 in whole seconds, with Z or an offset. An instant in the future waits for its time.
   * Example: "2026-12-01T08:00:00Z"
   */
  requestedAt: string;
  /**
   * How long it lasts, in hours, at most the platform's maxSuspensionHours.
   */
  hours: number;
  /**
   * Why, for people who look later. Example: Travels with a borrowed phone, ticket 4711
   */
  reason?: string;
}
/**
 * A seed minted before requestedAt is void, once that instant has come: it is replaced, and the next login shows a new QR code (phone lost or stolen).
 * A running suspension stays; the QR code comes at its end. Leaving the request in place, or applying it again, does nothing a second time.
 */
export interface MailAccountReset {
  /**
   * A seed minted before this instant is replaced: RFC 3339 in whole seconds, with Z or an offset.
   * Example: "2026-12-01T08:00:00Z"
   */
  requestedAt: string;
  /**
   * Why, for people who look later. Example: Phone lost, ticket 4712
   */
  reason?: string;
}
/**
 * Wrong codes up to requestedAt no longer delay or lock the login. Seed and enrolment stay.
 * After 100 wrong codes in a row it takes a reset instead.
 */
export interface MailAccountUnlock {
  /**
   * Wrong codes up to this instant don't count: RFC 3339 in whole seconds, with Z or an offset.
   * Example: "2026-12-01T08:00:00Z"
   */
  requestedAt: string;
  /**
   * Why, for people who look later. Example: Identity checked by telephone
   */
  reason?: string;
}
/**
 * The QR code is shown only to who also types this code, whatever the platform's enrollment.mode.
 * Made by `kubectl twofactor code`, which shows the code once and writes its hash here.
 */
export interface MailAccountEnrollmentCode {
  /**
   * The hash of the code: sha256:<hex of a 16-byte salt>:<hex of SHA-256(salt ‖ code)>. The code is 16 random characters of Crockford's base32,
   * hashed in upper case without hyphens, I and L read as 1, O as 0.
   */
  hash: string;
  /**
   * Past this instant the code counts as not issued: RFC 3339 in whole seconds, with Z or an offset.
   * Example: "2026-12-08T08:00:00Z"
   */
  expiresAt: string;
}
/**
 * What is so. Written by the operator alone.
 */
export interface MailAccountStatus {
  /**
   * The metadata.generation that this status is about; -1 before anything was done.
   */
  observedGeneration?: number;
  /**
   * What a login meets now. Off: no second factor. Suspended: none until suspendedUntil. Enrolling: the QR code. Enforced: asks for the code.
   * Locked: refused until lockedUntil, an unlock or, without lockedUntil, a reset. Blocked: refused, see conditions Ready and Enrolled.
   */
  phase?: 'Off' | 'Suspended' | 'Enrolling' | 'Enforced' | 'Locked' | 'Blocked';
  /**
   * The Secret that login services read: totp- and 40 hex digits made from the address.
   */
  secretName?: string;
  /**
   * When the present seed was minted, in RFC 3339 with milliseconds.
   */
  seedMintedAt?: string;
  /**
   * When the first code was accepted for the present seed, in RFC 3339. Absent while not enrolled.
   */
  enrolledAt?: string;
  /**
   * When the open suspension ends, in RFC 3339. Absent while none is open.
   */
  suspendedUntil?: string;
  /**
   * When the lock ends by itself, in RFC 3339. Absent in phase Locked: only a reset lifts it.
   */
  lockedUntil?: string;
  /**
   * Ready, Enforced and Enrolled; Stalled where only a change to this object or its Secret helps.
   */
  conditions?: MailAccountCondition[];
}
/**
 * One condition.
 */
export interface MailAccountCondition {
  /**
   * What it is about: Ready, Enforced, Enrolled or Stalled.
   */
  type: string;
  /**
   * True, False or Unknown.
   */
  status: 'True' | 'False' | 'Unknown';
  /**
   * The metadata.generation that this condition is about.
   */
  observedGeneration?: number;
  /**
   * When the condition's status last changed.
   */
  lastTransitionTime: string;
  /**
   * Why, in one word. Example: Reconciled
   */
  reason: string;
  /**
   * Why, in a sentence that names the field, the value and the limit.
   */
  message: string;
}
