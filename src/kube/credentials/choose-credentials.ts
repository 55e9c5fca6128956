import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';
import { UsageError } from '../../host/options.ts';
import type { CredentialSource } from './credentials.ts';
import { inClusterCredentials, isInCluster } from './in-cluster.ts';
import { kubeconfigCredentials } from './kubeconfig.ts';

export interface CredentialChoice {
  /** A file; absent: the pod's own ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The identity that a program was told to act as: never silently the current user's.
 *
 * @throws UsageError where no file is named and this is no pod
 */
export const chooseCredentials = ({ kubeconfig, context, clock, log }: CredentialChoice): CredentialSource => {
  if (kubeconfig !== undefined) {
    return kubeconfigCredentials({ path: kubeconfig, clock, log, ...(context !== undefined && { context }) });
  }
  if (isInCluster(process.env)) return inClusterCredentials({ clock, log, environment: process.env });
  throw new UsageError('--kubeconfig: none is given, and this is not a pod; name the file of the cluster to work on');
};
