import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, '../../..', file), 'utf8'));

const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');
const names = (found: readonly (readonly [path: string, locked: Locked])[]): readonly string[] =>
  found.map(([path]) => path.replace('node_modules/', ''));

test('what is installed is what was locked: every package by its hash, from the registry alone', () => {
  expect(names(locked.filter(([, { integrity = '' }]) => !/^sha512-/.test(integrity)))).toEqual([]);
  expect(names(locked.filter(([, { resolved, link }]) => resolved !== undefined || link === true))).toEqual([]);
});

test('no package of the product runs anything when it is installed; of the tools, node may', () => {
  expect(names(locked.filter(([, { dev, hasInstallScript }]) => dev !== true && hasInstallScript === true))).toEqual(
    [],
  );
  const { allowScripts } = read('package.json') as { readonly allowScripts: unknown };
  expect(allowScripts).toEqual({ node: true });
});

test('the product stays on few packages', () => {
  expect(locked.filter(([, { dev }]) => dev !== true).length).toBeLessThan(200);
});
