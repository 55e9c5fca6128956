import { describe, expect, test } from 'vitest';
import { byReason } from '../../../src/cli/frame/by-reason.ts';

const lacks = (name: string) => ({ name, says: 'helpdesk lacks the verb remove' });
const many = Array.from({ length: 10_000 }, (_, index) => lacks(`many-${index}`));

describe('what is told of many accounts', () => {
  test.each([
    [
      'of one, as it is',
      [{ name: 'anna', says: 'see kubectl twofactor reset anna' }],
      ['anna: see kubectl twofactor reset anna'],
    ],
    [
      'of few, with all names',
      [lacks('anna'), lacks('ben')],
      ['2 accounts (anna, ben): helpdesk lacks the verb remove'],
    ],
    [
      'of thousands, once',
      many,
      [
        '10000 accounts (many-0, many-1, many-2, many-3, many-4 and 9995 more; each with -o name): helpdesk lacks the verb remove',
      ],
    ],
    [
      'once, though each is told its own name',
      ['anna', 'ben'].map((name) => ({ name, says: `enrolled: kubectl twofactor reset ${name} --with-code` })),
      ['2 accounts (anna, ben): enrolled: kubectl twofactor reset NAME --with-code'],
    ],
    [
      'for each reason, of an account named like a word of it too',
      [lacks('verb'), { name: 'anna', says: 'is removed' }, lacks('ben')],
      ['2 accounts (verb, ben): helpdesk lacks the verb remove', 'anna: is removed'],
    ],
  ])('%s', (_, told, lines) => {
    expect(byReason(told, '; each with -o name')).toEqual(lines);
  });

  test('of many, with all names if those are nowhere else', () => {
    const [line, ...others] = byReason(many);
    expect(line).toMatch(/^10000 accounts \(many-0, many-1, .*, many-9999\): helpdesk lacks/);
    expect(others).toEqual([]);
  });
});
