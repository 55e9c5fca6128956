/** What people put between the digits: spaces of every kind, hyphens and dashes. */
const between = /[\s\p{Zs}\p{Pd}\u2212]/gu;

/** The digits of a code as somebody typed or pasted it; undefined for what is no code of 6 or 8 digits. */
export const digitsOf = (typed: string): string | undefined => {
  // Longer than any code with separators: not worth normalizing.
  if (typed.length > 64) return undefined;
  const digits = typed.normalize('NFKC').replace(between, '');
  return /^(?:[0-9]{6}|[0-9]{8})$/.test(digits) ? digits : undefined;
};
