import { formatMilliseconds } from '../../../../src/api/instants.ts';
import { secretType } from '../../../../src/api/names.ts';
import { attempt, type CodeCase, codeCases, dataOf } from './codes.ts';
import { annotations, now } from './record.ts';
import { type VerdictCase, verdictCases } from './verdicts.ts';

/** Instants of an answer in RFC 3339, at whatever depth. */
const inWords = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const isInstant = (key: string, member: unknown): member is number =>
    ['until', 'notBefore', 'expiresAt'].includes(key) && typeof member === 'number';
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isInstant(key, member) ? formatMilliseconds(member) : inWords(member),
    ]),
  );
};

const verdictVector = ({ name, record, browser = 'unknown', at = now, verdict }: VerdictCase) => ({
  name,
  now: formatMilliseconds(at),
  browser,
  record: record ?? null,
  verdict: inWords(verdict),
});

const codeVector = (row: CodeCase) => ({
  name: row.name,
  now: formatMilliseconds(now),
  browser: row.browser ?? 'unknown',
  honourSuspensions: row.honourSuspensions ?? true,
  secret: row.secret ? { type: secretType, annotations: annotations(row.secret), data: dataOf(row) } : null,
  typed: row.typed,
  mintedAt: row.mintedAt ?? null,
  enrollmentCode: row.enrollmentCode ?? null,
  attempt,
  answer: inWords(row.expected),
  patch: row.patch ? annotations(row.patch) : null,
});

/** Addresses and the names of their Secrets; null: no address that could have one. */
export const nameCases: readonly (readonly [address: string, name: string | null])[] = [
  ['anna@example.com', 'totp-f7d54c22dda5b1780276601cd005909b70543fc4'],
  ['Anna@EXAMPLE.com', 'totp-f7d54c22dda5b1780276601cd005909b70543fc4'],
  ['a@b.c', 'totp-d648b243a3e817eaa3309e00e183483f2867baad'],
  ['änna@example.com', null],
  ['\u212Aarl@example.com', null],
  ['', null],
  ['anna@example.com\n', null],
];

/** The files of test/vectors, by name. */
export const vectors = {
  'names.json': {
    description:
      'docs/secret-contract.md, "Which Secret": the name of the Secret of an address; null where there is none.',
    cases: nameCases.map(([address, name]) => ({ address, name })),
  },
  'second-factor.json': {
    description:
      'docs/secret-contract.md, "What a login meets": type and annotations of the Secret (null: there is none), browser and instant to verdict.',
    cases: verdictCases.map(verdictVector),
  },
  'codes.json': {
    description:
      'docs/secret-contract.md, "Judging a code": Secret (its data in clear, not in base64), code, browser and instant to answer, and the annotations that are written before it is given (null: nothing). `attempt` is the text that this verdict writes; `mintedAt` the seed that the page was about, `phoneAhead` the steps by which the phone seems ahead.',
    cases: codeCases.map(codeVector),
  },
} as const;
