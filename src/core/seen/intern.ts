/** More different texts than this are not the few that repeat: names of platforms, reasons, messages. */
const mostTexts = 20_000;

const texts = new Map<string, string>();

/** Accounts that changed together share their instants, and are mostly read together too. */
const mostInstants = 256;

const instants = new Map<string, string>();

/** One copy of an instant that some of the objects read last have as well. */
export const internInstant = (text: string): string => {
  const known = instants.get(text);
  if (known !== undefined) return known;
  if (instants.size === mostInstants) instants.clear();
  instants.set(text, text);
  return text;
};

/** One copy of a text that a hundred thousand objects share: the parser makes a new one each time. */
export const intern = (text: string): string => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < mostTexts) texts.set(text, text);
  return text;
};
