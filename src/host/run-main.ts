import { InputError, UsageError } from './options.ts';

interface Main<Options> {
  readonly name: string;
  readonly usage: string;
  readonly readOptions: (
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>>,
  ) => Options | 'help';
  readonly run: (options: Options) => Promise<void>;
}

/** Runs a program as it was told; what it was told or given wrongly ends it with a sentence and exit code 2. */
export const runMain = async <Options>({ name, usage, readOptions, run }: Main<Options>): Promise<void> => {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === 'help') process.stdout.write(usage);
    else await run(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${name}: ${error.message}\n${error instanceof UsageError ? 'Try --help.\n' : ''}`);
    // What was begun already, a timer or a server, would keep it running.
    process.exit(2);
  }
};
