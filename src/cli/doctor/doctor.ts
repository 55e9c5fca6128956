import { usualLease } from '../../api/names.ts';
import type { ObjectRef } from '../../kube/client/resource.ts';
import { listAccounts } from '../cluster/accounts.ts';
import { withCluster, type Cluster, type ClusterOptions } from '../cluster/connect.ts';
import type { Account } from '../cluster/objects.ts';
import type { DoctorForm } from '../frame/choices.ts';
import { SilentExit, exit } from '../frame/failure.ts';
import { printable, say, toned, type Tone } from '../frame/terminal.ts';
import { checkAccounts } from './accounts.ts';
import { alone, type Check } from './finding.ts';
import { checkClock, checkCrds, checkOperator } from './installation.ts';
import { checkPolicies } from './policies.ts';
import { checkRights, readRights } from './rights.ts';
import { checkSecrets, readSecrets } from './secrets.ts';

export interface DoctorOptions extends ClusterOptions {
  readonly leaseNamespace?: string;
  readonly leaseName?: string;
  readonly output?: DoctorForm;
}

const leaseOf = ({ leaseNamespace, leaseName }: DoctorOptions): ObjectRef => ({
  namespace: leaseNamespace ?? usualLease.namespace,
  name: leaseName ?? usualLease.name,
});

const tones: Readonly<Record<Check['state'], Tone>> = {
  ok: 'good',
  warning: 'attention',
  failed: 'bad',
  unknown: 'faint',
};

/** Accounts are judged by their Secrets where these can be read, and Secrets are judged where accounts can't be. */
const checkTenant = async (cluster: Cluster): Promise<readonly Check[]> => {
  const { namespace } = cluster;
  const secrets = await readSecrets(cluster);
  let accounts: readonly Account[] | undefined;
  const ofAccounts = async (): Promise<readonly Check[]> => {
    accounts = await listAccounts(cluster, { namespace });
    const readable = 'state' in secrets ? undefined : secrets;
    return checkAccounts(accounts, readable, { namespace, now: cluster.now() });
  };
  const checks = await alone('accounts', ofAccounts());
  return [...checkSecrets(secrets, accounts && new Set(accounts.map(({ spec }) => spec.address))), ...checks];
};

/** Everything that can be examined; what can't be read takes nothing else with it. */
const examine = async (cluster: Cluster, lease: ObjectRef): Promise<readonly Check[]> => {
  const rights = await readRights(cluster);
  const [crds, policies, operator, tenant] = await Promise.all([
    alone('CRDs', checkCrds(cluster)),
    alone('policies', checkPolicies(cluster, rights)),
    alone('operator', checkOperator(cluster, lease)),
    checkTenant(cluster),
  ]);
  return [...crds, ...policies, ...operator, checkClock(cluster), ...checkRights(rights, cluster.namespace), ...tenant];
};

/** Examines installation, rights, Secrets and accounts; exit code 1 if something failed. */
export const doctor = (options: DoctorOptions): Promise<void> =>
  withCluster(options, async (cluster) => {
    const checks = await examine(cluster, leaseOf(options));
    if (options.output === 'json') say(JSON.stringify(checks, null, 2));
    else
      for (const { state, about, says } of checks)
        say(`${toned(state.padEnd(7), tones[state])}  ${about}: ${printable(says)}`);
    if (checks.some(({ state }) => state === 'failed')) throw new SilentExit(exit.failed);
  });
