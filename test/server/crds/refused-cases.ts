import { type Kind, hash, requestedAt } from './objects.ts';

/** A field of a valid object, a value that is refused, and what a person reads then, behind the field's path. */
export type RefusedCase = readonly [kind: Kind, path: string, value: unknown, message: string];

const instant =
  'must be a date and time that exist, in RFC 3339 with whole seconds, Z or an offset, and a year from 2000 to 2199, such as 2026-12-01T08:00:00Z or 2026-12-01T09:00:00+01:00';
const issuer =
  "must be printable text (letters, marks, digits, punctuation, symbols, spaces) without ':' and without a space at either end, such as Example Mail";
const address =
  'must be a mail address in ASCII and lower case, with at most 64 characters before the @, such as anna@example.com';
const platformName =
  "must be the name of an ExchangePlatform, made of lower case letters, digits, '-' and '.', beginning and ending with a letter or digit";
const codeHash =
  'must be sha256:SALT:HASH with the 16-byte salt as 32 and SHA-256(salt ‖ code) as 64 lower case hex digits, as `kubectl twofactor code` makes it';

const missing = 'Required value';
const tooLong = (most: number): string => `Too long: may not be more than ${most} bytes`;
const invalid = (value: unknown, message: string): string => `Invalid value: ${quoted(value)}: ${message}`;
const unsupported = (value: unknown, ...allowed: readonly string[]): string =>
  `Unsupported value: ${JSON.stringify(value)}: supported values: ${allowed.map((one) => `"${one}"`).join(', ')}`;

/** As Go writes a value: what can't be seen is escaped. */
function quoted(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('\\u0000', '\\x00')
    .replaceAll(/(?! )[\p{C}\p{Z}]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function outOfRange(kind: Kind, path: string, low: number, high: number): readonly RefusedCase[] {
  const least = `${path} in body should be greater than or equal to ${low}`;
  const most = `${path} in body should be less than or equal to ${high}`;
  const noText = `Invalid value: "string": ${path} in body must be of type integer: "string"`;
  return [
    [kind, path, low - 1, invalid(low - 1, least)],
    [kind, path, high + 1, invalid(high + 1, most)],
    [kind, path, '1', noText],
  ];
}

function notOneOf(kind: Kind, path: string, value: unknown, ...allowed: readonly string[]): RefusedCase {
  return [kind, path, value, unsupported(value, ...allowed)];
}

/** All that is refused of spec.twoFactor.suspension, reset or unlock, of either kind. */
function request(kind: Kind, name: string, more: object): readonly RefusedCase[] {
  const path = `spec.twoFactor.${name}`;
  return [
    [kind, path, more, `${path}.requestedAt: ${missing}`],
    [kind, path, { ...more, requestedAt: 'soon' }, `${path}.requestedAt: ${invalid('soon', instant)}`],
    [kind, path, { ...more, requestedAt, reason: 'x'.repeat(257) }, `${path}.reason: ${tooLong(256)}`],
    [kind, path, { ...more, requestedAt, by: 'me' }, `unknown field "${path}.by"`],
  ];
}

function suspension(kind: Kind): readonly RefusedCase[] {
  const path = 'spec.twoFactor.suspension';
  const hours = `${path}.hours`;
  const [tooFew, tooMany] = outOfRange(kind, hours, 1, 8760);
  return [
    ...request(kind, 'suspension', { hours: 1 }),
    [kind, path, { requestedAt }, `${hours}: ${missing}`],
    [kind, path, { requestedAt, hours: 0 }, `${hours}: ${tooFew?.[3] ?? ''}`],
    [kind, path, { requestedAt, hours: 8761 }, `${hours}: ${tooMany?.[3] ?? ''}`],
  ];
}

const wrongInstants = [
  ...['2026-02-30T08:00:00Z', '2026-02-29T08:00:00Z', '2100-02-29T08:00:00Z', '2026-04-31T08:00:00Z'],
  ...['2026-13-01T08:00:00Z', '2026-00-01T08:00:00Z', '2026-12-00T08:00:00Z', '2026-12-01T24:00:00Z'],
  ...['2026-12-01T08:60:00Z', '2026-12-01T23:59:60Z', '2026-12-01T08:00:00.5Z', '2026-12-01T08:00:00,5Z'],
  ...['2026-12-01T08:00:00', '2026-12-01 08:00:00Z', '2026-12-01T08:00Z', '2026-12-01', '2026-12-01T08:00:00z'],
  ...['2026-12-01T08:00:00+24:00', '2026-12-01T08:00:00-99:99', '2026-12-01T08:00:00+1:00', '2026-12-01T08:00:00+0100'],
  ...['1999-12-31T23:59:59Z', '2200-01-01T00:00:00Z', '0000-01-01T00:00:00Z', '26-12-01T08:00:00Z', ''],
  ...[' 2026-12-01T08:00:00Z', '2026-12-01T08:00:00Z\n', 'x2026-12-01TT08:00:00Z', '2026-12-01T00:00:00ZT08:00:00Z'],
];

const platform: readonly RefusedCase[] = [
  ['ExchangePlatform', 'spec', undefined, missing],
  ['ExchangePlatform', 'spec.issuer', undefined, missing],
  ['ExchangePlatform', 'spec.issuer', '', invalid('', 'spec.issuer in body should be at least 1 chars long')],
  ['ExchangePlatform', 'spec.issuer', 'ü'.repeat(65), tooLong(64)],
  ...['a:b', ' a', 'a ', ' ', 'a\tb', 'a\nb', 'a\u00a0b', 'a\u200bb', 'a\u0000b', 'a\u202eb', 'a\ue000b'].map(
    (value): RefusedCase => ['ExchangePlatform', 'spec.issuer', value, invalid(value, issuer)],
  ),
  ['ExchangePlatform', 'spec.twoFactor', undefined, missing],
  ['ExchangePlatform', 'spec.twoFactor.state', undefined, missing],
  notOneOf('ExchangePlatform', 'spec.twoFactor.state', 'On', 'Enabled', 'Disabled'),
  notOneOf('ExchangePlatform', 'spec.twoFactor.accountDefault', 'Removed', 'Enabled', 'Disabled'),
  notOneOf('ExchangePlatform', 'spec.twoFactor.enrollment.mode', 'open', 'Open', 'Code'),
  notOneOf('ExchangePlatform', 'spec.twoFactor.totp.algorithm', 'SHA-1', 'SHA1', 'SHA256', 'SHA512'),
  notOneOf('ExchangePlatform', 'spec.twoFactor.totp.digits', 7, '6', '8'),
  notOneOf('ExchangePlatform', 'spec.twoFactor.totp.periodSeconds', 45, '30', '60'),
  ...outOfRange('ExchangePlatform', 'spec.twoFactor.maxSuspensionHours', 1, 8760),
  ...outOfRange('ExchangePlatform', 'spec.twoFactor.enrollment.windowHours', 1, 8760),
  ...outOfRange('ExchangePlatform', 'spec.twoFactor.retainDeletedHours', 0, 8760),
  ...suspension('ExchangePlatform'),
  ...request('ExchangePlatform', 'reset', {}),
  ['ExchangePlatform', 'spec.twoFactor.unlock', { requestedAt }, 'unknown field "spec.twoFactor.unlock"'],
];

const account: readonly RefusedCase[] = [
  ['MailAccount', 'spec', undefined, missing],
  ['MailAccount', 'spec.platformRef', undefined, missing],
  ['MailAccount', 'spec.platformRef', {}, `spec.platformRef.name: ${missing}`],
  ['MailAccount', 'spec.platformRef.name', 'x'.repeat(64), tooLong(63)],
  ...['', 'Example', 'a_b', '-a', 'a.', 'a/b'].map((value): RefusedCase => [
    'MailAccount',
    'spec.platformRef.name',
    value,
    invalid(value, platformName),
  ]),
  ['MailAccount', 'spec.address', undefined, missing],
  ['MailAccount', 'spec.address', `a@${'b.'.repeat(125)}com`, tooLong(254)],
  ...[
    ...['', 'anna', 'Anna@example.com', 'anna@Example.com', 'anna@example', 'änna@example.com', 'anna@exämple.com'],
    ...['@example.com', 'anna@', 'an na@example.com', 'anna@@example.com', '.anna@example.com', 'an..na@example.com'],
    ...['anna.@example.com', '"anna"@example.com', 'an:na@example.com', 'anna@-example.com', 'anna@example-.com'],
    ...['anna@.example.com', 'anna@example..com', 'anna@example.com.', 'anna@[192.0.2.1]', ' anna@example.com'],
    ...['anna@example.com\n', `${'a'.repeat(65)}@example.com`, `anna@${'b'.repeat(64)}.com`],
  ].map((value): RefusedCase => ['MailAccount', 'spec.address', value, invalid(value, address)]),
  notOneOf('MailAccount', 'spec.twoFactor.state', 'Disabled', 'Enabled', 'Removed'),
  ...suspension('MailAccount'),
  ...request('MailAccount', 'reset', {}),
  ...request('MailAccount', 'unlock', {}),
  ...wrongInstants.map((value): RefusedCase => [
    'MailAccount',
    'spec.twoFactor.reset.requestedAt',
    value,
    invalid(value, instant),
  ]),
];

const enrollmentCode = 'spec.twoFactor.enrollmentCode';
const code: readonly RefusedCase[] = [
  ['MailAccount', enrollmentCode, { hash }, `${enrollmentCode}.expiresAt: ${missing}`],
  ['MailAccount', enrollmentCode, { expiresAt: requestedAt }, `${enrollmentCode}.hash: ${missing}`],
  ['MailAccount', enrollmentCode, { hash, expiresAt: 'x' }, `${enrollmentCode}.expiresAt: ${invalid('x', instant)}`],
  ...['', 'K7QZ-9M4T', hash.toUpperCase(), hash.slice(1), `${hash}0`, hash.replace(':0', ':')].map(
    (value): RefusedCase => [
      ...(['MailAccount', enrollmentCode, { hash: value, expiresAt: requestedAt }] as const),
      `${enrollmentCode}.hash: ${invalid(value, codeHash)}`,
    ],
  ),
];

export const refusedCases: readonly RefusedCase[] = [...platform, ...account, ...code];
