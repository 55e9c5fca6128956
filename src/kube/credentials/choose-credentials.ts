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

const sourceOf = ({ kubeconfig, context, clock, log }: CredentialChoice): CredentialSource => {
  if (kubeconfig !== undefined) {
    return kubeconfigCredentials({ path: kubeconfig, clock, log, ...(context !== undefined && { context }) });
  }
  if (isInCluster(process.env)) return inClusterCredentials({ clock, log, environment: process.env });
  throw new UsageError('--kubeconfig: none is given, and this is not a pod; name the file of the cluster to work on');
};

/**
 * The identity that a program was told to act as, never silently the current user's; it was read once, so what is wrong
 * with it is said at the start and not to the first who needs it.
 *
 * @throws UsageError where no file is named and this is no pod, or it can't be read
 */
export const chooseCredentials = async (choice: CredentialChoice): Promise<CredentialSource> => {
  const source = sourceOf(choice);
  await source.current().catch((error: unknown) => {
    const name = choice.kubeconfig ?? "the pod's ServiceAccount";
    throw new UsageError(`${name} can't be used: ${error instanceof Error ? error.message : 'no reason is known'}`);
  });
  return source;
};
