import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineDecoder } from '../../../src/kube/watch/line-decoder.ts';

const decode = (chunks: readonly Uint8Array[]): string[] => {
  const decoder = new LineDecoder();
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
};

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

const line = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('\n'));

describe('lines', () => {
  it('come out whole wherever the bytes are cut, also inside a character', () => {
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat()), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'utf8');
        expect(decode(split(bytes, cuts))).toEqual(lines);
      }),
    );
  });

  it('are cut at each single byte of a text with four-byte characters', () => {
    const text = '{"a":"ü€😀"}';
    const bytes = Buffer.from(`${text}\n${text}\n`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(decode([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([text, text]);
    }
  });

  it('that are empty are left out', () => {
    expect(decode([Buffer.from('\n\na\n\n')])).toEqual(['a']);
  });

  it('that have not ended are known', () => {
    const decoder = new LineDecoder();
    expect([...decoder.push(Buffer.from('half'))]).toEqual([]);
    expect(decoder.midLine).toBe(true);
    expect([...decoder.push(Buffer.from('\n'))]).toEqual(['half']);
    expect(decoder.midLine).toBe(false);
  });

  it('that never end are refused before they fill memory', () => {
    const decoder = new LineDecoder();
    const chunk = Buffer.alloc(8 * 1024 * 1024, 'x');
    expect(() => {
      for (let round = 0; round < 5; round++) Array.from(decoder.push(chunk));
    }).toThrow('a line of more than');
  });
});
