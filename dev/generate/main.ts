import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readCrds } from './crd.ts';
import { referenceOf } from './reference.ts';
import { typesOf } from './types.ts';

interface Generated {
  readonly path: string;
  readonly content: string;
}

const repository = new URL('../../', import.meta.url);

async function generate(): Promise<readonly Generated[]> {
  const crds = await readCrds(repository);
  const types = crds.map(async (crd) => ({
    path: `src/api/generated/${fileNameOf(crd.spec.names.kind)}.ts`,
    content: await typesOf(crd),
  }));
  return [...(await Promise.all(types)), { path: 'docs/api.md', content: referenceOf(crds) }];
}

/** MailAccount becomes mail-account. */
function fileNameOf(kind: string): string {
  return kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

async function drifted(files: readonly Generated[]): Promise<readonly string[]> {
  const present = await Promise.all(files.map(({ path }) => readIfThere(path)));
  return files.filter(({ content }, index) => present[index] !== content).map(({ path }) => path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(new URL(path, repository), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function write({ path, content }: Generated): Promise<void> {
  const target = new URL(path, repository);
  await mkdir(new URL('./', target), { recursive: true });
  await writeFile(target, content);
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
const files = await generate();
if (values.check) {
  const stale = await drifted(files);
  if (stale.length > 0) {
    console.error(`Not what the CRDs say, run \`npm run generate\`: ${stale.join(', ')}`);
    process.exitCode = 1;
  }
} else {
  await Promise.all(files.map(write));
}
