import { withCluster, type ClusterOptions } from '../cluster/connect.ts';
import { Ended, exit } from '../frame/failure.ts';
import { formOf } from '../frame/format.ts';
import { printable, say, toned, type Tone } from '../frame/terminal.ts';
import { checkAccounts, checkRights } from './accounts.ts';
import type { Check } from './finding.ts';
import { checkInstallation } from './installation.ts';

export interface DoctorOptions extends ClusterOptions {
  readonly output?: string;
}

const tones: Readonly<Record<Check['state'], Tone>> = {
  ok: 'good',
  warning: 'attention',
  failed: 'bad',
  unknown: 'faint',
};

/** Examines installation, rights, Secrets and accounts; exit code 1 if something failed. */
export const doctor = (options: DoctorOptions): Promise<void> =>
  withCluster(options, async (cluster) => {
    const form = formOf(options.output, ['text', 'json']);
    const rights = await checkRights(cluster);
    const mayList = rights.every(({ state }) => state !== 'failed');
    const checks = [...(await checkInstallation(cluster)), ...rights, ...(mayList ? await checkAccounts(cluster) : [])];
    if (form === 'json') say(JSON.stringify(checks, null, 2));
    else
      for (const { state, about, says } of checks)
        say(`${toned(state.padEnd(7), tones[state])}  ${about}: ${printable(says)}`);
    if (checks.some(({ state }) => state === 'failed')) throw new Ended(exit.failed);
  });
