import type { ExchangePlatformSpec } from '../../api/generated/exchange-platform.ts';
import type { MailAccountSpec, MailAccountTwoFactor } from '../../api/generated/mail-account.ts';
import { hourMs, parseSpecInstant, type Instant } from '../../api/instants.ts';
import { accountKind, platformKind } from '../../api/names.ts';
import {
  isTooLong,
  readAccount,
  readPlatform,
  understood,
  type AccountWishes,
  type Misunderstood,
  type PlatformWishes,
} from '../../core/wishes.ts';
import { isFields } from '../../kube/fields.ts';
import { nearest } from '../frame/nearest.ts';
import type { Finding, Path } from '../manifests/findings.ts';
import type { SourceObject } from '../manifests/source.ts';

/** An object that the API server would take. */
export interface Sound {
  readonly source: SourceObject;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface Located {
  readonly source: SourceObject;
  readonly finding: Finding;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

export const soundOf = (source: SourceObject): Sound => {
  const object = isFields(source.value) ? source.value : {};
  const metadata = isFields(object['metadata']) ? object['metadata'] : {};
  return {
    source,
    kind: textOf(object['kind']),
    namespace: textOf(metadata['namespace']),
    name: textOf(metadata['name']),
  };
};

const accountSpec = ({ source }: Sound): MailAccountSpec => (source.value as { readonly spec: MailAccountSpec }).spec;

const platformSpec = ({ source }: Sound): ExchangePlatformSpec =>
  (source.value as { readonly spec: ExchangePlatformSpec }).spec;

const finding = (level: Finding['level'], path: Path, message: string): Finding => ({
  level,
  source: 'files',
  path,
  message,
});

/** The dated requests of an account or, fewer, of a platform. */
type Requests = Pick<MailAccountTwoFactor, 'suspension' | 'reset' | 'unlock' | 'enrollmentCode'>;

/** An instant so far off is a slip of the pen. */
const absurdYears = 2;
const yearMs = 8766 * hourMs;

const absurd = (text: string, now: Instant): string | undefined => {
  const instant = parseSpecInstant(text);
  if (instant === undefined) return undefined;
  if (instant > now + absurdYears * yearMs) return `lies more than ${absurdYears} years ahead: is the year right?`;
  return instant < now - 10 * yearMs ? 'lies more than 10 years back: is the year right?' : undefined;
};

const dateFindings = (factor: Requests, now: Instant): readonly Finding[] => {
  const dates: readonly (readonly [string, string, string | undefined])[] = [
    ['suspension', 'requestedAt', factor.suspension?.requestedAt],
    ['reset', 'requestedAt', factor.reset?.requestedAt],
    ['unlock', 'requestedAt', factor.unlock?.requestedAt],
    ['enrollmentCode', 'expiresAt', factor.enrollmentCode?.expiresAt],
  ];
  return dates.flatMap(([field, name, text]) => {
    const message = text === undefined ? undefined : absurd(text, now);
    return message === undefined
      ? []
      : [finding('warning', ['spec', 'twoFactor', field, name], `${text ?? ''} ${message}`)];
  });
};

/** As the operator judges it: one that has ended harms nobody. */
const hoursFinding = (
  wishes: AccountWishes | PlatformWishes | Misunderstood,
  platform: ExchangePlatformSpec | undefined,
  now: Instant,
): readonly Finding[] => {
  const most = understood(platform && readPlatform(platform))?.maxSuspensionHours;
  const suspension = understood(wishes)?.suspension;
  if (most === undefined || !suspension || !isTooLong(suspension, most, now)) return [];
  const message = `${suspension.hours} h is over the platform's maximum of ${most} h, so the whole suspension would be refused`;
  return [finding('error', ['spec', 'twoFactor', 'suspension', 'hours'], message)];
};

const platformFinding = (sound: Sound, platforms: ReadonlyMap<string, Sound>): readonly Finding[] => {
  const { name } = accountSpec(sound).platformRef;
  if (platforms.size === 0 || platforms.has(`${sound.namespace}/${name}`)) return [];
  const inNamespace = [...platforms.values()].filter(({ namespace }) => namespace === sound.namespace);
  const near = nearest(
    name,
    inNamespace.map((platform) => platform.name),
  );
  const hint = near.length > 0 ? `; is ${near.join(' or ')} meant?` : '';
  return [finding('warning', ['spec', 'platformRef', 'name'], `no ExchangePlatform ${name} is in these files${hint}`)];
};

const duplicateFindings = (accounts: readonly Sound[]): readonly Located[] => {
  const seen = new Map<string, Sound>();
  return accounts.flatMap((sound) => {
    const key = `${sound.namespace}/${accountSpec(sound).address}`;
    const first = seen.get(key);
    if (!first) seen.set(key, sound);
    if (!first || first.name === sound.name) return [];
    const { line } = first.source.placeOf(['spec', 'address'], false);
    const message = `is the address of ${first.name} too (${first.source.file}:${line}): one address is one account`;
    return [{ source: sound.source, finding: finding('error', ['spec', 'address'], message) }];
  });
};

const twice = (sounds: readonly Sound[]): readonly Located[] => {
  const seen = new Map<string, Sound>();
  return sounds.flatMap((sound) => {
    const key = `${sound.kind} ${sound.namespace}/${sound.name}`;
    const first = seen.get(key);
    if (!first || sound.name === '') {
      seen.set(key, sound);
      return [];
    }
    const { line } = first.source.placeOf(['metadata', 'name'], false);
    const message = `${sound.kind} ${sound.name} is there twice (${first.source.file}:${line}): the last one wins`;
    return [{ source: sound.source, finding: finding('error', ['metadata', 'name'], message) }];
  });
};

/** What only all documents together show: platforms that are not there, addresses twice, hours over a maximum. */
export const acrossFindings = (sounds: readonly Sound[], now: Instant): readonly Located[] => {
  const accounts = sounds.filter(({ kind }) => kind === accountKind);
  const platforms = new Map(
    sounds.filter(({ kind }) => kind === platformKind).map((each) => [`${each.namespace}/${each.name}`, each]),
  );
  const ofAccounts = accounts.flatMap((sound) => {
    const spec = accountSpec(sound);
    const platform = platforms.get(`${sound.namespace}/${spec.platformRef.name}`);
    const findings = [
      ...platformFinding(sound, platforms),
      ...hoursFinding(readAccount(spec), platform && platformSpec(platform), now),
      ...dateFindings(spec.twoFactor ?? {}, now),
    ];
    return findings.map((each) => ({ source: sound.source, finding: each }));
  });
  const ofPlatforms = [...platforms.values()].flatMap((sound) => {
    const spec = platformSpec(sound);
    const findings = [...hoursFinding(readPlatform(spec), spec, now), ...dateFindings(spec.twoFactor, now)];
    return findings.map((each) => ({ source: sound.source, finding: each }));
  });
  return [...twice(sounds), ...duplicateFindings(accounts), ...ofAccounts, ...ofPlatforms];
};
