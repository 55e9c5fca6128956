import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of Node: what the libraries here need. */
const oldestMajor = 22;

/**
 * Whoever has built this project has a newer Node beside it than perhaps on the PATH: the `node` package's.
 *
 * @param program as it was called; a link to it will do
 * @param version of the Node that runs, as `process.versions.node`
 * @returns what to run instead, or why nothing can; undefined where this Node will do
 */
export const betterNode = (
  program: string,
  version: string,
): { readonly file: string } | { readonly why: string } | undefined => {
  if (Number.parseInt(version, 10) >= oldestMajor) return undefined;
  const file = join(dirname(realpathSync(program)), '../node_modules/node/bin/node');
  return existsSync(file) ? { file } : { why: `it needs Node ${oldestMajor} or later, and this is ${version}` };
};
