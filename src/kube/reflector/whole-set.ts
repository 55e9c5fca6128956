import type { WatchOptions } from '../client/client.ts';
import type { Deliveries } from './deliveries.ts';
import type { ReflectorOptions } from './options.ts';
import type { Happening } from './stage.ts';
import type { KubeObject } from '../client/resource.ts';

/** As kubectl and client-go page. */
const pageSize = 500;

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
export const readPages = async <Facts, T extends KubeObject>(
  options: ReflectorOptions<Facts, T>,
  deliveries: Deliveries<Facts, T>,
  notOlderThan: string | undefined,
  signal: AbortSignal,
): Promise<Happening | { readonly what: 'read'; readonly resourceVersion: string }> => {
  const { client, resource } = options;
  const selection = selectionOf(options);
  deliveries.beginReading();
  let token: string | undefined;
  for (;;) {
    const page = await client.list<T>(resource, {
      ...selection,
      signal,
      limit: pageSize,
      ...(notOlderThan !== undefined && { notOlderThan }),
      ...(token !== undefined && { continue: token }),
    });
    if (signal.aborted) return { what: 'cut' };
    if (!page.ok) return { what: 'error', error: page.error };
    for (const object of page.value.items) deliveries.upsert(object);
    token = page.value.continue;
    if (token === undefined) return { what: 'read', resourceVersion: page.value.resourceVersion };
  }
};
