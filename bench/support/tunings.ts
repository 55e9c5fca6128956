import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** A flag of Node, or a variable of its environment as `NAME=value`. */
export type Tuning = string;

/** What the image ships with: one place says it, the end of its Dockerfile. */
export const shippedTunings = (): readonly Tuning[] => {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8').split('\n');
  const environment = lines.flatMap((line) => (line.startsWith('ENV ') ? line.split(' ').slice(1) : []));
  const entrypoint = lines.find((line) => line.startsWith('ENTRYPOINT ['));
  if (entrypoint === undefined) throw new Error('Dockerfile: no ENTRYPOINT in JSON');
  const words = JSON.parse(entrypoint.slice('ENTRYPOINT '.length)) as string[];
  return [...environment, ...words.filter((word) => word.startsWith('--'))];
};

const isFlag = (tuning: Tuning): boolean => tuning.startsWith('--');

const variable = (tuning: Tuning): [name: string, value: string] => {
  const [name = '', ...value] = tuning.split('=');
  return [name, value.join('=')];
};

export const flagsOf = (tunings: readonly Tuning[]): readonly string[] => tunings.filter(isFlag);

export const environmentOf = (tunings: readonly Tuning[]): Readonly<Record<string, string>> =>
  Object.fromEntries(tunings.filter((tuning) => !isFlag(tuning)).map(variable));
