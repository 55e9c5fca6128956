/** A value in a field selector, which gives these characters a meaning (fields.EscapeValue in apimachinery). */
export const escapeSelector = (value: string): string => value.replace(/[\\,=]/g, (character) => `\\${character}`);
