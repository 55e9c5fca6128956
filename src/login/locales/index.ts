import { en } from './en.ts';
import { fr } from './fr.ts';
import type { Texts } from './texts.ts';

/** Every language of the pages; the first is for who asks for none of them. Another one: its file, and its name here. */
const languages: readonly Texts[] = [en, fr];

interface Preference {
  readonly range: string;
  readonly quality: number;
}

/** Languages with more preferences than this in one header are nobody's. */
const longestHeader = 1000;

const preferenceOf = (item: string): Preference => {
  const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
  const quality = weight === undefined ? 1 : Number(weight);
  return { range, quality: Number.isNaN(quality) ? 0 : quality };
};

/** Whether `fr-CA` asks for `fr` (RFC 4647, lookup: the range is shortened until it fits). */
const asksFor = (range: string, { lang }: Texts): boolean => range === lang || range.startsWith(`${lang}-`);

/** The language that the header Accept-Language (RFC 9110, section 12.5.4) likes best; English for anything else. */
export const textsFor = (acceptLanguage: string | undefined): Texts => {
  const [first] = languages as readonly [Texts, ...Texts[]];
  if (acceptLanguage === undefined || acceptLanguage.length > longestHeader) return first;
  const preferences = acceptLanguage
    .split(',')
    .map(preferenceOf)
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality);
  for (const { range } of preferences) {
    const found = range === '*' ? first : languages.find((language) => asksFor(range, language));
    if (found !== undefined) return found;
  }
  return first;
};
