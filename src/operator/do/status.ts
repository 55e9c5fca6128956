import type { ObjectRef, Resource } from '../../kube/client/resource.ts';
import { outcomeOf, type WriteOutcome } from './outcome.ts';
import type { Hands } from './secret.ts';

const isSame = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keysOfA, keysOfB] = [Object.keys(a), Object.keys(b)];
  return (
    keysOfA.length === keysOfB.length &&
    keysOfA.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
};

/** What a merge patch must say to turn one status into the other; undefined if they are the same. */
export const statusPatch = (before: object, after: object): Readonly<Record<string, unknown>> | undefined => {
  const [old, wanted] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wanted)) if (!isSame(old[key], value)) patch[key] = value;
  // null takes a field away (RFC 7396)
  for (const key of Object.keys(old)) if (wanted[key] === undefined) patch[key] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
};

/** Writes a status, as a compare-and-swap; answers with the object's new resourceVersion. */
export const writeStatus = async (
  { client, signal }: Hands,
  resource: Resource,
  ref: ObjectRef,
  resourceVersion: string,
  patch: Readonly<Record<string, unknown>>,
): Promise<WriteOutcome<string>> => {
  const result = await client.patchStatus(resource, ref, resourceVersion, patch, { metadataOnly: true, signal });
  return result.ok ? { kind: 'done', value: result.value.metadata.resourceVersion } : outcomeOf(result.error);
};
