import { InvalidArgumentError, type Command, type Option } from 'commander';
import { phases, type Phase } from '../../api/phases.ts';
import type { ReportOptions } from '../view/report.ts';
import type { StatusOptions } from '../view/status-options.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { explainForms, reportForms, statusForms } from '../frame/choices.ts';
import { oneOf, outputOption, withClusterOptions } from './options.ts';

/** A phase however it is written becomes the schema's own spelling. */
const phaseOf = (text: string): Phase => {
  const phase = phases.find((each) => each.toLowerCase() === text.toLowerCase());
  if (phase !== undefined) return phase;
  throw new InvalidArgumentError(`Allowed choices are ${phases.join(', ')}.`);
};

const phaseOption = (): Option => oneOf('--phase <phase>', 'only accounts in this phase', phases).argParser(phaseOf);

/** The commands that change nothing. */
export const addReadingCommands = (program: Command): void => {
  withClusterOptions(program.command('status [accounts...]'))
    .description('what a login meets now, until when and why; an address works wherever a name does')
    .option('-A, --all-namespaces', 'accounts of all namespaces')
    .option('--platform <name>', 'only accounts of this platform')
    .addOption(phaseOption())
    .option('-w, --watch', 'go on and print each change')
    .addOption(outputOption(statusForms))
    .option('--no-headers', 'no titles above the columns')
    .action(async (accounts: string[], options: StatusOptions) => {
      const { status } = await import('../view/status.ts');
      await status(accounts, options);
    });

  withClusterOptions(program.command('explain [account]'))
    .description(
      'what a login meets at an instant, every step of why, and what comes next; for files, what they would change',
    )
    .option('--at <instant>', 'at this instant (RFC 3339) instead of now')
    .option('-f, --filename <file...>', 'what these manifests would change, for whom; - is standard input')
    .addOption(outputOption(explainForms))
    .action(async (account: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('../explain/explain.ts');
      await explain(account, options);
    });

  withClusterOptions(program.command('report'))
    .description(
      'one table for an auditor: demanded, enrolled, asked and never enrolled, suspended, locked, off, and why',
    )
    .option('-A, --all-namespaces', 'accounts of all namespaces')
    .option('--platform <name>', 'only accounts of this platform')
    .addOption(outputOption(reportForms))
    .action(async (options: ReportOptions) => {
      const { report } = await import('../view/report.ts');
      await report(options);
    });
};
