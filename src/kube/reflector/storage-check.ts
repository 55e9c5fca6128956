import type { ReflectorOptions } from './options.ts';
import type { LastDelivery } from './known-versions.ts';
import type { Happening } from './stage.ts';
import { compareResourceVersions } from '../client/resource-version.ts';
import { type KubeObject, refOf } from '../client/resource.ts';

/** Asks for no object in particular: only what storage says about the version matters. */
const noOne = 'storage-check';
const deadlineMs = 5_000;

type CheckOptions<Facts, T extends KubeObject> = Pick<
  ReflectorOptions<Facts, T>,
  'client' | 'tripwire' | 'resource' | 'namespace' | 'fieldSelector'
>;

/**
 * Asks whether storage still has the history that was told: at the version `latest`, the object told of last was as it was
 * told. If storage has not come to that version, or had another object then, the tripwire is told.
 *
 * The API server answers consistent lists, also those of a single name, from its cache, which does not notice that etcd was
 * restored under it: they still have the old version, and so have the bookmarks of a watch. Two reads reach etcd itself
 * (measured: 1.37.2). A GET, for which the operator has no right on Secrets, has only the object's own version. A list of
 * one name at an exact version needs the right to list, which a reflector has anyhow: where etcd has not come to that
 * version it is 504, ResourceVersionTooLarge, and otherwise it shows what etcd had then, whatever happened since.
 */
export const checkStorage = async <Facts, T extends KubeObject>(
  { client, tripwire, resource, ...selection }: CheckOptions<Facts, T>,
  { latest, last }: { readonly latest: string | undefined; readonly last: LastDelivery | undefined },
  signal: AbortSignal,
): Promise<Happening> => {
  const mark = tripwire.mark(resource);
  if (latest === undefined) return { what: 'checked' };
  // Of a reading that was broken off.
  const witness = last && compareResourceVersions(last.version, latest) <= 0 ? last : undefined;
  const { namespace = selection.namespace ?? 'default', name } = witness ? refOf(witness.key) : { name: noOne };
  const result = await client.list(resource, {
    // Without a namespace the server would look through the whole resource, and take its cache for that.
    ...(resource.namespaced && { namespace }),
    fieldSelector: [
      `metadata.name=${name}`,
      ...(selection.fieldSelector === undefined ? [] : [selection.fieldSelector]),
    ].join(),
    exactly: latest,
    metadataOnly: true,
    // A server that is not reached has to be noticed, not waited for.
    once: true,
    deadlineMs,
    signal,
  });
  if (!result.ok) {
    const { error } = result;
    if (error.kind !== 'versionTooLarge') return { what: 'error', error };
    tripwire.sample(resource, error.current ?? '0', 'check', mark);
    return { what: 'wentBack' };
  }
  const seen = result.value.items[0]?.metadata.resourceVersion;
  if (!witness || seen === (witness.gone ? undefined : witness.version)) return { what: 'checked' };
  tripwire.contradict(resource, seen ?? '0', { ...mark, highest: witness.version });
  return { what: 'wentBack' };
};
