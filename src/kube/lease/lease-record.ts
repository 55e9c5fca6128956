import type { MergePatch } from '../client/client.ts';
import { microTime } from '../micro-time.ts';
import type { KubeObject, Resource, Stored } from '../client/resource.ts';

export const leasesResource: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  namespaced: true,
};

/** client-go's defaults: how long others wait for a silent holder, when a holder that cannot renew stops, and how often it tries. */
export const leaseDurationMs = 15_000;
export const renewDeadlineMs = 10_000;
export const retryPeriodMs = 2_000;

export interface Lease extends KubeObject {
  readonly spec?: {
    readonly holderIdentity?: string | null;
    readonly leaseDurationSeconds?: number | null;
    readonly leaseTransitions?: number | null;
    readonly renewTime?: string | null;
  } | null;
}

export const leaseHolderOf = (lease: Stored<Lease>): string => lease.spec?.holderIdentity ?? '';

/** `renewTime` is for people to read: nobody compares it with a clock. */
const heldBy = (identity: string, unixMs: number): Readonly<Record<string, unknown>> => ({
  holderIdentity: identity,
  leaseDurationSeconds: leaseDurationMs / 1_000,
  renewTime: microTime(unixMs),
});

export const newLease = (namespace: string, name: string, identity: string, unixMs: number): Lease => ({
  apiVersion: 'coordination.k8s.io/v1',
  kind: 'Lease',
  metadata: { namespace, name },
  spec: { ...heldBy(identity, unixMs), acquireTime: microTime(unixMs), leaseTransitions: 0 } as Lease['spec'] & object,
});

/** Takes the Lease over from whoever had it. */
export const acquisition = (lease: Stored<Lease>, identity: string, unixMs: number): MergePatch => ({
  metadata: { resourceVersion: lease.metadata.resourceVersion },
  spec: {
    ...heldBy(identity, unixMs),
    acquireTime: microTime(unixMs),
    leaseTransitions: (lease.spec?.leaseTransitions ?? 0) + 1,
  },
});

export const renewal = (resourceVersion: string, identity: string, unixMs: number): MergePatch => ({
  metadata: { resourceVersion },
  spec: heldBy(identity, unixMs),
});

/** An empty holder may be followed at once. */
export const surrender = (resourceVersion: string, unixMs: number): MergePatch => ({
  metadata: { resourceVersion },
  spec: { holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(unixMs) },
});
