import { setTimeout as wait } from 'node:timers/promises';
import type { ExchangePlatform, ExchangePlatformTwoFactor } from '../../src/api/generated/exchange-platform.ts';
import type { MailAccount, MailAccountTwoFactor } from '../../src/api/generated/mail-account.ts';
import { formatSeconds, hourMs, secondMs } from '../../src/api/instants.ts';
import { apiVersion, secretNameFor } from '../../src/api/names.ts';

/** An object of which only the identity counts. */
export interface Ref {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

type Platform = Omit<ExchangePlatform, 'metadata'> & { readonly metadata: { readonly name: string } };
type Account = Omit<MailAccount, 'metadata'> & { readonly metadata: { readonly name: string } };
export type { Account, Platform };

/** A platform on which every account has a second factor and a suspension may last a day. */
export const platform = (twoFactor: Partial<ExchangePlatformTwoFactor> = {}, name = 'mail'): Platform => ({
  apiVersion,
  kind: 'ExchangePlatform',
  metadata: { name },
  spec: { issuer: 'Example Mail', twoFactor: { state: 'Enabled', accountDefault: 'Enabled', ...twoFactor } },
});

/** An account of that platform, whose address is its name `@example.com`. */
export const account = (name: string, twoFactor?: MailAccountTwoFactor): Account => ({
  apiVersion,
  kind: 'MailAccount',
  metadata: { name },
  spec: {
    platformRef: { name: 'mail' },
    address: `${name}@example.com`,
    ...(twoFactor !== undefined && { twoFactor }),
  },
});

/** Another MailAccount for the same login. */
export const renamed = ({ spec, ...rest }: Account, name: string): Account => ({ ...rest, metadata: { name }, spec });

/** The same MailAccount for another login. */
export const readdressed = ({ spec, ...rest }: Account, address: string): Account => ({
  ...rest,
  spec: { ...spec, address },
});

/** The account's Secret. */
export const secretOf = ({ spec: { address } }: Account): Ref => ({
  kind: 'Secret',
  metadata: { name: secretNameFor(address) ?? '' },
});

/** An instant as people write it, so many hours or seconds from now. */
export const fromNow = (much: { readonly hours?: number; readonly seconds?: number }): string =>
  formatSeconds(Date.now() + (much.hours ?? 0) * hourMs + (much.seconds ?? 0) * secondMs);

/** A suspension that began long ago and ends in so many seconds, and that end. */
export const endingIn = (
  seconds: number,
  hours = 1,
): { readonly suspension: { readonly requestedAt: string; readonly hours: number }; readonly until: string } => {
  const untilMs = Math.ceil(Date.now() / secondMs + seconds) * secondMs;
  return { suspension: { requestedAt: formatSeconds(untilMs - hours * hourMs), hours }, until: formatSeconds(untilMs) };
};

/** The first whole second after an instant, once it has come: a reset of then voids a seed of that instant, and no later one. */
export const justAfter = async (instant: unknown): Promise<string> => {
  const next = formatSeconds(Math.floor(Date.parse(String(instant)) / secondMs) * secondMs + secondMs);
  await come(next);
  return next;
};

/** Resolves once the instant has come. */
export const come = async (instant: string): Promise<void> => wait(Math.max(0, Date.parse(instant) - Date.now()));
