import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';

const docs = ['cli.md', 'recipes.md'].map((file) =>
  readFileSync(join(import.meta.dirname, '../../../docs', file), 'utf8'),
);

/** Everything that a reader may copy, in code blocks and in running text, up to where the shell takes over. */
const typed = docs.flatMap((text) =>
  [...text.matchAll(/kubectl twofactor ([a-z][^`\n|;<&]*)/g)].map(([, words = '']) => words),
);

/** What the first cells of the table of commands name. */
const listed = docs
  .flatMap((text) => [...text.matchAll(/^\| (`[^|]*`) /gm)].map(([, cell = '']) => cell))
  .flatMap((cell) =>
    [...cell.matchAll(/`([a-z]+ [^`]*|doctor)`/g)].map(([, words = '']) => words.replaceAll(/[[\]]/g, ' ')),
  );

const shown = [...new Set([...typed, ...listed].map((words) => words.trim()))];

test('the docs show commands', () => {
  expect(shown.length).toBeGreaterThan(20);
});

test.each(shown)('kubectl twofactor %s: there is such a command, with these options', (line) => {
  const [name = '', ...words] = line.match(/"[^"]*"|\S+/g) ?? [];
  const command = createProgram().commands.find((each) => each.name() === name);
  const known = command?.options.flatMap(({ short, long }) => [short, long]) ?? [];
  expect(command?.name()).toBe(name);
  const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0] ?? word);
  expect(flags.filter((flag) => !known.includes(flag))).toEqual([]);
});
