import type { Command } from 'commander';
import type { ActOptions } from '../act/act.ts';
import type { ResetOptions } from '../act/reset.ts';
import type { SuspendOptions } from '../act/suspend.ts';
import { actForms, dryRuns } from '../frame/choices.ts';
import { oneOf, outputOption, withClusterOptions } from './options.ts';

/** A command on accounts that are named, listed on standard input, or a platform's. */
const acting = (program: Command, name: string, description: string): Command =>
  withClusterOptions(program.command(name))
    .argument('[accounts...]', 'names or addresses; - reads a list from standard input')
    .description(description)
    .option('--platform <name>', 'accounts of this platform, with --all or --not-enrolled')
    .option('--all', 'all accounts of the platform')
    .option('--not-enrolled', 'those that have not enrolled yet')
    .option('--yes', 'do not ask')
    .addOption(
      oneOf('--dry-run [how]', 'client: say what would be done; server: let the API server check it', dryRuns)
        // alone it means client, as kubectl once had it
        .preset('client'),
    )
    .option('--wait', 'until it is in force; exit code 1 and the reason if it has no effect')
    .option('--timeout <duration>', 'of --wait, such as 90s or 2m (default 60s)')
    .option('--print', 'write the YAML for a Git commit instead of applying it')
    .option('--force', 'take the field from another manager, in an emergency')
    .addOption(outputOption(actForms));

type All = ActOptions & SuspendOptions & ResetOptions;

const reason = ['--reason <text>', 'why, for people who look later'] as const;
const requestedAt = [
  '--requested-at <instant>',
  'the date of the request (RFC 3339) instead of now: to repeat the very same one',
] as const;
const validHours = ['--valid-hours <n>', 'how long the enrolment code is valid (default 168)'] as const;

const addSuspension = (program: Command): void => {
  acting(program, 'suspend', 'ask for no code for some hours; then again, by itself')
    .option('--hours <n>', 'how many hours, 1 to 8760 and at most what the platform allows')
    .option(...reason)
    .option('--from <instant>', 'begin then (RFC 3339) instead of now')
    .action(async (accounts: string[], options: All) => {
      const [{ act }, { suspendCommand }] = await Promise.all([import('../act/act.ts'), import('../act/suspend.ts')]);
      await act((now) => suspendCommand(options, now), accounts, options);
    });
  acting(program, 'resume', 'end a suspension early').action(async (accounts: string[], options: All) => {
    const [{ act }, { resumeCommand }] = await Promise.all([import('../act/act.ts'), import('../act/suspend.ts')]);
    await act(resumeCommand, accounts, options);
  });
};

const addSwitch = (program: Command, name: string, state: 'Removed' | 'Enabled', description: string): void => {
  acting(program, name, description).action(async (accounts: string[], options: All) => {
    const [{ act }, { stateCommand }] = await Promise.all([import('../act/act.ts'), import('../act/state.ts')]);
    await act(() => stateCommand(state), accounts, options);
  });
};

/** The commands that change accounts. */
export const addActingCommands = (program: Command): void => {
  addSuspension(program);
  acting(program, 'reset', 'void the seed: the next login shows a new QR code')
    .option(...reason)
    .option('--with-code', 'and issue an enrolment code that the QR code asks for')
    .option(...validHours)
    .option(...requestedAt)
    .action(async (accounts: string[], options: All) => {
      const [{ act }, { resetCommand }] = await Promise.all([import('../act/act.ts'), import('../act/reset.ts')]);
      await act(() => resetCommand(options), accounts, options);
    });
  acting(program, 'unlock', 'let wrong codes up to now no longer delay or lock')
    .option(...reason)
    .option(...requestedAt)
    .action(async (accounts: string[], options: All) => {
      const [{ act }, { unlockCommand }] = await Promise.all([import('../act/act.ts'), import('../act/unlock.ts')]);
      await act(() => unlockCommand(options), accounts, options);
    });
  addSwitch(program, 'remove', 'Removed', 'erase the seed and ask for no second factor');
  addSwitch(program, 'enable', 'Enabled', 'ask for a second factor');
  acting(program, 'code', 'issue a new enrolment code, shown once; only its hash is sent')
    .option(...validHours)
    .option(...requestedAt)
    .action(async (accounts: string[], options: All) => {
      const [{ act }, { codeCommand }] = await Promise.all([import('../act/act.ts'), import('../act/code.ts')]);
      await act(() => codeCommand(options), accounts, options);
    });
};
