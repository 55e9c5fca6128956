import { Recent } from '../../api/recent.ts';

/** More different texts than this are not the few that repeat: names of platforms, reasons, messages. */
const mostTexts = 20_000;

const texts = new Map<string, string>();

const instants = new Recent<string, string>();

const itself = (text: string): string => text;

/** One copy of an instant that some of the objects read last have as well. */
export const internInstant = (text: string): string => instants.share(text, itself);

/** One copy of a text that a hundred thousand objects share: the parser makes a new one each time. */
export const intern = (text: string): string => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < mostTexts) texts.set(text, text);
  return text;
};
