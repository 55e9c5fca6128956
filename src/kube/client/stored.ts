import type { CallOptions, Page } from './client.ts';
import type { Address, KubeObject, Stored } from './resource.ts';

/** Whether an answer is an object as the API server returns it. The rest of it is its reader's to check. */
export const isStored = <T extends KubeObject>(value: unknown): value is Stored<T> => {
  if (typeof value !== 'object' || value === null || !('metadata' in value)) return false;
  const metadata = value.metadata as Partial<Record<'name' | 'uid' | 'resourceVersion', unknown>> | null;
  return (
    typeof metadata?.name === 'string' &&
    typeof metadata.uid === 'string' &&
    typeof metadata.resourceVersion === 'string'
  );
};

/** A list answer, or nothing if it is none. */
export const pageOf = <T extends KubeObject>(value: Readonly<Record<string, unknown>>): Page<T> | undefined => {
  // An empty list of metadata comes as null (measured: kube-apiserver 1.37.2, `as=PartialObjectMetadataList`); what has no
  // items at all is no list, and must not be taken for an empty one.
  const items = value['items'] === null ? [] : value['items'];
  const metadata = value['metadata'] as Partial<Record<'resourceVersion' | 'continue', unknown>> | null | undefined;
  if (typeof metadata?.resourceVersion !== 'string' || !Array.isArray(items) || !items.every(isStored<T>)) {
    return undefined;
  }
  const more = metadata.continue;
  return {
    items,
    resourceVersion: metadata.resourceVersion,
    ...(typeof more === 'string' && more !== '' && { continue: more }),
  };
};

/** The options that every call has, without `undefined`s. */
export const callOptions = ({ deadlineMs, signal, once, metadataOnly }: CallOptions): CallOptions => ({
  ...(deadlineMs !== undefined && { deadlineMs }),
  ...(signal && { signal }),
  ...(once !== undefined && { once }),
  ...(metadataOnly !== undefined && { metadataOnly }),
});

/** The address of a collection. */
export const collection = (namespace: string | undefined): Address => (namespace === undefined ? {} : { namespace });
