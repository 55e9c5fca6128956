import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareResourceVersions, isResourceVersion } from '../../../src/kube/client/resource-version.ts';

const version = fc.bigInt({ min: 0n, max: 2n ** 80n });

it('compares as the numbers do, of any length', () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      const sign = a < b ? -1 : a > b ? 1 : 0;
      expect(Math.sign(compareResourceVersions(String(a), String(b)))).toBe(sign);
    }),
  );
});

it.each([
  ['0', true],
  ['354', true],
  ['0354', false],
  ['', false],
  ['-1', false],
  ['1e3', false],
  ['12\n', false],
  [12, false],
  [undefined, false],
])('%j is a version: %s', (text, expected) => {
  expect(isResourceVersion(text)).toBe(expected);
});
