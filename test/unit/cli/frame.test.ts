import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { count } from '../../../src/cli/frame/count.ts';
import { csvLine } from '../../../src/cli/frame/csv.ts';
import { nearest } from '../../../src/cli/frame/nearest.ts';
import { documentOf } from '../../../src/cli/frame/output.ts';
import { Progress } from '../../../src/cli/frame/progress.ts';
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
    ['ivy', ['ben', 'ivy.example.com'], ['ivy.example.com']],
    ['ivy', ['ivo', 'ivy.example.com'], ['ivy.example.com', 'ivo']],
    ['Ivy', ['ivy@example.com', 'privy@example.com'], ['ivy@example.com']],
    ['ivy', ['ivy-of-the-harbour', 'ivy2', 'ivy-lane', 'ivy3'], ['ivy2', 'ivy3', 'ivy-lane']],
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

describe('a progress bar', () => {
  const { isTTY } = process.stderr;
  const drawn: string[] = [];

  beforeEach(() => {
    drawn.length = 0;
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      drawn.push(String(text));
      return true;
    });
  });

  afterEach(() => {
    process.stderr.isTTY = isTTY;
    vi.restoreAllMocks();
  });

  const run = (terminal: boolean, failed: readonly boolean[]): readonly string[] => {
    process.stderr.isTTY = terminal;
    const progress = new Progress(failed.length);
    for (const each of failed) progress.step(each);
    return drawn;
  };

  test('ends full on a terminal, and counts what failed', () => {
    expect(run(true, [false, true, false, false]).at(-1)).toBe(`\r${'█'.repeat(30)} 4/4, 1 failed\u001b[K`);
  });

  test('is not drawn anew at each of many steps', () => {
    expect(run(true, new Array<boolean>(10_000).fill(false)).length).toBeLessThan(100);
  });

  test.each([
    ['for a file', false, [false, false]],
    ['for a single item', true, [false]],
  ])('is none %s', (_, terminal, failed) => {
    expect(run(terminal, failed)).toEqual([]);
  });
});
