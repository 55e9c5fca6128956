import { isDeepStrictEqual } from 'node:util';
import { accountKind, accountsPlural, group, platformKind, platformsPlural, version } from '../../api/names.ts';
import { crdsResource, type KubeObject, type ObjectRef } from '../../kube/client/resource.ts';
import { leaseHolderOf, leasesResource, type Lease } from '../../kube/lease/lease-record.ts';
import type { Cluster } from '../cluster/connect.ts';
import { readCrds, type CrdVersion } from '../manifests/crds.ts';
import { failed, ok, unknown, unread, warning, type Check } from './finding.ts';

interface Crd extends KubeObject {
  readonly spec: { readonly versions: readonly CrdVersion[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const install = 'kubectl apply --server-side -k crds';

/** What the shipped definition says and the installed one does not, by name; nothing if they are alike. */
const differences = (shipped: CrdVersion, installed: CrdVersion): readonly string[] =>
  Object.keys(shipped).filter((part) => !isDeepStrictEqual(shipped[part], installed[part]));

const checkCrd = async (cluster: Cluster, kind: string, plural: string): Promise<Check> => {
  const about = `CRD ${kind}`;
  const answer = await cluster.client.get<Crd>(crdsResource, { name: `${plural}.${group}` });
  if (!answer.ok) {
    if (answer.error.kind === 'notFound') return failed(about, `is not installed: ${install}`);
    return unread(about, answer.error, 'get customresourcedefinitions');
  }
  const { metadata, spec, status } = answer.value;
  if (metadata.deletionTimestamp !== undefined)
    return failed(about, 'is being deleted, and every object of it with it: restore them from a backup, Secrets first');
  const established = status?.conditions?.find(({ type }) => type === 'Established');
  if (established?.status !== 'True') return failed(about, 'is not established: kubectl describe crd says why');
  const shipped = (await readCrds()).get(kind);
  const found = spec.versions.find(({ name }) => name === version);
  if (!shipped || !found) return failed(about, `has no version ${version}: ${install}`);
  const differs = differences(shipped, found);
  return differs.length === 0
    ? ok(about, 'is installed and current')
    : warning(about, `is another than this program's (${differs.join(', ')}): ${install} of the same release`);
};

/** Both kinds: installed, and as this program knows them. */
export const checkCrds = (cluster: Cluster): Promise<readonly Check[]> =>
  Promise.all([checkCrd(cluster, platformKind, platformsPlural), checkCrd(cluster, accountKind, accountsPlural)]);

/** A Lease from the future: the operator's clock is ahead by more than answers take. */
const aheadSeconds = 5;

/** Whether the operator of this Lease holds it. */
export const checkOperator = async (cluster: Cluster, lease: ObjectRef): Promise<readonly Check[]> => {
  const about = 'operator';
  const { namespace, name } = lease;
  const answer = await cluster.client.get<Lease>(leasesResource, lease);
  if (!answer.ok) {
    if (answer.error.kind !== 'notFound') return [unread(about, answer.error, `get leases in ${namespace}`)];
    const others = 'of several operators, name that of this namespace by --lease-name';
    return [failed(about, `there is no Lease ${name} in ${namespace}: kubectl apply -k manifests; ${others}`)];
  }
  const { renewTime, leaseDurationSeconds } = answer.value.spec ?? {};
  const holderIdentity = leaseHolderOf(answer.value);
  const ageSeconds = Math.round((cluster.now() - Date.parse(renewTime ?? '')) / 1000);
  const isAlive = holderIdentity !== '' && ageSeconds <= (leaseDurationSeconds ?? 0);
  if (isAlive && ageSeconds < -aheadSeconds)
    return [warning(about, `its clock is ${-ageSeconds} s ahead of the API server's: set it by NTP`)];
  if (isAlive)
    return [ok(about, `is alive: ${holderIdentity} renewed its Lease ${name} ${Math.max(0, ageSeconds)} s ago`)];
  const since = renewTime ? `was last renewed ${renewTime}, ${ageSeconds} s ago` : 'was never renewed';
  return [
    failed(
      about,
      `its Lease ${name} ${since}${holderIdentity === '' ? ', and given back' : ''}: suspensions still end by themselves, but no request is taken up; look at its pod`,
    ),
  ];
};

/** A clock that is off by more makes codes wrong, and requests late. */
const warnedMs = 2_000;

/** The caller's clock against the API server's. */
export const checkClock = (cluster: Cluster): Check => {
  const offsetMs = cluster.clockOffsetMs();
  const about = 'clock';
  if (offsetMs === undefined) return unknown(about, 'the API server gave no date');
  if (Math.abs(offsetMs) <= warnedMs) return ok(about, 'this machine and the API server agree');
  const seconds = (Math.abs(offsetMs) / 1000).toFixed(1);
  const how = offsetMs > 0 ? 'ahead of' : 'behind';
  return warning(about, `the API server is ${seconds} s ${how} this machine: set the one that is wrong by NTP`);
};
