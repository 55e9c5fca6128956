// Generated from crds/ by `npm run generate`; edit the CRD instead.

/**
 * An ExchangePlatform is a hosted Exchange service: it says whether its MailAccounts need a second factor at login, and with which limits.
 * It lives in the same namespace as its accounts, so a namespace is a tenant.
 */
export interface ExchangePlatform {
  apiVersion: 'exchange2fa.io/v1alpha1';
  kind: 'ExchangePlatform';
  metadata: ExchangePlatformMetadata;
  spec: ExchangePlatformSpec;
  status?: ExchangePlatformStatus;
}
/**
 * Standard object metadata, as far as it is read here.
 */
export interface ExchangePlatformMetadata {
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
export interface ExchangePlatformSpec {
  /**
   * The name that the OTP app shows beside the account: 1 to 64 printable characters, no ':' and no space at either end.
   * A change reaches seeds minted from now on; a phone that is enrolled keeps what it was given.
   * Example: Example Mail
   */
  issuer: string;
  twoFactor: ExchangePlatformTwoFactor;
}
/**
 * The second factor of all accounts of this platform.
 */
export interface ExchangePlatformTwoFactor {
  /**
   * The platform's switch. Disabled: no account is asked for a code, while seeds and enrolments are kept, so that Enabled brings back what was.
   */
  state: 'Enabled' | 'Disabled';
  /**
   * What holds for accounts that say no state themselves: one edit switches a whole platform on or off. Off in this way keeps the seeds.
   * Default: Disabled.
   */
  accountDefault?: 'Enabled' | 'Disabled';
  /**
   * The longest suspension, in hours, that an account or the platform may ask for. A longer one is refused as a whole, and the second factor stays on.
   * Default: 24.
   */
  maxSuspensionHours?: number;
  suspension?: ExchangePlatformSuspension;
  reset?: ExchangePlatformReset;
  enrollment?: ExchangePlatformEnrollment;
  totp?: ExchangePlatformTotp;
  /**
   * How long, in hours, the Secret of a deleted account is kept. It is refused at login meanwhile, and taken back if the account is applied again.
   * Default: 720 (30 days).
   */
  retainDeletedHours?: number;
}
/**
 * No account is asked for a code from requestedAt until requestedAt + hours: an outage, a migration weekend. It ends by itself, on the second.
 * Longer than maxSuspensionHours: it has no effect, and condition Ready says so.
 */
export interface ExchangePlatformSuspension {
  /**
   * When the suspension begins: RFC 3339 in whole seconds, with Z or an offset. An instant in the future waits for its time.
   * Example: "2026-12-01T08:00:00Z"
   */
  requestedAt: string;
  /**
   * How long it lasts, in hours, at most maxSuspensionHours.
   */
  hours: number;
  /**
   * Why, for people who look later. Example: Migration to the new data centre
   */
  reason?: string;
}
/**
 * Seeds of this platform that were minted before requestedAt are void, once that instant has come: every account is given another and shows a new QR code.
 * For use after a breach, or after restoring an old backup. Leaving it in place, or applying it again, does nothing a second time.
 */
export interface ExchangePlatformReset {
  /**
   * Seeds minted before this instant are replaced: RFC 3339 in whole seconds, with Z or an offset.
   * Example: "2026-12-01T08:00:00Z"
   */
  requestedAt: string;
  /**
   * Why, for people who look later. Example: Backup of October restored
   */
  reason?: string;
}
/**
 * Under which conditions an account that has not enrolled yet is shown its QR code.
 */
export interface ExchangePlatformEnrollment {
  /**
   * Open: whoever knows the password is shown the QR code. Code: only who also types the account's enrolment code (spec.twoFactor.enrollmentCode of the MailAccount).
   * Default: Open.
   */
  mode?: 'Open' | 'Code';
  /**
   * A QR code that was not scanned within this many hours of its minting is no longer shown. Raising it reopens; a reset mints another.
   * Default: no limit.
   */
  windowHours?: number;
}
/**
 * The parameters of the codes (RFC 6238), for seeds minted from now on. A phone that is enrolled keeps what it was given.
 * Some OTP apps understand the defaults only.
 */
export interface ExchangePlatformTotp {
  /**
   * The hash. Default: SHA1.
   */
  algorithm?: 'SHA1' | 'SHA256' | 'SHA512';
  /**
   * Digits of a code. Default: 6.
   */
  digits?: 6 | 8;
  /**
   * How long a code is shown, in seconds. Default: 30.
   */
  periodSeconds?: 30 | 60;
}
/**
 * What is so. Written by the operator alone.
 */
export interface ExchangePlatformStatus {
  /**
   * The metadata.generation that this status is about; -1 before anything was done.
   */
  observedGeneration?: number;
  accounts?: ExchangePlatformAccounts;
  /**
   * Ready and, while accounts are pending, Reconciling; Stalled where only a change to this object helps.
   */
  conditions?: ExchangePlatformCondition[];
}
/**
 * How many accounts are in which phase, brought up to date every 10 seconds at most.
 */
export interface ExchangePlatformAccounts {
  /**
   * All accounts of this platform.
   */
  total: number;
  /**
   * Accounts asked for a code.
   */
  enforced: number;
  /**
   * Accounts that are shown a QR code, after the enrolment code where one is needed.
   */
  enrolling: number;
  /**
   * Accounts not asked for a code until their suspension ends.
   */
  suspended: number;
  /**
   * Accounts refused after too many wrong codes.
   */
  locked: number;
  /**
   * Accounts not asked for a second factor.
   */
  off: number;
  /**
   * Accounts refused; their own conditions Ready and Enrolled say why.
   */
  blocked: number;
}
/**
 * One condition.
 */
export interface ExchangePlatformCondition {
  /**
   * What it is about: Ready, Reconciling or Stalled.
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
