import type { Texts } from './texts.ts';

const plural = (count: number, one: string, many: string): string => `${count} ${count < 2 ? one : many}`;

export const fr: Texts = {
  lang: 'fr',
  formats: 'fr',
  errorPrefix: 'Erreur :',
  footer:
    'Le code protège le webmail. Les logiciels et applications de messagerie se connectent avec le seul mot de passe.',
  signingInAs: 'Connexion de',
  backTo: (name) => `Retour vers ${name}`,
  help: 'Assistance :',
  continue: 'Continuer',
  code: {
    title: 'Saisissez votre code',
    lead: 'Ouvrez l’application d’authentification sur votre téléphone et saisissez le code qu’elle affiche pour cette adresse.',
    label: 'Code de l’application',
    noPhone: 'Pas de téléphone sous la main, ou un nouveau ?',
    noPhoneHelp:
      'Adressez-vous à votre assistance. Elle peut suspendre le code pour quelques heures, ou le réinitialiser pour que vous configuriez un autre téléphone.',
  },
  enroll: {
    title: 'Configurez votre téléphone',
    lead: 'Désormais, la connexion au webmail demande votre mot de passe et un code de votre téléphone.',
    install:
      'Installez une application d’authentification sur votre téléphone, si vous n’en avez pas. Deux sont gratuites : Aegis (Android) et 2FAS Auth (iPhone et Android).',
    deleteOlder: (issuer) =>
      `Si l’application a déjà une entrée « ${issuer} » pour cette adresse, supprimez-la d’abord : elle ne fonctionne plus.`,
    scan: 'Dans l’application, ajoutez un compte et scannez cette image.',
    qrLabel: 'QR code pour l’application d’authentification. La même clé figure plus bas en texte.',
    onThisPhone: 'Vous lisez ceci sur le téléphone même ?',
    openApp: 'Ouvrir l’application d’authentification',
    cannotScan: 'Impossible de scanner ?',
    typeKey: 'Choisissez dans l’application de saisir une clé, et donnez-lui celle-ci (basée sur le temps) :',
    type: 'Saisissez le code que l’application affiche maintenant.',
    label: 'Code de l’application',
    confirm: 'Confirmer',
    shownBefore: (when) => `Cette image a été affichée pour la première fois le ${when}.`,
    shownBeforeHelp:
      'Si ce n’était pas vous, ne la scannez pas : quelqu’un d’autre connaît peut-être votre mot de passe et l’a déjà scannée. Changez votre mot de passe et demandez une réinitialisation à votre assistance avant de continuer.',
  },
  enrollmentCode: {
    title: 'Saisissez votre code d’inscription',
    lead: 'Votre assistance vous a remis un code d’inscription. Saisissez-le pour configurer votre téléphone.',
    label: 'Code d’inscription',
    hint: '16 lettres et chiffres. Les tirets, les majuscules et les minuscules n’ont pas d’importance.',
    wrong:
      'Ce n’est pas votre code d’inscription. Comparez-le avec celui qu’on vous a remis. Si vous en avez reçu plusieurs, utilisez le dernier.',
    missing: 'Saisissez le code d’inscription.',
  },
  problem: {
    wrong: 'Ce code n’est pas le bon. Attendez le suivant et réessayez.',
    clock: ({ phoneIs, minutes }) =>
      `L’horloge de votre téléphone ${phoneIs === 'slow' ? 'retarde' : 'avance'} d’environ ${plural(minutes, 'minute', 'minutes')} : dans les réglages du téléphone, choisissez l’heure automatique.`,
    replayed: 'Ce code a déjà servi. Attendez que l’application affiche le suivant.',
    malformed: (digits) =>
      digits === undefined
        ? 'Un code ne contient que des chiffres. Regardez l’application et saisissez-le à nouveau.'
        : `Un code a ${digits} chiffres. Regardez l’application et saisissez-le à nouveau.`,
    waiting: (wait) =>
      `Il y a eu plusieurs codes erronés : le prochain pourra être essayé dans ${wait}. D’ici là, même un bon code est refusé.`,
    seedChanged: 'Votre second facteur a été réinitialisé entre-temps. Le code saisi appartient à l’ancien.',
    suspensionIgnored:
      'Le code est suspendu pour cette adresse, mais la suspension ne compte pas pour l’instant : notre horloge n’est pas fiable en ce moment. Prévenez votre assistance si vous ne pouvez pas vous connecter.',
  },
  waiting: {
    title: 'Veuillez patienter',
    lead: (wait) =>
      `Il y a eu plusieurs codes erronés. Le prochain pourra être essayé dans ${wait} ; d’ici là, même un bon code est refusé.`,
    tryAgain: 'Réessayer',
  },
  guessed: {
    title: 'Codes erronés depuis votre dernière connexion',
    count: (codes) =>
      `Votre code était bon. Depuis votre dernière connexion, ${plural(codes, 'code erroné a été saisi', 'codes erronés ont été saisis')} pour cette adresse.`,
    advice: 'Si ce n’était pas vous, quelqu’un connaît peut-être votre mot de passe : changez-le maintenant.',
  },
  answer: {
    title: 'Retour au webmail',
    paragraphs: ['Vous êtes redirigé vers le webmail. Si rien ne se passe, appuyez sur le bouton.'],
  },
  notice: {
    notSetUp: {
      title: 'Connexion impossible pour le moment',
      paragraphs: [
        'Votre mot de passe est bon, mais le second facteur de cette adresse ne peut pas être vérifié.',
        'Demandez à votre assistance d’examiner le second facteur de votre boîte aux lettres.',
      ],
    },
    locked: (until) => ({
      title: 'Trop de codes erronés',
      paragraphs: [
        'Cette adresse est verrouillée. Quelqu’un qui connaît votre mot de passe essaie peut-être de deviner des codes.',
        until === undefined
          ? 'Changez votre mot de passe, puis demandez une réinitialisation à votre assistance.'
          : 'Changez votre mot de passe, puis demandez un déverrouillage à votre assistance.',
        ...(until === undefined ? [] : [`Sinon, le verrouillage prend fin de lui-même le ${until}.`]),
      ],
    }),
    enrollmentExpired: {
      title: 'Le délai pour configurer votre téléphone est passé',
      paragraphs: [
        'Demandez une réinitialisation à votre assistance. À la prochaine connexion, un nouveau QR code sera affiché.',
      ],
    },
    codeNotIssued: {
      title: 'Il vous faut un code d’inscription',
      paragraphs: [
        'Pour configurer votre téléphone, il faut un code d’inscription. Aucun n’est valable pour cette adresse : il a expiré, ou aucun n’a encore été créé.',
        'Demandez-en un à votre assistance, puis connectez-vous à nouveau.',
      ],
    },
    unavailable: {
      title: 'Les codes ne peuvent pas être vérifiés pour le moment',
      paragraphs: ['Ni votre téléphone ni votre mot de passe ne sont en cause. Réessayez dans un instant.'],
    },
    sessionEnded: {
      title: 'Cette page a expiré',
      paragraphs: [
        'Connectez-vous à nouveau au webmail.',
        'Si cela se répète, autorisez les cookies de ce site dans votre navigateur.',
      ],
    },
    finished: {
      title: 'Cette connexion est terminée',
      paragraphs: ['Continuez dans le webmail, ou connectez-vous-y à nouveau.'],
    },
    otherPage: {
      title: 'Cette page n’est plus à jour',
      paragraphs: ['Votre envoi ne vient pas de la page de cette connexion. Connectez-vous à nouveau au webmail.'],
    },
    hintExpired: {
      title: 'Cela a pris trop de temps',
      paragraphs: [
        'Un certain temps s’est écoulé depuis la saisie de votre mot de passe. Connectez-vous à nouveau au webmail.',
      ],
    },
    hintRefused: {
      title: 'La demande du webmail a été refusée',
      paragraphs: [
        'Le webmail n’a pas pu prouver que vous avez saisi votre mot de passe. Connectez-vous-y à nouveau.',
        'Si cela se répète, signalez à votre assistance : « id_token_hint refused ».',
      ],
    },
    domainNotServed: {
      title: 'Vous ne pouvez pas vous connecter avec cette adresse',
      paragraphs: [
        'Votre mot de passe est correct, mais la seconde étape de ce webmail n’est pas prévue pour le domaine de votre adresse.',
        'Signalez à votre assistance : « mail domain not configured ».',
      ],
    },
    badRequest: {
      title: 'Cette demande est incompréhensible',
      paragraphs: [
        'Commencez dans le webmail : connectez-vous-y à nouveau.',
        'Si cela se répète, signalez à votre assistance que la demande du webmail au second facteur a été refusée.',
      ],
    },
    notFound: {
      title: 'Il n’y a rien ici',
      paragraphs: ['Cette adresse sert au second facteur d’une connexion. Commencez dans le webmail.'],
    },
    tooMany: {
      title: 'Trop de demandes',
      paragraphs: ['Attendez une minute, puis réessayez.'],
    },
    broken: {
      title: 'Une erreur est survenue',
      paragraphs: ['La faute est de notre côté, et elle a été notée. Connectez-vous à nouveau au webmail.'],
    },
  },
};
