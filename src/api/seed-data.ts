/** What the Secret's data may say: the one rule for who writes them (the operator, an import) and for who reads them. */
export const algorithms = ['SHA1', 'SHA256', 'SHA512'] as const;
export const digitCounts = [6, 8] as const;
export const periodsSeconds = [30, 60] as const;

/** RFC 4226 asks for 128 bits at least (section 4, R6). The operator mints 160; an import brings what phones have. */
export const leastSeedBits = 128;
/** A block of SHA-256, over which HMAC would hash the seed first: no app has more. */
export const mostSeedBits = 512;

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bitsPerCharacter = 5;

const charactersOf = (bits: number): number => Math.ceil(bits / bitsPerCharacter);

/** The form of a seed, for a schema; which of these texts are whole bytes only {@link isSeed} says. */
export const seedPattern = `^[A-Z2-7]{${charactersOf(leastSeedBits)},${charactersOf(mostSeedBits)}}$`;
const seedForm = new RegExp(seedPattern);

/** Whether a text is a seed: base32 (RFC 4648) in upper case without padding, 128 to 512 bits in whole bytes. */
export const isSeed = (text: string): boolean => {
  if (!seedForm.test(text)) return false;
  const restBits = (text.length * bitsPerCharacter) % 8;
  // what does not fill a byte is zero, and no whole character
  const rest = base32.indexOf(text.at(-1) ?? '') % 2 ** restBits;
  return restBits < bitsPerCharacter && rest === 0;
};
