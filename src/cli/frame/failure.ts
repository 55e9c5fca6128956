/** Exit codes, as kubectl has them: 1 for what went wrong, 2 for a command that can't be understood; 130 after Ctrl-C. */
export const exit = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** What ends a command: one sentence that says what is wrong and what to do. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly exitCode: number;

  constructor(sentence: string, exitCode: number = exit.failed) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

/** A command that can't be understood. */
export const usageFailure = (sentence: string): Failure => new Failure(sentence, exit.usage);

/** Only a command's exit code, where all has been said. */
export class SilentExit extends Error {
  override readonly name = 'SilentExit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
