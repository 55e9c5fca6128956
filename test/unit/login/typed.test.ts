import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFailures } from '../../../src/api/failures.ts';
import { annotation } from '../../../src/api/record.ts';
import { secondFactor } from '../../../src/core/second-factor.ts';
import { judgedAt } from '../../../src/login/authenticator/judged.ts';
import { judgeTyped } from '../../../src/login/authenticator/judge-typed.ts';
import type { LoginSecret } from '../../../src/login/secrets/secret.ts';
import { secretType } from '../../../src/api/names.ts';
import { codeAt, stepAt } from '../../../src/totp/code.ts';
import { fittingSteps } from '../../../src/totp/fitting-steps.ts';
import { digitsOf } from '../../../src/totp/typed-code.ts';
import { dataOf } from './tables/codes.ts';
import { annotations, enrolled, now, seed, usual } from './tables/record.ts';

/** RFC 6238, appendix B. */
const rfcSeeds = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  SHA512: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA',
} as const;

describe.each([
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
])('RFC 6238, appendix B, at %d s', (seconds, SHA1, SHA256, SHA512) => {
  test.each(Object.entries({ SHA1, SHA256, SHA512 }) as ['SHA1' | 'SHA256' | 'SHA512', string][])(
    '%s fits its step',
    (algorithm, digits) => {
      const parameters = { algorithm, digits: 8, periodSeconds: 30 } as const;
      const at = { digits, unixMs: seconds * 1000 };
      expect(fittingSteps(rfcSeeds[algorithm], parameters, at, { back: 1, ahead: 1 })).toEqual([stepAt(30, at.unixMs)]);
    },
  );
});

test('no step before the first', () => {
  const digits = codeAt(seed, usual, 0);
  expect(fittingSteps(seed, usual, { digits, unixMs: 0 }, { back: 10, ahead: 0 })).toEqual([0]);
});

test.each([
  ['123456', '123456'],
  ['12345678', '12345678'],
  [' 123 456\n', '123456'],
  ['1-2-3-4-5-6', '123456'],
  ['123\u2013456', '123456'],
  ['１２３４５６', '123456'],
  ['1234567', undefined],
  ['', undefined],
  ['12345O', undefined],
])('%j is %j', (typed, digits) => expect(digitsOf(typed)).toBe(digits));

const secretOf = (short: Readonly<Record<string, string>>): LoginSecret => ({
  type: secretType,
  metadata: { annotations: annotations(short) },
  data: Object.fromEntries(
    Object.entries(dataOf({ name: '', typed: '', expected: { answer: 'replayed' } })).map(([key, text]) => [
      key,
      Buffer.from(text).toString('base64'),
    ]),
  ),
});

const anyCode = fc.oneof(
  fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0')),
  fc.integer({ min: -12, max: 12 }).map((steps) => codeAt(seed, usual, now + steps * 30_000)),
);
const anyMoment = fc.record({
  digits: anyCode,
  browser: fc.constantFrom('known' as const, 'unknown' as const),
  afterMs: fc.integer({ min: 0, max: 4_000_000 }),
});

test('however codes come: each step once, last-step rises, failures stay readable, and every verdict changes the record', () => {
  fc.assert(
    fc.property(fc.array(anyMoment, { maxLength: 60 }), (moments) => {
      let [secret, at, attempts] = [secretOf(enrolled), now, 0];
      for (const { digits, browser, afterMs } of moments) {
        at += afterMs;
        const before = secret.metadata.annotations ?? {};
        const occasion = { now: at, browser, honourSuspensions: true };
        const found = judgedAt(secret, occasion);
        if (found.kind === 'withoutCode') continue;
        const judgement = judgeTyped(found, { digits }, occasion, () => `attempt-${(attempts += 1)}`);
        if (!('write' in judgement)) continue;
        const annotationsAfter = { ...before, ...judgement.write };
        secret = { ...secret, metadata: { annotations: annotationsAfter } };
        expect(annotationsAfter).not.toEqual(before);
        expect(parseFailures(annotationsAfter[annotation.failures] ?? '')).toBeDefined();
        const [was, is] = [before, annotationsAfter].map((each) => Number(each[annotation.lastStep]));
        if (judgement.kind === 'accepted') expect(is).toBeGreaterThan(was!);
        else expect(is).toBe(was);
        expect(secondFactor({ type: secretType, annotations: annotationsAfter }, at, browser)).not.toMatchObject({
          reason: 'SecretInvalid',
        });
      }
    }),
    { numRuns: 200 },
  );
});

test('a guesser with only unknown browsers is judged at most 25 times in 30 days, whatever the times', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 * 3_600_000 }), { minLength: 200, maxLength: 400 }), (pauses) => {
      let [secret, at, judged] = [secretOf(enrolled), now, 0];
      for (const pause of pauses) {
        at += pause;
        if (at > now + 30 * 86_400_000) break;
        const occasion = { now: at, browser: 'unknown', honourSuspensions: true } as const;
        const found = judgedAt(secret, occasion);
        if (found.kind === 'withoutCode') continue;
        const judgement = judgeTyped(found, { digits: '000000' }, occasion, () => `${at}`);
        if (judgement.kind !== 'wrong') continue;
        judged += 1;
        secret = { ...secret, metadata: { annotations: { ...secret.metadata.annotations, ...judgement.write } } };
      }
      expect(judged).toBeLessThanOrEqual(25);
    }),
    { numRuns: 50 },
  );
});
