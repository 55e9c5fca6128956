import { Command, CommanderError } from 'commander';
import { version } from '../host/version.ts';
import { addActingCommands } from './commands/act.ts';
import { addOfflineCommands } from './commands/offline.ts';
import { addReadingCommands } from './commands/read.ts';
import { withClusterOptions } from './commands/options.ts';
import { addToolCommands } from './commands/tools.ts';
import { SilentExit, exit, Failure } from './frame/failure.ts';
import { tell } from './frame/terminal.ts';

/** What was said before the command holds for it, unless it is said again after it. */
const handDown = (program: Command, chosen: Command): void => {
  for (const [name, value] of Object.entries(program.opts())) {
    if (chosen.getOptionValue(name) === undefined) chosen.setOptionValue(name, value);
  }
};

/** Every command with its options; what a command does is loaded when it is run. */
export const createProgram = (): Command => {
  const program = withClusterOptions(new Command('kubectl twofactor'))
    .usage('COMMAND [options]')
    .description('The second factor of mail accounts: what a login meets, and requests to change it.')
    .version(version, '-v, --version')
    // else an option's value that looks like one of these would be taken for it
    .enablePositionalOptions()
    .hook('preAction', handDown)
    .exitOverride()
    .showHelpAfterError('(--help says what is allowed)')
    .showSuggestionAfterError();
  addReadingCommands(program);
  addActingCommands(program);
  addOfflineCommands(program);
  addToolCommands(program);
  return program;
};

/** Help and version end well; everything else that commander ends with is a command that can't be understood. */
const exitOf = (error: unknown): number => {
  if (error instanceof SilentExit) return error.exitCode;
  if (error instanceof CommanderError) return error.exitCode === 0 ? exit.ok : exit.usage;
  if (!(error instanceof Failure)) throw error;
  tell(`error: ${error.message}`, 'bad');
  return error.exitCode;
};

/** Runs one command line; the exit code. */
export const run = async (args: readonly string[]): Promise<number> => {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return exit.ok;
  } catch (error) {
    return exitOf(error);
  }
};
