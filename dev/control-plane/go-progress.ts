import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface BuildProgress {
  soFar(): string;
  /** What the compiler complained of. */
  problems(): string;
}

/** Reads what `go build -v` says: a line for each module it fetches and for each package it compiles. */
export function followBuild(output: Readable): BuildProgress {
  let downloaded = 0;
  let compiled = 0;
  const others: string[] = [];
  createInterface({ input: output }).on('line', (line) => {
    if (line.startsWith('go: downloading ')) downloaded += 1;
    else if (/^[\w.~/-]+$/.test(line)) compiled += 1;
    else others.push(line);
  });
  return {
    soFar: () => {
      if (compiled === 0 && downloaded === 0) return 'reading the build cache';
      if (compiled === 0) return `${downloaded} modules fetched`;
      // With an empty build cache it compiles at most this many.
      return `${compiled} of up to 2,750 packages compiled`;
    },
    problems: () => others.slice(-20).join('\n'),
  };
}
