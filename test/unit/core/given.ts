import type { ExchangePlatformTwoFactor } from '../../../src/api/generated/exchange-platform.ts';
import type { MailAccountStatus, MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import { group, secretType } from '../../../src/api/names.ts';
import type { Annotations, SecretRecord } from '../../../src/api/record.ts';
import type { AccountFacts, Facts, PlatformFacts, SecretFacts } from '../../../src/core/facts.ts';

/** The instant of every row that names no other. */
export const now = Date.parse('2026-11-25T12:00:00Z');
/** An instant from its text. */
export const at = (text: string): number => Date.parse(text);
const hourMs = 3_600_000;
/** The text of an instant so many hours from {@link now}. */
export const hours = (count: number): string => new Date(now + count * hourMs).toISOString().replace(/\.\d{3}Z$/, 'Z');

export const mintedAt = '2026-11-01T10:00:00.000Z';
export const enrolledAt = '2026-11-02T08:00:00Z';
export const codeHash = `sha256:${'0f'.repeat(16)}:${'a1'.repeat(32)}`;

/** Annotations by the part of their name after the prefix. */
export type Short = Readonly<Record<string, string>>;

export const annotations = (short: Short): Annotations =>
  Object.fromEntries(Object.entries(short).map(([key, value]) => [`${group}/${key}`, value]));

export const record = (short: Short, type = secretType): SecretRecord => ({ type, annotations: annotations(short) });

/** What stands in every Secret of the account in these rows. */
export const inStep: Short = { account: 'anna', address: 'anna@example.com', 'second-factor': 'required' };
export const unscanned: Short = { ...inStep, 'minted-at': mintedAt };
export const enrolled: Short = { ...unscanned, 'enrolled-at': enrolledAt, 'last-step': '59000000' };
export const erased: Short = { ...inStep, 'second-factor': 'off', 'erased-at': '2026-11-20T00:00:00Z' };
/** What a status remembers of {@link enrolled}. */
export const remembered: MailAccountStatus = { phase: 'Enforced', seedMintedAt: mintedAt, enrolledAt };

export const account = (twoFactor?: MailAccountTwoFactor, more: Partial<AccountFacts> = {}): AccountFacts => ({
  namespace: 'mail',
  name: 'anna',
  uid: 'uid-of-anna',
  resourceVersion: '10',
  generation: 3,
  createdAt: '2026-11-01T09:00:00Z',
  spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com', ...(twoFactor && { twoFactor }) },
  status: { observedGeneration: -1 },
  ...more,
});

export const platform = (
  twoFactor: Partial<ExchangePlatformTwoFactor> = {},
  more: Partial<PlatformFacts> = {},
): PlatformFacts => ({
  namespace: 'mail',
  name: 'hosted',
  uid: 'uid-of-hosted',
  resourceVersion: '11',
  generation: 5,
  spec: { issuer: 'Example Mail', twoFactor: { state: 'Enabled', accountDefault: 'Enabled', ...twoFactor } },
  status: {},
  ...more,
});

export const secret = (short: Short, platformLabel: string | undefined = 'hosted'): SecretFacts => ({
  uid: 'uid-of-secret',
  resourceVersion: '12',
  platformLabel,
  annotations: annotations(short),
});

/** Facts in short: an enabled account of an enabled platform, without a Secret, unless it says otherwise. */
export interface Given extends Pick<Facts, 'refusedWrite' | 'holdUntil' | 'serverNow'> {
  readonly asks?: MailAccountTwoFactor;
  /** `missing`, or what differs in spec.twoFactor. */
  readonly platform?: Partial<ExchangePlatformTwoFactor> | PlatformFacts | 'missing';
  /** `foreign`: another's has the name, and is looked at again in a minute. */
  readonly secret?: Short | SecretFacts | 'foreign';
  readonly status?: MailAccountStatus;
  readonly account?: Partial<AccountFacts>;
  readonly rivals?: readonly AccountFacts[];
}

const isWhole = (given: Short | SecretFacts): given is SecretFacts => typeof given['annotations'] === 'object';

const secretFrom = (given: Given['secret']): Facts['secret'] => {
  if (given === 'foreign') return { foreignUntil: now + 60_000 };
  return given === undefined || isWhole(given) ? given : secret(given);
};

const platformFrom = (given: Given['platform'] = {}): Facts['platform'] => {
  if (given === 'missing') return undefined;
  return 'spec' in given ? given : platform(given);
};

export const factsOf = (given: Given): Facts => ({
  account: account(given.asks, { ...(given.status && { status: given.status }), ...given.account }),
  rivals: given.rivals ?? [],
  platform: platformFrom(given.platform),
  secret: secretFrom(given.secret),
  refusedWrite: given.refusedWrite,
  holdUntil: given.holdUntil,
  serverNow: given.serverNow,
});
