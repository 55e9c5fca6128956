import { count } from './count.ts';
import { printable } from './terminal.ts';

/** What is told of one account. */
export interface AccountOutcome {
  readonly name: string;
  readonly says: string;
}

const mostNamed = 5;

/** `anna, ben and 9998 more`. */
export const someOf = (items: readonly string[]): string => {
  const more = items.length > mostNamed ? ` and ${items.length - mostNamed} more` : '';
  return `${items.slice(0, mostNamed).join(', ')}${more}`;
};

export const lineOf = ({ name, says }: AccountOutcome): string => `${name}: ${printable(says)}`;

/** What is said, but for the account's own name in it. */
const sentenceWithoutName = ({ name, says }: AccountOutcome): string =>
  says.replace(/(kubectl twofactor \w+|MailAccount) ([\w.-]+)/g, (text, before: string, word: string) =>
    word === name ? `${before} NAME` : text,
  );

/**
 * A line for each reason, not for each account: what went wrong ten thousand times is read once.
 *
 * @param elsewhere where those are named that are too many for the line; absent: they are all named in it
 */
export const byReason = (told: readonly AccountOutcome[], elsewhere?: string): readonly string[] =>
  [...Map.groupBy(told, sentenceWithoutName)].map(([reason, all]) => {
    if (all.length === 1) return all.map(lineOf).join('');
    const names = all.map(({ name }) => name);
    const areAllNamed = elsewhere === undefined || names.length <= mostNamed;
    const named = areAllNamed ? names.join(', ') : someOf(names) + elsewhere;
    return `${count(all.length, 'account')} (${named}): ${printable(reason)}`;
  });
