import { describe, expect, it } from 'vitest';
import { systemRandom } from '../../../src/host/random.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('bytes', () => {
  it.each([1, 20, 4_096, 4_097])('are as many as asked for: %i', (count) => {
    expect(systemRandom.bytes(count)).toHaveLength(count);
  });

  it('are never given twice', () => {
    const given = Array.from({ length: 2_000 }, () => hex(systemRandom.bytes(20)));
    expect(new Set(given)).toHaveLength(given.length);
  });

  it("are their receiver's own: what comes later does not change them", () => {
    const first = systemRandom.bytes(20);
    const before = hex(first);
    for (let n = 0; n < 1_000; n += 1) systemRandom.bytes(20);
    expect(hex(first)).toBe(before);
  });

  it('have nothing left of them where they came from', () => {
    const bytes = systemRandom.bytes(20);
    expect(bytes.buffer.byteLength).toBe(20);
  });
});
