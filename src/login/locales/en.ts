import type { Texts } from './texts.ts';

const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

export const en: Texts = {
  lang: 'en',
  formats: 'en-GB',
  errorPrefix: 'Error:',
  footer: 'The code protects the webmail. Mail programs and mail apps sign in with the password alone.',
  signingInAs: 'Signing in as',
  backTo: (name) => `Back to ${name}`,
  help: 'Help desk:',
  continue: 'Continue',
  code: {
    title: 'Enter your code',
    lead: 'Open the authenticator app on your phone and type the code that it shows for this address.',
    label: 'Code from the app',
    noPhone: 'No phone at hand, or a new one?',
    noPhoneHelp:
      'Ask your help desk. They can suspend the code for some hours, or reset it, so that you can set up another phone.',
  },
  enroll: {
    title: 'Set up your phone',
    lead: 'From now on, signing in to the webmail takes your password and a code from your phone.',
    install:
      'Install an authenticator app on your phone, unless you have one. Two that cost nothing: Aegis (Android) and 2FAS Auth (iPhone and Android).',
    deleteOlder: (issuer) =>
      `If the app already has an entry “${issuer}” for this address, delete that entry first: it no longer works.`,
    scan: 'In the app, add an account and scan this picture.',
    qrLabel: 'QR code for the authenticator app. The same key is below as text.',
    onThisPhone: 'Are you reading this on the phone itself?',
    openApp: 'Open the authenticator app',
    cannotScan: 'You can’t scan it?',
    typeKey: 'Choose to type a key in the app, and give it this one (time based):',
    type: 'Type the code that the app shows now.',
    label: 'Code from the app',
    confirm: 'Confirm',
    shownBefore: (when) => `This picture was first shown on ${when}.`,
    shownBeforeHelp:
      'If that was not you, don’t scan it: somebody else may know your password and have scanned it already. Change your password and ask your help desk for a reset before you go on.',
  },
  enrollmentCode: {
    title: 'Enter your enrolment code',
    lead: 'Your help desk gave you an enrolment code. Type it to set up your phone.',
    label: 'Enrolment code',
    hint: '16 letters and digits. Hyphens, and capital or small letters, make no difference.',
    wrong:
      'This is not your enrolment code. Compare it with what you were given. If you were given several, use the latest one.',
    missing: 'Type the enrolment code.',
  },
  problem: {
    wrong: 'This code is not right. Wait for the next one and try again.',
    clock: ({ phoneIs, minutes }) =>
      `Your phone’s clock is about ${plural(minutes, 'minute', 'minutes')} ${phoneIs}: in the phone’s settings, let it set the time by itself.`,
    replayed: 'This code has been used already. Wait until the app shows the next one.',
    malformed: (digits) =>
      digits === undefined
        ? 'A code has digits only. Look at the app and type it again.'
        : `A code has ${digits} digits. Look at the app and type it again.`,
    waiting: (wait) =>
      `There were several wrong codes, so the next one can be tried in ${wait}. Until then even a right code is refused.`,
    seedChanged: 'Your second step was reset in the meantime. The code you typed belongs to the old one.',
    suspensionIgnored:
      'The code is suspended for this address, but the suspension does not count for now: our clock can’t be trusted at the moment. Tell your help desk if you can’t sign in.',
  },
  waiting: {
    title: 'Please wait',
    lead: (wait) =>
      `There were several wrong codes. The next one can be tried in ${wait}; until then even a right code is refused.`,
    tryAgain: 'Try again',
  },
  guessed: {
    title: 'Wrong codes since your last sign-in',
    count: (codes) =>
      `Your code was right. Since you last signed in, ${plural(codes, 'wrong code was', 'wrong codes were')} typed for this address.`,
    advice: 'If that was not you, somebody may know your password: change it now.',
  },
  answer: {
    title: 'Back to the webmail',
    paragraphs: ['You are being taken back to the webmail. If nothing happens, press the button.'],
  },
  notice: {
    notSetUp: {
      title: 'You can’t sign in right now',
      paragraphs: [
        'Your password was right, but the second step for this address can’t be completed.',
        'Ask your help desk to look at the second factor of your mailbox.',
      ],
    },
    locked: (until) => ({
      title: 'Too many wrong codes',
      paragraphs: [
        'This address is locked. Somebody who knows your password may be guessing codes.',
        until === undefined
          ? 'Change your password, then ask your help desk for a reset.'
          : 'Change your password, then ask your help desk for an unlock.',
        ...(until === undefined ? [] : [`Otherwise the lock ends by itself on ${until}.`]),
      ],
    }),
    enrollmentExpired: {
      title: 'The time to set up your phone is over',
      paragraphs: ['Ask your help desk for a reset. The next time you sign in, a new QR code is shown.'],
    },
    codeNotIssued: {
      title: 'You need an enrolment code',
      paragraphs: [
        'To set up your phone you need an enrolment code. None is valid for this address: it has expired, or none was made yet.',
        'Ask your help desk for one, then sign in again.',
      ],
    },
    unavailable: {
      title: 'Codes can’t be checked right now',
      paragraphs: ['Nothing is wrong with your phone or your password. Try again in a moment.'],
    },
    sessionEnded: {
      title: 'This page has expired',
      paragraphs: [
        'Sign in to the webmail again.',
        'If this happens each time, allow cookies for this site in your browser.',
      ],
    },
    finished: {
      title: 'This sign-in is finished',
      paragraphs: ['Go on in the webmail, or sign in there again.'],
    },
    otherPage: {
      title: 'This page is no longer current',
      paragraphs: ['What you sent did not come from the page of this sign-in. Sign in to the webmail again.'],
    },
    hintExpired: {
      title: 'That took too long',
      paragraphs: ['Some time has passed since you typed your password. Sign in to the webmail again.'],
    },
    hintRefused: {
      title: 'The webmail’s request was refused',
      paragraphs: [
        'The webmail could not show that you typed your password. Sign in there again.',
        'If this happens each time, tell your help desk: “id_token_hint refused”.',
      ],
    },
    domainNotServed: {
      title: 'You can’t sign in with this address',
      paragraphs: [
        'Your password was right, but this webmail’s second step is not set up for the domain of your mail address.',
        'Tell your help desk: “mail domain not configured”.',
      ],
    },
    badRequest: {
      title: 'This request can’t be understood',
      paragraphs: [
        'Begin in the webmail: sign in there again.',
        'If this happens each time, tell your help desk that the webmail’s request to the second step was refused.',
      ],
    },
    notFound: {
      title: 'There is nothing here',
      paragraphs: ['This address is for the second step of a sign-in. Begin in the webmail.'],
    },
    tooMany: {
      title: 'Too many requests',
      paragraphs: ['Wait a minute, then try again.'],
    },
    broken: {
      title: 'Something went wrong',
      paragraphs: ['The fault is ours, and it has been noted. Sign in to the webmail again.'],
    },
  },
};
