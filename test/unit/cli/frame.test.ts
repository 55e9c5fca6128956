import { describe, expect, test } from 'vitest';
import { count } from '../../../src/cli/frame/count.ts';
import { csvLine } from '../../../src/cli/frame/csv.ts';
import { nearest } from '../../../src/cli/frame/nearest.ts';
import { documentOf } from '../../../src/cli/frame/output.ts';
import { tableOf } from '../../../src/cli/frame/table.ts';
import { hasColours, printable } from '../../../src/cli/frame/terminal.ts';

describe('nearest names', () => {
  test.each([
    ['ana', ['anna', 'ben', 'hanna'], ['anna']],
    ['suspensio', ['state', 'suspension', 'reset'], ['suspension']],
    ['ANNA', ['anna'], ['anna']],
    ['bob', ['anna', 'ben'], []],
    ['ben', ['ben1', 'ben2', 'ben3', 'ben4'], ['ben1', 'ben2', 'ben3']],
    ['anna@exmaple.com', ['anna@example.com', 'ben@example.com'], ['anna@example.com']],
    ['', ['anna'], []],
  ])('of %j among %j are %j', (word, candidates, wanted) => {
    expect(nearest(word, candidates)).toEqual(wanted);
  });
});

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('%i is counted as %j', (number, text) => {
  expect(count(number, 'file')).toBe(text);
});

describe('a line of CSV', () => {
  test.each([
    [['a', 'b'], 'a,b'],
    [['a,b', 'c"d', 'e\nf'], '"a,b","c""d","e\nf"'],
    [['=1+1', '+1', '-1', '@x', '\tx'], "'=1+1,'+1,'-1,'@x,'\tx"],
    [['', 'é'], ',é'],
  ])('of %j is %j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});

describe('a table', () => {
  const columns = [
    { title: 'A', of: ({ a }: { a?: string }) => a },
    { title: 'LONG', of: ({ a }: { a?: string }) => a && `${a}${a}` },
  ];

  test('is as wide as its widest cell, and says where nothing is', () => {
    expect(tableOf(columns, [{ a: 'xxxx' }, {}])).toEqual(['A        LONG', 'xxxx     xxxxxxxx', '<none>   <none>']);
  });

  test('has no titles if none are wanted', () => {
    expect(tableOf(columns, [{ a: 'x' }], { headers: false })).toEqual(['x   xx']);
  });

  test('lets nobody move the cursor', () => {
    expect(tableOf(columns, [{ a: '\u001b[2Jx\n' }], { headers: false })).toEqual([' [2Jx     [2Jx [2Jx ']);
    expect(printable('a\u202eb\rc')).toBe('a b c');
  });
});

describe('colours', () => {
  test.each([
    [true, {}, true],
    [true, { NO_COLOR: '' }, true],
    [true, { NO_COLOR: '1' }, false],
    [true, { TERM: 'dumb' }, false],
    [false, {}, false],
  ])('on a terminal: %s, with %j: %s', (isTTY, environment, wanted) => {
    expect(hasColours({ isTTY }, environment)).toBe(wanted);
  });
});

describe('YAML for others', () => {
  test.each([
    [{ at: '2026-12-01T08:00:00Z' }, 'at: "2026-12-01T08:00:00Z"'],
    [{ state: 'off', yes: 'no' }, 'state: "off"\n"yes": "no"'],
    [{ hours: 4 }, 'hours: 4'],
  ])('of %j quotes what YAML 1.1 reads otherwise', (value, text) => {
    expect(documentOf(value, 'yaml')).toBe(text);
  });
});
