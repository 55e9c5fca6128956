/** A piece of HTML that is safe to put into a page as it is. Made by {@link html} and {@link trusted} only. */
export interface Html {
  readonly markup: string;
}

/** What may stand in a template: texts are escaped, pieces stay, lists are joined, undefined and false leave nothing. */
type Value = Html | string | number | undefined | false | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

const isList = (value: Value): value is readonly Html[] => Array.isArray(value);

const markupOf = (value: Value): string => {
  if (value === undefined || value === false) return '';
  if (isList(value)) return value.map(({ markup }) => markup).join('');
  return typeof value === 'object' ? value.markup : escape(`${value}`);
};

/** A template whose values are escaped for text and for attributes in double quotes. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: strings.reduce((whole, part, index) => whole + markupOf(values[index - 1]) + part),
});

/** Markup from this program itself, such as a drawn QR code: never from a request. */
export const trusted = (markup: string): Html => ({ markup });
