import { Buffer } from 'node:buffer';
import type { LoggedRequest } from './fault-proxy-log.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a seed in base32 without padding. */
const bytesOf = (seed: string): Buffer => {
  const bits = Array.from(seed, (letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
};

/** Base64 of the bytes wherever they stand in a longer text: at each of three alignments, the part that only they decide. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const last = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    return text.slice(Math.ceil((offset * 8) / 6), last);
  });

/** Every form in which a seed could be written down. */
export const formsOf = (seed: string): readonly string[] => {
  const bytes = [bytesOf(seed), Buffer.from(seed)];
  const base64 = bytes.flatMap(inBase64);
  const hex = bytes.map((each) => each.toString('hex'));
  return [
    seed,
    seed.toLowerCase(),
    ...hex,
    ...hex.map((each) => each.toUpperCase()),
    ...base64,
    ...base64.map((each) => each.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.map(encodeURIComponent),
  ];
};

/** The seeds that a request puts into a Secret. */
export const seedsIn = ({ resource, body }: LoggedRequest): readonly string[] => {
  if (resource !== 'secrets' || !body.includes('"seed"')) return [];
  const { data } = JSON.parse(body) as { data?: Readonly<Record<string, string>> | null };
  return data?.['seed'] === undefined ? [] : [Buffer.from(data['seed'], 'base64').toString()];
};

/** Runs of characters of which any encoding is made. */
const run = /[A-Za-z0-9+/_%-]{20,}/g;

/** Looks for many seeds at once: every form of each has one of a few lengths. */
export class Canary {
  readonly #seedOf = new Map<string, string>();
  readonly #lengths: readonly number[];

  constructor(seeds: Iterable<string>) {
    for (const seed of seeds) for (const form of formsOf(seed)) this.#seedOf.set(form, seed);
    this.#lengths = [...new Set([...this.#seedOf.keys()].map(({ length }) => length))];
  }

  /** The seeds that a text contains, in whatever form. */
  foundIn(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const [characters] of text.matchAll(run)) {
      for (const length of this.#lengths) {
        for (let start = 0; start + length <= characters.length; start += 1) {
          const seed = this.#seedOf.get(characters.slice(start, start + length));
          if (seed !== undefined) found.add(seed);
        }
      }
    }
    return found;
  }
}
