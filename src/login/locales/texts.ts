import type { ClockHint } from '../authenticator/authenticator.ts';

/** A page that says one thing: a heading and paragraphs. */
export interface Notice {
  readonly title: string;
  readonly paragraphs: readonly string[];
}

/** Everything that the pages say in one language. Instants and waits come in as words of the language already. */
export interface Texts {
  /** BCP 47: of the document, and what Accept-Language is compared with. */
  readonly lang: string;
  /** BCP 47: how instants and waits are written. */
  readonly formats: string;
  /** Before the title of a page that tells of an error. */
  readonly errorPrefix: string;
  readonly footer: string;
  /** Before the address that signs in. */
  readonly signingInAs: string;
  /** A link to the relying party, by its name for people. */
  readonly backTo: (name: string) => string;
  /** Before whom to ask, as the operator of the service configured it. */
  readonly help: string;
  readonly continue: string;

  readonly code: {
    readonly title: string;
    readonly lead: string;
    readonly label: string;
    readonly noPhone: string;
    readonly noPhoneHelp: string;
  };
  readonly enroll: {
    readonly title: string;
    readonly lead: string;
    readonly install: string;
    /** Only if the app may have an entry that no longer works. */
    readonly deleteOlder: (issuer: string) => string;
    readonly scan: string;
    /** What a screen reader says instead of the picture. */
    readonly qrLabel: string;
    readonly onThisPhone: string;
    readonly openApp: string;
    readonly cannotScan: string;
    readonly typeKey: string;
    readonly type: string;
    readonly label: string;
    readonly confirm: string;
    readonly shownBefore: (when: string) => string;
    readonly shownBeforeHelp: string;
  };
  readonly enrollmentCode: {
    readonly title: string;
    readonly lead: string;
    readonly label: string;
    readonly hint: string;
    readonly wrong: string;
    readonly missing: string;
  };
  readonly problem: {
    readonly wrong: string;
    readonly clock: (hint: ClockHint) => string;
    readonly replayed: string;
    readonly malformed: (digits: number | undefined) => string;
    readonly waiting: (wait: string) => string;
    readonly seedChanged: string;
    readonly suspensionIgnored: string;
  };
  readonly waiting: { readonly title: string; readonly lead: (wait: string) => string; readonly tryAgain: string };
  readonly guessed: { readonly title: string; readonly count: (codes: number) => string; readonly advice: string };
  readonly answer: Notice;
  readonly notice: {
    readonly notSetUp: Notice;
    readonly locked: (until: string | undefined) => Notice;
    readonly enrollmentExpired: Notice;
    readonly codeNotIssued: Notice;
    readonly unavailable: Notice;
    readonly sessionEnded: Notice;
    readonly finished: Notice;
    readonly otherPage: Notice;
    readonly hintExpired: Notice;
    readonly hintRefused: Notice;
    readonly domainNotServed: Notice;
    readonly badRequest: Notice;
    readonly notFound: Notice;
    readonly tooMany: Notice;
    readonly broken: Notice;
  };
}
