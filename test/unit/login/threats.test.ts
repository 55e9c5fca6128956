import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/threats.md'), 'utf8');
const named = [...new Set(text.match(/\b(?:unit|server|browser)\/[a-z0-9/-]+/g))];

test('docs/threats.md names tests', () => expect(named.length).toBeGreaterThan(15));

test.each(named)('docs/threats.md: there is %s', (name) => {
  const places = ['.test.ts', '.ts', ''].map((ending) => join(root, 'test', name + ending));
  expect(places.some((place) => existsSync(place))).toBe(true);
});
