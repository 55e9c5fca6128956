/** More different texts than this are not the few that repeat: names of platforms, reasons, messages. */
const mostTexts = 20_000;

const texts = new Map<string, string>();

/** One copy of a text that a hundred thousand objects share: the parser makes a new one each time. */
export const intern = (text: string): string => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < mostTexts) texts.set(text, text);
  return text;
};
