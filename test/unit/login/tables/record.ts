import { group, secretType } from '../../../../src/api/names.ts';
import type { SecretRecord } from '../../../../src/api/record.ts';
import { codeAt } from '../../../../src/totp/code.ts';
import type { CodeParameters } from '../../../../src/totp/parameters.ts';

/** The instant of every row that names no other: 15 s into a step of 30 s. */
export const now = Date.parse('2026-07-21T09:00:15Z');
/** The RFC 6238 time step of {@link now}. */
export const presentStep = 59_487_480;

/** An instant so many seconds from {@link now}, in whole seconds. */
export const instant = (seconds: number): string =>
  new Date(now + seconds * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z');
export const unix = (seconds: number): number => now / 1000 + seconds;
export const day = 86_400;

export const mintedAt = '2026-07-01T10:00:00.000Z';

/** RFC 6238's own seed, for SHA-1. */
export const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const usual: CodeParameters = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 };

/** The code that a phone shows so many steps from the present one. */
export const code = (steps: number, parameters: CodeParameters = usual): string =>
  codeAt(seed, parameters, now + steps * parameters.periodSeconds * 1000);

/** Annotations by the part of their name after the prefix. */
export type Short = Readonly<Record<string, string>>;

export const unscanned: Short = { 'second-factor': 'required', 'minted-at': mintedAt };
export const enrolled: Short = { ...unscanned, 'enrolled-at': '2026-07-01T10:05:00Z', 'last-step': '59000000' };

export const annotations = (short: Short): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(short).map(([key, value]) => [`${group}/${key}`, value]));

export const record = (short: Short, type = secretType): SecretRecord => ({ type, annotations: annotations(short) });

interface Wrong {
  readonly row: number;
  readonly unknown?: readonly number[];
  readonly known?: readonly number[];
}

/** The annotation `failures`; its instants in seconds from {@link now}. */
export const failures = ({ row, unknown = [], known = [] }: Wrong): Short => ({
  failures: JSON.stringify({ row, unknown: unknown.map(unix), known: known.map(unix) }),
});

/** So many wrong codes a second apart, the last one so many seconds from {@link now}. */
export const times = (count: number, last = -1): readonly number[] =>
  Array.from({ length: count }, (_, index) => last - (count - 1 - index));

/** The enrolment code 0123-4567-89AB-CDEF, hashed with a salt of zeros. */
export const enrollmentCode = '0123-4567-89AB-CDEF';
export const enrollmentHash =
  'sha256:00000000000000000000000000000000:0f96f1554fb973bf407dc26b9adc9947e8678aae87bc6f55fed75b9945614af5';
