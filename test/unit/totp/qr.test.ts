import { create } from 'qrcode';
import { describe, expect, test } from 'vitest';
import { qrText } from '../../../src/totp/qr.ts';

const content =
  'otpauth://totp/Example%20Mail:anna%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example%20Mail';

/** The two modules of each half block, and the same in a text whose blocks are the light modules. */
const dark = { ' ': [0, 0], '▀': [1, 0], '▄': [0, 1], '█': [1, 1] } as Readonly<Record<string, readonly number[]>>;

/** Reads the text back into rows of modules; 1 is dark. */
function modulesOf(lines: readonly string[], block: 0 | 1): number[][] {
  return lines.flatMap((line) => {
    const pairs = Array.from(line, (character) => dark[character] ?? [NaN, NaN]);
    return [0, 1].map((half) => pairs.map((pair) => (pair[half] === block ? 1 : 0)));
  });
}

/** The code itself, with four light modules around it; the last line of half blocks is half empty. */
function expected(): number[][] {
  const { size, data } = create(content, { errorCorrectionLevel: 'L' }).modules;
  const light = (count: number): number[] => Array.from({ length: count }, () => 0);
  const rows = Array.from({ length: size }, (_, row) => [...data.slice(row * size, (row + 1) * size)]);
  const margin = Array.from({ length: 4 }, () => light(size + 8));
  return [...margin, ...rows.map((row) => [...light(4), ...row, ...light(4)]), ...margin, light(size + 8)];
}

describe('a QR code as text', () => {
  test('with colours is black on white on any terminal', async () => {
    const lines = (await qrText(content, { ansi: true })).split('\n');
    for (const line of lines) expect(line).toMatch(/^\u001b\[30;107m[ ▀▄█]+\u001b\[0m$/);
    const bare = lines.map((line) => line.slice('\u001b[30;107m'.length, -'\u001b[0m'.length));
    expect(modulesOf(bare, 1)).toEqual(expected());
  });

  test('without colours draws the light modules, for a dark ground', async () => {
    const text = await qrText(content, { ansi: false });
    expect(text).not.toContain('\u001b');
    const read = modulesOf(text.split('\n'), 0);
    expect(read.slice(0, -1)).toEqual(expected().slice(0, -1));
  });

  test('fits into a terminal of 80 columns and 24 lines', async () => {
    const lines = (await qrText(content, { ansi: false })).split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
