import { describe, expect, test } from 'vitest';
import { en } from '../../../src/login/locales/en.ts';
import { fr } from '../../../src/login/locales/fr.ts';
import { textsFor } from '../../../src/login/locales/index.ts';
import { writtenInstant, writtenWait } from '../../../src/login/locales/time.ts';

describe('the language of a page', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['fr', 'fr'],
    ['FR-ca', 'fr'],
    ['de, fr;q=0.5, en;q=0.4', 'fr'],
    ['en;q=0.2, fr;q=0.9', 'fr'],
    ['fr;q=0, en', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    ['frisian', 'en'],
    ['fr;q=many', 'en'],
    [`fr,${'x'.repeat(2000)}`, 'en'],
    [';;;,,,', 'en'],
  ])('for Accept-Language %s is %s', (header, lang) => {
    expect(textsFor(header).lang).toBe(lang);
  });

  /** Each text, with its place; functions are called with something. */
  const said = (value: unknown, place = ''): readonly (readonly [string, string])[] => {
    if (typeof value === 'string') return [[place, value]];
    const argument = { phoneIs: 'slow', minutes: 2, toString: () => 'ARGUMENT' };
    if (typeof value === 'function') return said((value as (of: unknown) => unknown)(argument), place);
    return Object.entries(value as object).flatMap(([key, inner]) => said(inner, `${place}.${key}`));
  };

  test('says everything in French, and nothing twice the same as in English', () => {
    const [english, french] = [new Map(said(en)), new Map(said(fr))];
    expect([...french.keys()]).toEqual([...english.keys()]);
    for (const [place, text] of french) {
      expect(text.trim(), place).not.toBe('');
      if (place !== '.formats') expect(text, place).not.toBe(english.get(place));
    }
  });

  test('counts in both', () => {
    expect(en.guessed.count(1)).toContain('1 wrong code was typed');
    expect(en.guessed.count(2)).toContain('2 wrong codes were typed');
    expect(fr.guessed.count(1)).toContain('1 code erroné a été saisi');
    expect(fr.guessed.count(3)).toContain('3 codes erronés ont été saisis');
    expect(fr.problem.clock({ phoneIs: 'fast', minutes: 3 })).toContain('avance d’environ 3 minutes');
  });
});

describe('times', () => {
  test.each([
    [1, '1 second'],
    [28_500, '29 seconds'],
    [120_000, '120 seconds'],
    [120_001, '3 minutes'],
    [3_600_000, '60 minutes'],
    [7_200_001, '3 hours'],
  ])('a wait of %i ms is %s: never shorter than it is', (waitMs, text) => {
    expect(writtenWait(en.formats, waitMs)).toBe(text);
  });

  test('are in the words of the language', () => {
    expect(writtenWait(fr.formats, 30_000)).toMatch(/^30.secondes$/);
    expect(writtenInstant(en.formats, Date.parse('2026-12-01T08:05:59Z'))).toMatch(/^1 December 2026 at 08:05 UTC$/);
    expect(writtenInstant(fr.formats, Date.parse('2026-12-01T08:05:59Z'))).toMatch(/^1 décembre 2026 à 08:05 UTC$/);
  });
});
