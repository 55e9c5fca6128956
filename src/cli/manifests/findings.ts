/** Where in an object: keys and list indices. */
export type Path = readonly (string | number)[];

/** What is wrong with one place of a document. */
export interface Finding {
  /** `error`: the API server refuses it, or it contradicts another document. `warning`: worth a look. */
  readonly level: 'error' | 'warning';
  /** `api`: what the API server says too. `files`: what only all documents together show. */
  readonly source: 'syntax' | 'api' | 'files';
  readonly path: Path;
  /** Points at the key, not at its value. */
  readonly atKey?: boolean;
  readonly message: string;
}

export const pathText = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${part}`)).join('');

export const apiError = (path: Path, message: string, atKey = false): Finding => ({
  level: 'error',
  source: 'api',
  path,
  message,
  ...(atKey && { atKey }),
});
