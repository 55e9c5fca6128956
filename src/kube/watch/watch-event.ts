import type { KubeError } from '../client/errors.ts';
import { isResourceVersion } from '../client/resource-version.ts';
import type { KubeObject, Stored } from '../client/resource.ts';
import { type RequestTraits, errorOfStatusObject } from '../client/status.ts';
import { isStored } from '../client/stored.ts';

/** One line of a watch. */
export type WatchEvent<T extends KubeObject> =
  | { readonly type: 'upsert'; readonly object: Stored<T> }
  | { readonly type: 'delete'; readonly object: Stored<T> }
  /** Everything up to here has been told; `initialEnd` if that is the whole initial set. */
  | { readonly type: 'bookmark'; readonly resourceVersion: string; readonly initialEnd: boolean }
  | { readonly type: 'error'; readonly error: KubeError }
  | { readonly type: 'malformed' };

const malformed = { type: 'malformed' } as const;

interface Envelope {
  readonly type?: unknown;
  readonly object?: unknown;
}

interface BookmarkObject {
  readonly metadata?: {
    readonly resourceVersion?: unknown;
    readonly annotations?: Readonly<Record<string, unknown>> | null;
  } | null;
}

const bookmark = (object: unknown): WatchEvent<never> => {
  const metadata = (object as BookmarkObject | null | undefined)?.metadata;
  const resourceVersion = metadata?.resourceVersion;
  if (!isResourceVersion(resourceVersion)) return malformed;
  const initialEnd = metadata?.annotations?.['k8s.io/initial-events-end'] === 'true';
  return { type: 'bookmark', resourceVersion, initialEnd };
};

const parse = (line: string): Envelope | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
};

/** What a line says, whatever it is. */
export const parseWatchLine = <T extends KubeObject>(line: string, request: RequestTraits): WatchEvent<T> => {
  const envelope = parse(line);
  const object = envelope?.object;
  switch (envelope?.type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      if (!isStored<T>(object) || !isResourceVersion(object.metadata.resourceVersion)) return malformed;
      return { type: envelope.type === 'DELETED' ? 'delete' : 'upsert', object };
    case 'BOOKMARK':
      return bookmark(object);
    case 'ERROR':
      return { type: 'error', error: errorOfStatusObject(object, request) };
    default:
      return malformed;
  }
};
