import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** The folder of the package that a bundled file belongs to. */
const packageFolder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Name, version, licence and its text of every package in the bundles: what their licences ask to pass on. */
export async function licencesOf(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Set(
    inputs.map((input) => packageFolder.exec(input)?.[1]).filter((folder) => folder !== undefined),
  );
  const notes = await Promise.all([...folders].map((folder) => noteOf(join(root, folder))));
  return `These programs contain the following packages.\n\n${[...new Set(notes)].sort().join('\n')}`;
}

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

async function noteOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as PackageJson;
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  if (license === undefined && texts.length === 0) throw new Error(`${name} ${version} says nothing of its licence`);
  const text = texts.map((each) => each.trim()).join('\n\n');
  return `== ${name} ${version}: ${license ?? 'see below'}\n\n${text}\n`;
}
