import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../dev/build/bundle.ts';
import { type Options } from './options.ts';

const root = join(import.meta.dirname, '../..');

/** A flag of Node, or a variable of its environment as `NAME=value`. */
export type Tuning = string;

/** What the image ships with: one place says it, the end of its Dockerfile. */
const shippedTunings = (): readonly Tuning[] => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
  const environment = lines.flatMap((line) => (line.startsWith('ENV ') ? line.split(' ').slice(1) : []));
  const entrypoint = lines.find((line) => line.startsWith('ENTRYPOINT ['));
  if (entrypoint === undefined) throw new Error('Dockerfile: no ENTRYPOINT in JSON');
  const words = JSON.parse(entrypoint.slice('ENTRYPOINT '.length)) as string[];
  return [...environment, ...words.filter((word) => word.startsWith('--'))];
};

/** The operator as it is measured. */
export interface Program {
  readonly file: string;
  readonly tunings: readonly Tuning[];
  discard(): Promise<void>;
}

/** The operator is built as `npm run build` does, aside from dist: it is this source that is measured, and nobody else's build is disturbed. */
export const operatorProgram = async (options: Options): Promise<Program> => {
  const tunings = options.tunings ?? shippedTunings();
  if (options.fromSource) {
    return { file: join(root, 'src/operator/main.ts'), tunings, discard: () => Promise.resolve() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-bench-program-'));
  await bundleProgram({
    root,
    entry: 'src/operator/main.ts',
    outfile: join(folder, 'operator.js'),
    isCommandLine: false,
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return {
    file: join(folder, 'operator.js'),
    tunings,
    discard: () => rm(folder, { recursive: true, force: true }),
  };
};
