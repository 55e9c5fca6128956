import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

/** What a program was given is wrong: an option, or a file that one names. The message says which and what is allowed. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

/** A wrong option; the message says which, what was found and what is allowed. */
export class UsageError extends InputError {
  override readonly name = 'UsageError';
}

/**
 * Reads a program's flags; other arguments than these are refused.
 *
 * @throws UsageError
 */
export const parseFlags = <Flags extends ParseArgsOptionsConfig>(args: readonly string[], flags: Flags) => {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the options cannot be read');
  }
};

/** The flag goes before its alternative, an environment variable or what a file says; an empty text is none. */
export const pick = (flag: string | undefined, alternative: string | undefined): string | undefined =>
  [flag, alternative].find((text) => text !== undefined && text !== '');

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
export type LogLevel = (typeof logLevels)[number];

/** @throws UsageError */
export const logLevelOf = (text: string): LogLevel => {
  const level = logLevels.find((each) => each === text);
  if (level) return level;
  throw new UsageError(`--log-level: found ${JSON.stringify(text)}; allowed are ${logLevels.join(', ')}`);
};
