import type { Command } from 'commander';
import type { DoctorOptions } from '../doctor/doctor.ts';
import type { ImportOptions } from '../import/import.ts';
import type { QrOptions } from '../qr/qr.ts';
import { doctorForms, importFormats } from '../frame/choices.ts';
import { oneOf, outputOption, withClusterOptions } from './options.ts';

/** The commands that need more rights than a helpdesk has. */
export const addToolCommands = (program: Command): void => {
  withClusterOptions(program.command('doctor'))
    .description("what is wrong with the installation, the caller's rights, Secrets and accounts, and what to do")
    .addOption(outputOption(doctorForms))
    .option('--lease-name <name>', 'the Lease of the operator that serves the namespace, if there are several')
    .option('--lease-namespace <name>', 'where that Lease is')
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../doctor/doctor.ts');
      await doctor(options);
    });
  withClusterOptions(program.command('qr'))
    .argument('<account>', 'name or address')
    .description('the QR code of an account that has not enrolled yet; needs the right to read Secrets')
    .option('--svg <file>', 'write it to this file (mode 0600)')
    .option('--png <file>', 'write it to this file (mode 0600)')
    .option('--yes', 'do not ask before a secret is shown')
    .option('--force', 'write it to a pipe')
    .action(async (account: string, options: QrOptions) => {
      const { qr } = await import('../qr/qr.ts');
      await qr(account, options);
    });
  withClusterOptions(program.command('import'))
    .argument('[files...]', 'files with seeds; - is standard input')
    .description('existing seeds become Secrets, and accounts whose enrolment is kept; needs the verb restore')
    .option('--platform <name>', 'the platform of the accounts')
    .addOption(
      oneOf(
        '--format <format>',
        'URIs, users.oath of pam_oath, or address,seed,algorithm,digits,period',
        importFormats,
      ),
    )
    .option('--domain <name>', 'of users without one in users.oath')
    .option('--dry-run', 'check everything and write nothing')
    .option('--yes', 'do not ask')
    .action(async (files: string[], options: ImportOptions) => {
      const { importSeeds } = await import('../import/import.ts');
      await importSeeds(files, options);
    });
};
