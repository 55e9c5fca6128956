import { join } from 'node:path';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { secretNameFor } from '../../../src/api/names.ts';
import { nameCases, vectors } from './tables/vectors.ts';

const folder = join(import.meta.dirname, '../../vectors');

test.each(Object.entries(vectors))(
  'test/vectors/%s says what the tables say (vitest -u writes it)',
  async (file, content) => {
    const text = await format(JSON.stringify(content), { parser: 'json', printWidth: 120 });
    await expect(text).toMatchFileSnapshot(join(folder, file));
  },
);

test('there are at least a hundred cases of each sort', () => {
  expect(vectors['second-factor.json'].cases.length).toBeGreaterThanOrEqual(100);
  expect(vectors['codes.json'].cases.length).toBeGreaterThanOrEqual(90);
});

test.each(nameCases)('the Secret of %j', (address, name) => {
  expect(secretNameFor(address) ?? null).toBe(name);
});

test.each(Object.entries(vectors))('no two cases of %s have the same name', (_, { cases }) => {
  const names = cases.map((each) => ('name' in each && 'now' in each ? each.name : JSON.stringify(each)));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
