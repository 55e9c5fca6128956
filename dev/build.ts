import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bundleLazyPackage, bundleProgram } from './build/bundle.ts';
import { licencesOf } from './build/licences.ts';

const usage = `Bundles each program of src into one file, dist/PROGRAM.js, and checks that it starts.

  --out FOLDER   write there instead of dist
`;

const root = join(import.meta.dirname, '..');

/** Every room of src with a main.ts is a program. */
async function programNames(): Promise<readonly string[]> {
  const rooms = await readdir(join(root, 'src'));
  return rooms.filter((room) => existsSync(join(root, 'src', room, 'main.ts')));
}

/** `--help` loads every module of a program and touches nothing. */
async function checkThatItStarts(file: string): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, '--help']);
  if (stdout.trim() === '') throw new Error(`${file} --help says nothing`);
}

async function main(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = await programNames();
  const programs = names.map((name) => ({
    entry: `src/${name}/main.ts`,
    outfile: join(folder, `${name}.js`),
    isCommandLine: name === 'cli',
  }));
  const metafiles = await Promise.all([
    ...programs.map((program) => bundleProgram({ root, ...program })),
    bundleLazyPackage(root, folder),
  ]);
  // Tells node that these are ES modules, wherever the folder is copied to.
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  await writeFile(join(folder, 'LICENCES.txt'), await licencesOf(root, metafiles));
  for (const { outfile } of programs) {
    await checkThatItStarts(outfile);
    const { size } = await stat(outfile);
    process.stdout.write(`${outfile}  ${Math.round(size / 1024)} KiB\n`);
  }
}

const { values } = parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
if (values.help === true) process.stdout.write(usage);
else await main(values.out ?? join(root, 'dist'));
