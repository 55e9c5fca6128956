import { algorithms, digitCounts, leastSeedBits, mostSeedBits, periodsSeconds } from '../../api/seed-data.ts';
import { decodeBase32, encodeBase32 } from '../../totp/base32.ts';
import type { OtpauthParameters } from '../../totp/parameters.ts';
import type { ImportFormat } from '../frame/choices.ts';
import type { SourceText } from '../frame/documents.ts';

/** An existing seed. It is never printed: not in a problem, not in a summary. */
export interface Entry extends Omit<OtpauthParameters, 'issuer'> {
  /** Where it stands, `file:line`. */
  readonly place: string;
  /** Base32 without padding. */
  readonly seed: string;
}

export interface LineProblem {
  readonly place: string;
  readonly message: string;
}

/** What a line says, before it is checked. */
interface Found {
  readonly address: string | undefined;
  readonly seed: Uint8Array | undefined;
  readonly algorithm: string;
  readonly digits: string;
  readonly period: string;
}

const fromBase32 = (text: string | undefined): Uint8Array | undefined => {
  try {
    return text === undefined ? undefined : decodeBase32(text.replace(/[\s=-]/g, '').toUpperCase());
  } catch {
    return undefined;
  }
};

const fromHex = (text: string | undefined): Uint8Array | undefined =>
  text !== undefined && /^([0-9a-f]{2})+$/i.test(text) ? Buffer.from(text, 'hex') : undefined;

/** A percent sign that begins no character makes the whole text unreadable. */
const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

/** `otpauth://totp/Issuer:address?secret=…`, the Key Uri Format. */
const readUri = (line: string): Found | undefined => {
  if (!URL.canParse(line)) return undefined;
  const { protocol, host, pathname, searchParams } = new URL(line);
  if (protocol !== 'otpauth:' || host !== 'totp') return undefined;
  const label = decoded(pathname.slice(1));
  return {
    address: label?.slice(label.lastIndexOf(':') + 1).trim(),
    seed: fromBase32(searchParams.get('secret') ?? undefined),
    algorithm: searchParams.get('algorithm') ?? 'SHA1',
    digits: searchParams.get('digits') ?? '6',
    period: searchParams.get('period') ?? '30',
  };
};

/** `HOTP/T30/6 user - hexseed`, a line of pam_oath's users.oath. */
const readOath = (line: string, domain: string | undefined): Found | undefined => {
  const [type = '', user = '', , seed] = line.split(/\s+/);
  const parts = /^HOTP\/T(\d+)(?:\/(\d))?$/.exec(type);
  if (!parts) return undefined;
  const address = user.includes('@') || domain === undefined ? user : `${user}@${domain}`;
  return { address, seed: fromHex(seed), algorithm: 'SHA1', digits: parts[2] ?? '6', period: parts[1] ?? '' };
};

/** Codes by a counter instead of the time: a login service has no counter to follow. */
const isHotp = (line: string): boolean => /^(otpauth:\/\/hotp\/|HOTP(\/E)?(\/\d)?\s)/i.test(line);

/** `address,seed[,algorithm,digits,period]`. */
const readCsv = (line: string): Found | undefined => {
  const cells = line.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const [address, seed, algorithm, digits, period] = cells;
  if (seed === undefined) return undefined;
  return {
    address,
    seed: fromBase32(seed),
    algorithm: algorithm || 'SHA1',
    digits: digits || '6',
    period: period || '30',
  };
};

/** How the files are read. */
interface Reading {
  readonly format: ImportFormat;
  /** Of users without one. */
  readonly domain?: string | undefined;
  /** Whether an account may have this address, in lower case. */
  readonly isAddress: (address: string) => boolean;
}

/** A cell may hold a seed by mistake: nothing of it is told but an address that is one. */
const checked = (found: Found, place: string, isAddress: Reading['isAddress']): Entry | LineProblem => {
  const problem = (message: string): LineProblem => ({ place, message });
  const address = found.address?.toLowerCase() ?? '';
  if (!isAddress(address))
    return problem(`the address is no mail address${address.includes('@') ? '' : ': name its --domain'}`);
  if (!found.seed) return problem(`the seed of ${address} can't be read`);
  const bits = found.seed.length * 8;
  if (bits < leastSeedBits || bits > mostSeedBits) {
    return problem(`the seed of ${address} has ${bits} bits: ${leastSeedBits} to ${mostSeedBits} are taken`);
  }
  const algorithm = algorithms.find((each) => each === found.algorithm.toUpperCase().replace('-', ''));
  if (!algorithm) return problem(`the algorithm of ${address} is not known: ${algorithms.join(', ')}`);
  const digits = digitCounts.find((each) => String(each) === found.digits);
  if (!digits) return problem(`the digits of ${address} are not supported: 6 or 8`);
  const periodSeconds = periodsSeconds.find((each) => String(each) === found.period);
  if (!periodSeconds) return problem(`the period of ${address} is not supported: 30 or 60 s`);
  return { place, address, seed: encodeBase32(found.seed), algorithm, digits, periodSeconds };
};

const readers: Readonly<Record<ImportFormat, (line: string, domain: string | undefined) => Found | undefined>> = {
  otpauth: readUri,
  oath: readOath,
  csv: readCsv,
};

const hotp = 'this is HOTP, codes by a counter: only TOTP, codes by the time, can be imported';

const isHeader = (line: string): boolean => /^"?address"?\s*,/i.test(line);

/** All entries of the files, or what is wrong with them. Empty lines and comments (`#`) are passed over. */
export const readEntries = (
  sources: readonly SourceText[],
  { format, domain, isAddress }: Reading,
): { readonly entries: readonly Entry[]; readonly problems: readonly LineProblem[] } => {
  const entries: Entry[] = [];
  const problems: LineProblem[] = [];
  const places = new Map<string, string>();
  for (const { file, text } of sources) {
    for (const [index, raw] of text.split(/\r?\n/).entries()) {
      const line = raw.trim();
      const place = `${file}:${index + 1}`;
      if (line === '' || line.startsWith('#') || (format === 'csv' && index === 0 && isHeader(line))) continue;
      const found = readers[format](line, domain);
      const read = found
        ? checked(found, place, isAddress)
        : { place, message: isHotp(line) ? hotp : `this is no line of the format ${format}` };
      const first = 'address' in read ? places.get(read.address) : undefined;
      if (!('address' in read)) problems.push(read);
      else if (first !== undefined) problems.push({ place, message: `${read.address} is there already, at ${first}` });
      else {
        places.set(read.address, place);
        entries.push(read);
      }
    }
  }
  return { entries, problems };
};
