import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../../manifests/argocd');
const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8');

interface Actions {
  readonly 'discovery.lua': string;
  readonly definitions: readonly { readonly name: string; readonly 'action.lua': string }[];
}

/** The scripts in the ConfigMap's keys, by the files that they stand in. */
const scriptsOf = (data: Readonly<Record<string, string>>): readonly (readonly [string, string])[] =>
  Object.entries(data).flatMap(([key, value]): (readonly [string, string])[] => {
    const [, what = '', kind = ''] = /^resource\.customizations\.(\w+)\.exchange2fa\.io_(\w+)$/.exec(key) ?? [];
    if (what === 'health') return [[`health-${kind.toLowerCase()}.lua`, value]];
    const actions = parse(value) as Actions;
    const definitions = actions.definitions.map(
      ({ name, ...more }) => [`action-${name}.lua`, more['action.lua']] as const,
    );
    return [['discovery.lua', actions['discovery.lua']], ...definitions];
  });

test('the patch of argocd-cm holds every script beside it, as it is', async () => {
  const { data } = parse(await read('argocd-cm-patch.yaml')) as { readonly data: Readonly<Record<string, string>> };
  const files = (await readdir(folder)).filter((file) => file.endsWith('.lua'));
  const scripts = await Promise.all(files.map(async (file) => [file, await read(file)] as const));
  expect(Object.fromEntries(scriptsOf(data))).toEqual(Object.fromEntries(scripts));
});
