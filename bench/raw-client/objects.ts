import { randomBytes } from 'node:crypto';
import { accountKind, accountsPlural, apiVersion, group, platformKind, platformsPlural } from '../../src/api/names.ts';
import { platformLabel, secretNameFor, secretType, version } from '../../src/api/names.ts';
import { annotation } from '../../src/api/record.ts';

/** The objects of a new account, as the contract has them and as the operator writes them: the same bytes, near enough. */

const issuer = 'Example Mail';
export const platformName = 'example-mail';
export const secretTypeSelector = `type=${encodeURIComponent(secretType)}`;

const crdPath = (namespace: string, plural: string): string =>
  `/apis/${group}/${version}/namespaces/${namespace}/${plural}`;
export const accountsPath = (namespace: string): string => crdPath(namespace, accountsPlural);
export const platformsPath = (namespace: string): string => crdPath(namespace, platformsPlural);
export const secretsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/secrets`;

export interface AccountName {
  readonly name: string;
  readonly address: string;
}

export const accountNamed = (prefix: string, index: number): AccountName => {
  const name = `${prefix}-${String(index).padStart(6, '0')}`;
  return { name, address: `${name}@example.com` };
};

export const platformObject = (namespace: string, twoFactor: object = {}): object => ({
  apiVersion,
  kind: platformKind,
  metadata: { namespace, name: platformName },
  spec: { issuer, twoFactor: { state: 'Enabled', accountDefault: 'Enabled', ...twoFactor } },
});

export interface AccountExtras {
  readonly labels?: Readonly<Record<string, string>>;
  readonly twoFactor?: object;
}

export const accountObject = (
  namespace: string,
  { name, address }: AccountName,
  { labels, twoFactor }: AccountExtras = {},
): object => ({
  apiVersion,
  kind: accountKind,
  metadata: { namespace, name, ...(labels && { labels }) },
  spec: { platformRef: { name: platformName }, address, ...(twoFactor && { twoFactor }) },
});

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const mintSeed = (): string => {
  let [bits, held, text] = [0, 0, ''];
  for (const byte of randomBytes(20)) {
    [bits, held] = [(bits << 8) | byte, held + 8];
    for (; held >= 5; held -= 5) text += base32[(bits >> (held - 5)) & 31] ?? '';
    bits &= (1 << held) - 1;
  }
  return text;
};

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const otpauthUri = (seed: string, address: string): string => {
  const label = encodeURIComponent(issuer);
  return `otpauth://totp/${label}:${encodeURIComponent(address)}?secret=${seed}&issuer=${label}`;
};

export const secretNameOf = (address: string): string => {
  const name = secretNameFor(address);
  if (name === undefined) throw new Error(`no Secret name for ${address}`);
  return name;
};

export interface SecretContent {
  readonly mintedAt: string;
  /** Another for each account, unless it is said. */
  readonly seed?: string;
  readonly platform?: string;
  /** What a login notes on it, beside what the operator does. */
  readonly notes?: Readonly<Record<string, string>>;
}

export const secretObject = (namespace: string, account: AccountName, content: SecretContent): object => {
  const { mintedAt, seed = mintSeed(), platform = platformName, notes } = content;
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace,
      name: secretNameOf(account.address),
      labels: { [platformLabel]: platform },
      annotations: {
        [annotation.account]: account.name,
        [annotation.address]: account.address,
        [annotation.mintedAt]: mintedAt,
        [annotation.secondFactor]: 'required',
        ...notes,
      },
    },
    type: secretType,
    data: {
      seed: base64(seed),
      algorithm: base64('SHA1'),
      digits: base64('6'),
      period: base64('30'),
      issuer: base64(issuer),
      'otpauth-uri': base64(otpauthUri(seed, account.address)),
    },
  };
};

export interface StatusContent {
  readonly generation: number;
  readonly address: string;
  readonly mintedAt: string;
  /** RFC 3339 in whole seconds. */
  readonly now: string;
}

const condition = (content: StatusContent, type: string, status: string, reason: string, message: string): object => ({
  type,
  status,
  observedGeneration: content.generation,
  lastTransitionTime: content.now,
  reason,
  message,
});

/** Of an account that waits for its QR code to be scanned. */
export const enrollingStatus = (content: StatusContent): object => ({
  observedGeneration: content.generation,
  phase: 'Enrolling',
  secretName: secretNameOf(content.address),
  seedMintedAt: content.mintedAt,
  conditions: [
    condition(content, 'Ready', 'True', 'Reconciled', 'Secret and status say what the spec asks for'),
    condition(
      content,
      'Enforced',
      'True',
      'EnrollmentRequired',
      'the login shows the QR code and asks for its first code',
    ),
    condition(content, 'Enrolled', 'False', 'NotEnrolled', 'no code accepted yet'),
  ],
});
