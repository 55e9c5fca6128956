import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { secretType } from '../../../src/api/names.ts';
import type { SecretRecord } from '../../../src/api/record.ts';
import { secondFactor } from '../../../src/core/second-factor.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const consumer = /```python\n(.*?)```/s.exec(readme)?.[1] ?? '';
const now = Date.UTC(2026, 11, 1, 9);

/** The README's rule over a list of records, as a program. */
const program = `
import json, sys
from datetime import datetime, timezone
${consumer}
now = datetime(2026, 12, 1, 9, tzinfo=timezone.utc)
print(json.dumps([second_factor(secret, now) for secret in json.load(sys.stdin)]))
`;

/** Now and then what no login service should trust. */
const mostly = (good: readonly string[], bad: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...good) }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
/** Absent more often than not. */
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const instant = mostly(['2026-12-01T08:59:59Z', '2026-12-01T09:00:00Z', '2026-12-01T10:00:00Z'], ['soon', '']);
const minted = mostly(['2026-11-24T12:00:00.000Z', '2026-11-25T12:00:00.000Z'], ['once']);
const aCode = `sha256:${'0'.repeat(32)}:${'0'.repeat(64)} 2026-12-02T00:00:00Z`;
const windows = [
  '2026-12-01T08:00:00Z/2026-12-01T09:00:00Z',
  '2026-12-01T08:00:00Z/2026-12-01T09:00:01Z',
  '2026-11-01T08:00:00Z/2026-11-01T09:00:00Z 2026-12-01T09:00:00Z/2026-12-01T10:00:00Z',
];
const failures = [4, 100].map((row) => JSON.stringify({ row, unknown: [], known: [] }));

const annotations = fc
  .record({
    'second-factor': mostly(['required', 'required', 'required', 'off'], ['refused', 'maybe']),
    suspended: seldom(mostly(windows, ['always'])),
    'minted-at': minted,
    'data-invalid': seldom(seldom(minted).map((text) => text ?? 'once')),
    enrolled: seldom(fc.tuple(instant, mostly(['0', '58865653'], ['']))),
    'enroll-until': seldom(instant),
    'enrollment-code': seldom(fc.constantFrom('required', aCode)),
    failures: seldom(mostly(failures, ['many'])),
    'orphaned-at': seldom(seldom(instant)),
  })
  .map(({ enrolled, ...others }) => {
    const [enrolledAt, lastStep] = enrolled ?? [];
    const short = { ...others, 'enrolled-at': enrolledAt, 'last-step': lastStep === '' ? undefined : lastStep };
    const present = Object.entries(short).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
    return Object.fromEntries(present.map(([key, value]) => [`exchange2fa.io/${key}`, value])) as Record<
      string,
      string
    >;
  });

const inWords = (record: SecretRecord): string => {
  const verdict = secondFactor(record, now);
  if (verdict.kind !== 'enroll') return verdict.kind;
  return verdict.enrollmentCode.kind === 'none' ? 'the QR code' : 'the enrolment code, then the QR code';
};

const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

test("the README's consumer says what secondFactor says, or refuses, and never the more", ({ skip }) => {
  skip(!hasPython, 'there is no python3 of at least 3.11 on the PATH');
  const records = fc.sample(annotations, 2_000).map((each) => ({ type: secretType, annotations: each }));
  const secrets = records.map(({ type, annotations }) => ({ type, metadata: { annotations } }));
  const output = execFileSync('python3', ['-c', program], { input: JSON.stringify(secrets), encoding: 'utf8' });
  const answers = JSON.parse(output) as string[];
  const differing = records.flatMap((record, index) => {
    const [wanted, said] = [inWords(record), answers[index]];
    return said === wanted || said === 'deny' ? [] : [{ record, wanted, said }];
  });
  expect(differing).toEqual([]);
  expect(new Set(answers).size).toBe(5);
});
