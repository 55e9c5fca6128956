import { type CodeParameters } from '../../src/totp/parameters.ts';

/** What a login reads of the Secret's data: the seed, how codes are made from it, and what the QR code says. */
export interface SeedData {
  readonly seed: string;
  readonly parameters: CodeParameters;
  readonly otpauthUri: string;
}

const isOneOf = <T>(value: unknown, allowed: readonly T[]): value is T => allowed.some((one) => one === value);

/** Reads the data of a Secret as the API server gives it, in base64. Undefined if it is not as the contract says. */
export function readSeedData(data: Readonly<Record<string, string>> | undefined): SeedData | undefined {
  const text = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  const algorithm = text('algorithm');
  const digits = Number(text('digits'));
  const periodSeconds = Number(text('period'));
  const [seed, otpauthUri] = [text('seed'), text('otpauth-uri')];
  if (!/^[A-Z2-7]{32}$/.test(seed) || !otpauthUri.startsWith('otpauth://totp/')) return undefined;
  if (!isOneOf(algorithm, ['SHA1', 'SHA256', 'SHA512'] as const)) return undefined;
  if (!isOneOf(digits, [6, 8] as const) || !isOneOf(periodSeconds, [30, 60] as const)) return undefined;
  return { seed, parameters: { algorithm, digits, periodSeconds }, otpauthUri };
}
