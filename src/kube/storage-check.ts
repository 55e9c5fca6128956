import { type Client } from './client.ts';
import { type KubeError } from './errors.ts';
import { type Happening } from './reflector-stage.ts';
import { type Resource } from './resource.ts';
import { type Tripwire } from './tripwire.ts';

/** Of no object: only what storage says about the version matters. */
const nobody = 'storage-check';

/**
 * Asks whether storage has come to the highest version seen of a resource; if not, the tripwire is told.
 *
 * The API server answers consistent lists from its cache, which does not notice that etcd was restored under it: such a list
 * still has the old version, and so have the bookmarks of a watch. Two reads reach etcd itself: a GET, for which the
 * operator has no right on Secrets and whose answer has only the object's version, and a list of one name at an exact
 * version, which etcd cannot answer if it has not come there yet (504, ResourceVersionTooLarge). It needs the right to list,
 * which a reflector has anyhow, and transfers nothing. An answer of any other sort proves no return.
 */
export const checkStorage = async (
  { client, tripwire, resource, namespace }: CheckOptions,
  signal: AbortSignal,
): Promise<Happening> => {
  const mark = tripwire.mark(resource);
  if (mark.highest === '0') return { what: 'checked' };
  const result = await client.list(resource, {
    // Without a namespace the server would look through the whole resource, and take its cache for that.
    ...(resource.namespaced && { namespace: namespace ?? 'default' }),
    fieldSelector: `metadata.name=${nobody}`,
    exactly: mark.highest,
    limit: 1,
    metadataOnly: true,
    signal,
  });
  if (result.ok) return { what: 'checked' };
  const { error } = result;
  if (error.kind === 'versionTooLarge') {
    tripwire.sample(resource, error.current ?? '0', 'check', mark);
    return { what: 'wentBack' };
  }
  return answersNothing(error) ? { what: 'checked' } : { what: 'error', error };
};

/** Compacted: storage is far beyond that version. Or a server that cannot be asked: it would say the same again. */
const answersNothing = ({ kind }: KubeError): boolean => kind === 'gone' || kind === 'invalid' || kind === 'unexpected';

export interface CheckOptions {
  readonly client: Client;
  readonly tripwire: Tripwire;
  readonly resource: Resource;
  readonly namespace?: string;
}
