import type { WatchOptions } from '../client/client.ts';
import type { Deliveries } from './deliveries.ts';
import type { ReflectorOptions } from './options.ts';
import type { Happening } from './stage.ts';
import { readPages } from '../client/read-pages.ts';
import type { KubeObject } from '../client/resource.ts';

/** Which objects a reflector looks at, as options of a list or a watch. */
export type Selection = Pick<WatchOptions, 'namespace' | 'fieldSelector' | 'metadataOnly'>;

export const selectionOf = <Facts, T extends KubeObject>(options: ReflectorOptions<Facts, T>): Selection => {
  const { namespace, fieldSelector, metadataOnly } = options;
  return {
    ...(namespace !== undefined && { namespace }),
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(metadataOnly !== undefined && { metadataOnly }),
  };
};

/**
 * Reads the whole set page by page, for servers that do not stream it. When the continue token has expired the server
 * offers one that goes on at a later version: such a list is no set of any moment and prunes nothing, so it is not used.
 */
export const readWholeSet = async <Facts, T extends KubeObject>(
  options: ReflectorOptions<Facts, T>,
  deliveries: Deliveries<Facts, T>,
  notOlderThan: string | undefined,
  signal: AbortSignal,
): Promise<Happening | { readonly what: 'read'; readonly resourceVersion: string }> => {
  const how = { ...selectionOf(options), signal, ...(notOlderThan !== undefined && { notOlderThan }) };
  deliveries.beginReading();
  const read = await readPages<T>(options.client, options.resource, how, (object) => {
    if (!signal.aborted) deliveries.upsert(object);
  });
  if (signal.aborted) return { what: 'cut' };
  return read.ok ? { what: 'read', resourceVersion: read.value } : { what: 'error', error: read.error };
};
