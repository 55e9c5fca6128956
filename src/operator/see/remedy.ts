import { group } from '../../api/names.ts';
import type { KubeError } from '../../kube/client/errors.ts';
import { resourceName, type Resource } from '../../kube/client/resource.ts';

/** What a person can do where the API server lets nothing be seen, in words; undefined where time helps, or nobody knows. */
export const remedyFor = (
  resource: Resource,
  namespace: string | undefined,
  { kind }: KubeError,
): string | undefined => {
  if (kind === 'forbidden') {
    return namespace === undefined
      ? 'the right is missing: kubectl apply -k manifests/overlays/cluster-wide'
      : `the namespace or the right is missing: kubectl apply -k manifests/tenant -n ${namespace}`;
  }
  const isMissing = (kind === 'notFound' || kind === 'unknownResource') && resource.group === group;
  return isMissing ? `the CRD ${resourceName(resource)} is not installed: kubectl apply -k manifests` : undefined;
};
