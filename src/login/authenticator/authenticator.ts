import type { Verdict } from '../../core/second-factor.ts';
import type { Unavailable } from '../secrets/secret-store.ts';
import type { Subject } from '../secrets/subject.ts';

/** Why a login is refused. */
export type DenyReason = Extract<Verdict, { readonly kind: 'deny' }>['reason'];

/** `observe`: the denial NoSecret is counted, logged and let pass; everything else is as in `enforce`. */
export type Mode = 'observe' | 'enforce';

/** On whose behalf a question is asked. */
export interface Asker {
  /** Name of the relying party or API caller: in the audit line and the metrics. */
  readonly relyingParty: string;
  readonly mode: Mode;
  /**
   * What the browser kept from its last accepted code. It makes the browser a *known* one if it is genuine, not expired,
   * for this account and for its present seed; anything else counts as unknown, and never as an error.
   */
  readonly deviceToken?: string | undefined;
}

/** No code is asked for. */
export type NotAsked =
  | { readonly kind: 'none'; readonly reason: 'Off' }
  /** `until`: Unix milliseconds; from then on a code is asked for again. */
  | { readonly kind: 'none'; readonly reason: 'Suspended'; readonly until: number }
  /** No MailAccount manages this mailbox, and the asker only observes. */
  | { readonly kind: 'none'; readonly reason: 'NotManaged' };

/** Of each answer that a suspension would have made another: the page says why it is this one. */
export interface DespiteSuspension {
  /**
   * True if a suspension would let this person in now, and is not honoured because this machine's clock and the API
   * server's differ by more than 30 s.
   */
  readonly suspensionIgnored: boolean;
}

/**
 * Refused, whatever is typed. Locked without `until`: until a reset. Only authenticated callers of the API are told
 * NoSecret; a page says the same as for any other refusal.
 */
export interface Denied extends DespiteSuspension {
  readonly kind: 'deny';
  readonly reason: DenyReason;
  /** Unix milliseconds: when it ends by itself. */
  readonly until?: number;
}

/** The enrolment code asked of who wants to see the QR. */
export type EnrollmentCodeNeed = 'none' | 'needed' | 'notIssued';

/** Of each answer that asks for a code. */
interface CodeQuestion extends DespiteSuspension {
  /** The seed that a page is about: pass it to `verify`, so that a code for an older seed is refused. */
  readonly mintedAt: string;
  /** Unix milliseconds: no code is judged before, not even a right one; show a wait instead of the field. */
  readonly notBefore?: number;
  /** Wrong codes since the last right one. */
  readonly wrongCodes: number;
}

/** The seed waits for its first code. */
export interface Enrolling extends CodeQuestion {
  readonly kind: 'enroll';
  /** `notIssued`: none was, or it has expired; say whom to ask. */
  readonly enrollmentCode: EnrollmentCodeNeed;
  /** Unix milliseconds: when the QR of this seed was shown for the first time; absent if it never was. */
  readonly firstShownAt?: number;
  /** An older seed may be in the app still (a reset, or the second factor was off meanwhile): delete that entry first. */
  readonly replacesEarlier: boolean;
}

/** The code from the phone is asked for. */
export interface CodeAsked extends CodeQuestion {
  readonly kind: 'code';
}

/** What a login meets: what it requires of the person, or why nobody gets in. */
export type LoginRequirement = NotAsked | Enrolling | CodeAsked | Denied | Unavailable;

/** What is wrong with the enrolment code: nothing was written and nothing counts. */
export interface EnrollmentCodeRefused extends DespiteSuspension {
  readonly kind: 'enrollmentCode';
  readonly problem: 'missing' | 'wrong' | 'notIssued';
}

/** The QR code and what it says. Contains the seed: never logged, never cached, never in a URL. */
export interface ShownEnrollment extends DespiteSuspension {
  readonly kind: 'shown';
  /** For a link, for who reads the page on the phone itself. */
  readonly otpauthUri: string;
  /** The seed in base32 for typing: 32 characters, unless it was imported; show it in groups of four. */
  readonly key: string;
  /** The QR code as an SVG document, black on white whatever the page's colours. */
  readonly qrSvg: string;
  readonly digits: 6 | 8;
  /** Seconds for which the phone shows one code. */
  readonly periodSeconds: 30 | 60;
  /** As the app names the entry. */
  readonly issuer: string;
  /** Unix milliseconds. */
  readonly firstShownAt: number;
  /** It was shown before: say when, and what to do if that was somebody else. */
  readonly shownBefore: boolean;
  readonly replacesEarlier: boolean;
  /** Pass it to `verify`. */
  readonly mintedAt: string;
  /** Unix milliseconds, see {@link Enrolling}: the QR is shown, but a code is not judged yet. */
  readonly notBefore?: number;
}

/** Instead of the QR: a code is asked for already, none is needed, or the login is refused. */
export type Enrollment = ShownEnrollment | EnrollmentCodeRefused | NotAsked | CodeAsked | Denied | Unavailable;

/** How the phone's clock seems to differ: the wrong code would be right at another time. */
export interface ClockHint {
  readonly phoneIs: 'slow' | 'fast';
  /** About how much, in whole minutes, at least 1. */
  readonly minutes: number;
}

export type CodeVerdict =
  | {
      readonly kind: 'accepted';
      /** RFC 8176: what this step adds to the first factor's own. */
      readonly amr: readonly ['otp'];
      /** For the browser to keep, 90 days: makes it a known one. */
      readonly deviceToken: string;
      /** When the device token ends, Unix milliseconds. */
      readonly deviceTokenUntil: number;
      /** It was the first code for this seed: the account is enrolled now. */
      readonly firstCode: boolean;
      /** Wrong codes since the last good login; tell the person if it is more than none. */
      readonly wrongCodesBefore: number;
    }
  /** Counted. */
  | {
      readonly kind: 'wrong';
      /** Wrong codes since the last right one, this one included. */
      readonly wrongCodes: number;
      readonly clock?: ClockHint;
      /** What the next try meets: to wait, perhaps, or a lock. */
      readonly next: LoginRequirement;
    }
  /** Right, but accepted before (or older than one that was): the person waits for the next code. Not counted. */
  | { readonly kind: 'replayed' }
  /** Not so many digits. Nothing was written, nothing counts. */
  | { readonly kind: 'malformed'; readonly digits: 6 | 8 | undefined }
  /** Too soon after wrong codes; a right one is refused too. Nothing was written. */
  | ({ readonly kind: 'waiting'; readonly notBefore: number } & DespiteSuspension)
  /** The page was about another seed: begin again, the person enrols anew. */
  | { readonly kind: 'seedChanged' }
  | EnrollmentCodeRefused
  /** Meanwhile no code is asked for any more. */
  | NotAsked
  | Denied
  | Unavailable;

export interface Typed {
  /** As it was typed: spaces, hyphens and full-width digits are understood. */
  readonly code: string;
  /** Of the page or the enrolment that the code answers. Absent: whatever seed is there now. */
  readonly mintedAt?: string | undefined;
  /** While enrolling with an enrolment code: the same that `showEnrollment` was given. */
  readonly enrollmentCode?: string | undefined;
  /**
   * Unguessable, one a page session or API request: the same key with the same code within a minute gets the same answer
   * and is judged once. Absent: every call is judged anew.
   */
  readonly idempotencyKey?: string | undefined;
}

/**
 * The second factor of a login, for pages and API alike. Nothing throws for what a person or the API server does; every
 * verdict is committed to the Secret before it is returned, and leaves one audit line.
 */
export interface Authenticator {
  /** What a login meets now. Writes nothing. */
  meets(subject: Subject, asker: Asker): Promise<LoginRequirement>;
  /**
   * Shows the QR code, and notes the first time that it was shown. A wrong enrolment code is answered after a second.
   */
  showEnrollment(
    subject: Subject,
    asker: Asker,
    given?: { readonly enrollmentCode?: string | undefined },
  ): Promise<Enrollment>;
  /** Judges a code: one read, one compare-and-swap, then the answer. */
  verify(subject: Subject, asker: Asker, typed: Typed): Promise<CodeVerdict>;
}
