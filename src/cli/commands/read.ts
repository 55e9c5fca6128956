import type { Command } from 'commander';
import type { ReportOptions } from '../view/report.ts';
import type { StatusOptions } from '../view/status.ts';
import type { ExplainOptions } from '../explain/explain.ts';
import { withClusterOptions } from './options.ts';

/** The commands that change nothing. */
export const addReadingCommands = (program: Command): void => {
  withClusterOptions(program.command('status [accounts...]'))
    .description('what a login meets now, until when and why; an address works wherever a name does')
    .option('-A, --all-namespaces', 'accounts of all namespaces')
    .option('--platform <name>', 'only accounts of this platform')
    .option('--phase <phase>', 'only accounts in this phase: Off, Suspended, Enrolling, Enforced, Locked, Blocked')
    .option('-w, --watch', 'go on and print each change')
    .option('-o, --output <form>', 'table, wide, json, yaml or name')
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
    .option('-o, --output <form>', 'text, json or yaml')
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
    .option('-o, --output <form>', 'table, csv or json')
    .action(async (options: ReportOptions) => {
      const { report } = await import('../view/report.ts');
      await report(options);
    });
};
