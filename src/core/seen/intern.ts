/** More different texts than this are not the few that repeat: names of platforms, reasons, messages. */
const mostTexts = 20_000;

const texts = new Map<string, string>();

/** Accounts that changed together share what was said of them then, and are mostly read together too. */
const mostRecent = 256;

/** What some of the objects read last have in common, so that one copy serves them all. */
export class Recent<T> {
  readonly #known = new Map<string, T>();

  /** One for each text that stands for it. */
  share(text: string, make: () => T): T {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size === mostRecent) this.#known.clear();
    const made = make();
    this.#known.set(text, made);
    return made;
  }
}

const instants = new Recent<string>();

/** One copy of an instant that some of the objects read last have as well. */
export const internInstant = (text: string): string => instants.share(text, () => text);

/** One copy of a text that a hundred thousand objects share: the parser makes a new one each time. */
export const intern = (text: string): string => {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < mostTexts) texts.set(text, text);
  return text;
};
