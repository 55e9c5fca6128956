import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Failure } from './failure.ts';

export interface SourceText {
  /** As it was named; `<stdin>` for standard input. */
  readonly file: string;
  readonly text: string;
}

const problemOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : 'unknown';
};

/** Reads files, and standard input for `-`. */
export const readSources = (files: readonly string[]): Promise<readonly SourceText[]> =>
  Promise.all(
    files.map(async (file) => {
      if (file === '-') return { file: '<stdin>', text: await text(process.stdin) };
      try {
        return { file, text: await readFile(file, 'utf8') };
      } catch (error) {
        throw new Failure(`${file} can't be read: ${problemOf(error)}`);
      }
    }),
  );
