import { count } from '../frame/count.ts';
import { printable } from '../frame/terminal.ts';

/** What is told of one account. */
export interface Told {
  readonly name: string;
  readonly says: string;
}

const mostNamed = 5;

/** `anna, ben and 9998 more`. */
export const someOf = (items: readonly string[]): string => {
  const more = items.length > mostNamed ? ` and ${items.length - mostNamed} more` : '';
  return `${items.slice(0, mostNamed).join(', ')}${more}`;
};

export const lineOf = ({ name, says }: Told): string => `${name}: ${printable(says)}`;

/** What is said, but for the account's own name in it. */
const reasonOf = ({ name, says }: Told): string =>
  says.replace(/(kubectl twofactor \w+|MailAccount) ([\w.-]+)/g, (text, before: string, word: string) =>
    word === name ? `${before} NAME` : text,
  );

/** A line for each reason, not for each account: what went wrong ten thousand times is read once. */
export const byReason = (told: readonly Told[]): readonly string[] =>
  [...Map.groupBy(told, reasonOf)].map(([reason, all]) => {
    if (all.length === 1) return all.map(lineOf).join('');
    const names = someOf(all.map(({ name }) => name));
    const rest = all.length > mostNamed ? '; each with -o name' : '';
    return `${count(all.length, 'account')} (${names}${rest}): ${printable(reason)}`;
  });
