import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

/** Node's flags and the operator's program; the built one is built anew, so that it is this source that is measured. */
export const operatorCommand = async (options: Options): Promise<readonly string[]> => {
  const flags = options.nodeFlags ?? shippedFlags();
  if (options.fromSource) return [...flags, join(root, 'src/operator/main.ts')];
  await promisify(execFile)(process.execPath, [join(root, 'dev/build.ts')], { cwd: root });
  return [...flags, join(root, 'dist/operator.js')];
};
