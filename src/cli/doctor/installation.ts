import { isDeepStrictEqual } from 'node:util';
import { accountKind, accountsPlural, group, platformKind, platformsPlural } from '../../api/names.ts';
import type { KubeObject, Resource } from '../../kube/resource.ts';
import type { Cluster } from '../cluster/connect.ts';
import { readSchemas, type Schema } from '../validate/crds.ts';
import { failed, ok, unknown, warning, type Check } from './finding.ts';

const crds: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  namespaced: false,
};

const admission = (plural: string): Resource => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  plural,
  namespaced: false,
});

interface Crd extends KubeObject {
  readonly spec: { readonly versions: readonly { readonly schema: { readonly openAPIV3Schema: Schema } }[] };
}

const checkCrd = async (cluster: Cluster, kind: string, plural: string): Promise<Check> => {
  const name = `${plural}.${group}`;
  const answer = await cluster.client.get<Crd>(crds, { name });
  if (!answer.ok) {
    if (answer.error.kind === 'notFound')
      return failed(`CRD ${kind}`, 'is not installed: kubectl apply --server-side -k crds');
    return unknown(`CRD ${kind}`, "can't be read with these rights (get customresourcedefinitions)");
  }
  const shipped = (await readSchemas()).get(kind);
  const installed = answer.value.spec.versions[0]?.schema.openAPIV3Schema;
  return isDeepStrictEqual(shipped, installed)
    ? ok(`CRD ${kind}`, 'is installed and current')
    : warning(
        `CRD ${kind}`,
        'is another version than this program: kubectl apply --server-side -k crds of the same release',
      );
};

const policies = ['mailaccount-verbs', 'totp-secrets', 'verify-writes-only-totp'];

interface Binding extends KubeObject {
  readonly spec: { readonly validationActions?: readonly string[] };
}

const checkPolicy = async ({ client }: Cluster, short: string): Promise<Check> => {
  const name = `${short}.${group}`;
  const about = `policy ${short}`;
  const [policy, binding] = await Promise.all([
    client.get(admission('validatingadmissionpolicies'), { name }),
    client.get<Binding>(admission('validatingadmissionpolicybindings'), { name }),
  ]);
  const errors = [policy, binding].flatMap((answer) => (answer.ok ? [] : [answer.error.kind]));
  if (errors.includes('notFound'))
    return failed(about, 'is not installed, so RBAC alone guards: kubectl apply -k manifests/policies');
  if (!binding.ok || !policy.ok) return unknown(about, "can't be read with these rights");
  return binding.value.spec.validationActions?.includes('Deny')
    ? ok(about, 'is installed and denies')
    : failed(about, 'is installed, but its binding does not deny: kubectl apply -k manifests/policies');
};

interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
  };
}

const leases: Resource = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true };
const operatorLease = { namespace: 'exchange2fa-system', name: 'exchange2fa-operator' };

const checkOperator = async (cluster: Cluster): Promise<Check> => {
  const answer = await cluster.client.get<Lease>(leases, operatorLease);
  const about = 'operator';
  if (!answer.ok) {
    if (answer.error.kind === 'notFound')
      return failed(about, 'has never held its Lease in exchange2fa-system: kubectl apply -k manifests');
    return unknown(about, "its Lease in exchange2fa-system can't be read with these rights");
  }
  const { holderIdentity = '', renewTime = '', leaseDurationSeconds = 0 } = answer.value.spec ?? {};
  const ageSeconds = Math.round((cluster.now() - Date.parse(renewTime)) / 1000);
  if (holderIdentity !== '' && ageSeconds <= leaseDurationSeconds) return ok(about, `is alive: ${holderIdentity}`);
  return failed(
    about,
    `its Lease was last renewed ${renewTime || 'never'}: suspensions still end by themselves, but no request is taken up; look at its pod`,
  );
};

/** A clock that is off by more makes codes wrong, and requests late. */
const skewWarningMs = 2_000;

const checkClock = (cluster: Cluster): Check => {
  const skewMs = cluster.skewMs();
  const about = 'clock';
  if (skewMs === undefined) return unknown(about, 'the API server gave no date');
  const seconds = (skewMs / 1000).toFixed(1);
  return Math.abs(skewMs) <= skewWarningMs
    ? ok(about, 'this machine and the API server agree')
    : warning(about, `the API server is ${seconds} s ahead of this machine: set the one that is wrong by NTP`);
};

/** CRDs, policies, the operator, the clock. */
export const checkInstallation = async (cluster: Cluster): Promise<readonly Check[]> => [
  ...(await Promise.all([
    checkCrd(cluster, platformKind, platformsPlural),
    checkCrd(cluster, accountKind, accountsPlural),
    ...policies.map((policy) => checkPolicy(cluster, policy)),
    checkOperator(cluster),
  ])),
  checkClock(cluster),
];
