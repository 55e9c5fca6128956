import { formatMilliseconds, hourMs, secondMs } from '../../src/api/instants.ts';
import { annotation } from '../../src/api/record.ts';
import { see } from './scenario-cluster.ts';
import type { Ref } from './scenario-objects.ts';
import type { Tenant } from './scenario-tenant.ts';
import type { Seen } from './scenario-view.ts';

/** An object as a backup tool keeps it, with what the API server had added. */
export const backedUp = async ({ stage, namespace }: Tenant, ref: Ref): Promise<Seen> => {
  const seen = await see(stage.cluster, namespace, ref);
  if (!seen) throw new Error(`there is no ${ref.kind} ${ref.metadata.name} to back up`);
  return seen;
};

/** As Velero does: a new object with a new uid, without status, as the administrator (who holds `restore`). */
export const restored = async (tenant: Tenant, backup: Seen): Promise<void> => {
  const { name, labels, annotations } = backup.metadata;
  const input = JSON.stringify({ ...backup, metadata: { name, labels, annotations }, status: undefined });
  await tenant.admin('create -f -', { input });
};

/** Puts an older version in the place of what is there. */
export const replaced = async (tenant: Tenant, backup: Seen): Promise<void> => {
  const metadata = { ...backup.metadata, resourceVersion: undefined };
  await tenant.admin('replace -f -', { input: JSON.stringify({ ...backup, metadata }) });
};

/** The backup of a seed that had been minted so long ago. */
export const mintedAgo = (backup: Seen, ago: { readonly hours: number; readonly seconds: number }): Seen => {
  const mintedAt = formatMilliseconds(Date.now() - ago.hours * hourMs - ago.seconds * secondMs);
  const annotations = { ...backup.metadata.annotations, [annotation.mintedAt]: mintedAt };
  return { ...backup, metadata: { ...backup.metadata, annotations } };
};
