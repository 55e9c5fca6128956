import type { Command } from 'commander';
import type { ValidateOptions } from '../validate/validate.ts';
import { validateForms } from '../frame/choices.ts';
import { outputOption } from './options.ts';

/** The commands that need no cluster. */
export const addOfflineCommands = (program: Command): void => {
  program
    .command('validate')
    .argument('[files...]', 'manifests; - is standard input')
    .description('check manifests without a cluster, with the verdict that the API server would give')
    .addOption(outputOption(validateForms))
    .action(async (files: string[], options: ValidateOptions) => {
      const { validate } = await import('../validate/validate.ts');
      await validate(files, options);
    });
};
