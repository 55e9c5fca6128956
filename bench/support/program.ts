import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleProgram } from '../../dev/build/bundle.ts';
import { type Options } from './options.ts';

const root = join(import.meta.dirname, '../..');

/** The flags of Node that the image ships with: one place says them, its ENTRYPOINT. */
const shippedFlags = (): readonly string[] => {
  const line = /^ENTRYPOINT (?<command>\[.*\])$/m.exec(readFileSync(join(root, 'Dockerfile'), 'utf8'))?.groups?.[
    'command'
  ];
  if (line === undefined) throw new Error('Dockerfile: no ENTRYPOINT in JSON');
  return (JSON.parse(line) as string[]).filter((word) => word.startsWith('--'));
};

export interface Program {
  /** Node's flags and the operator's program. */
  readonly command: readonly string[];
  discard(): Promise<void>;
}

/** The operator is built as `npm run build` does, aside from dist: it is this source that is measured, and nobody else's build is disturbed. */
export const operatorProgram = async (options: Options): Promise<Program> => {
  const flags = options.nodeFlags ?? shippedFlags();
  if (options.fromSource) {
    return { command: [...flags, join(root, 'src/operator/main.ts')], discard: () => Promise.resolve() };
  }
  const folder = await mkdtemp(join(tmpdir(), 'exchange2fa-bench-program-'));
  await bundleProgram({ root, entry: 'src/operator/main.ts', outfile: join(folder, 'operator.js') });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return {
    command: [...flags, join(folder, 'operator.js')],
    discard: () => rm(folder, { recursive: true, force: true }),
  };
};
