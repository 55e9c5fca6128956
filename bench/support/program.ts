import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../dev/build/bundle.ts';
import type { Options } from './options.ts';
import { shippedTunings, type Tuning } from './tunings.ts';

const root = join(import.meta.dirname, '../..');

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
