import { annotation, type SecretRecord } from '../../api/record.ts';
import { algorithms, digitCounts, isSeed, periodsSeconds } from '../../api/seed-data.ts';
import type { KubeObject, Stored } from '../../kube/client/resource.ts';
import type { CodeParameters } from '../../totp/parameters.ts';

/** A Secret as a login service reads it. */
export interface LoginSecret extends KubeObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

export type StoredSecret = Stored<LoginSecret>;

/** What a login reads of the Secret's data: the seed, how codes are made from it, and what the QR code says. */
export interface SeedData {
  readonly seed: string;
  readonly parameters: CodeParameters;
  readonly issuer: string;
  readonly otpauthUri: string;
}

/** What decides about a login: type and annotations. */
export const recordOf = ({ type = '', metadata }: LoginSecret): SecretRecord => ({
  type,
  annotations: metadata.annotations ?? {},
});

/** Which seed a Secret holds: tells it from those before. Where a code is asked for, it is there. */
export const mintedAtOf = ({ metadata }: LoginSecret): string => metadata.annotations?.[annotation.mintedAt] ?? '';

const isOneOf = <T>(value: unknown, allowed: readonly T[]): value is T => allowed.some((one) => one === value);

/** By its text: `Number` would read `030`, `0x1e` and ` 30` as 30. */
const countIn = <T extends number>(text: string, allowed: readonly T[]): T | undefined =>
  allowed.find((one) => String(one) === text);

/** Reads the data of a Secret as the API server gives it, in base64. Undefined if it is not as the contract says. */
export const readSeedData = (data: LoginSecret['data']): SeedData | undefined => {
  const text = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  const algorithm = text('algorithm');
  const digits = countIn(text('digits'), digitCounts);
  const periodSeconds = countIn(text('period'), periodsSeconds);
  const [seed, issuer, otpauthUri] = [text('seed'), text('issuer'), text('otpauth-uri')];
  if (!isSeed(seed) || !otpauthUri.startsWith('otpauth://totp/')) return undefined;
  if (!isOneOf(algorithm, algorithms) || digits === undefined || periodSeconds === undefined) return undefined;
  return { seed, parameters: { algorithm, digits, periodSeconds }, issuer, otpauthUri };
};
