import { traitsOf, type Caller, preconditionOf, unreadable } from './call.ts';
import type {
  Call,
  CallOptions,
  Client,
  ClientOptions,
  DeletePreconditions,
  MergePatch,
  PatchOptions,
} from './client.ts';
import { failure, type Result, success } from './errors.ts';
import type { KubeObject, ObjectRef, Resource, Stored } from './resource.ts';
import { callOptions, collection, isStored } from './stored.ts';

type Writes = Pick<Client, 'create' | 'mergePatch' | 'patchStatus' | 'delete'>;

const mergePatchType = 'application/merge-patch+json';

/**
 * Runs a write and samples its answer. An answer at the version that the write insisted on changed nothing, and says
 * nothing about where storage stands; neither does one to a write without a precondition, which may have changed nothing.
 */
const runWrite = async <T extends KubeObject>(
  caller: Caller,
  { tripwire }: ClientOptions,
  call: Call,
): Promise<Result<Stored<T>>> => {
  const { resource } = call;
  const mark = tripwire?.mark(resource);
  const result = await caller.run(call);
  if (!result.ok) return result;
  if (!isStored<T>(result.value)) return failure(unreadable(traitsOf(call), 200));
  const version = result.value.metadata.resourceVersion;
  const precondition = preconditionOf(call.body);
  const changed = call.method === 'POST' || (precondition !== undefined && precondition !== version);
  if (changed && mark) tripwire?.sample(resource, version, 'write', mark);
  return success(result.value);
};

const mergePatchCall = (resource: Resource, ref: ObjectRef, patch: MergePatch, how: PatchOptions): Call => ({
  ...callOptions(how),
  method: 'PATCH',
  resource,
  address: { ...ref, ...(how.subresource !== undefined && { subresource: how.subresource }) },
  body: patch,
  contentType: mergePatchType,
});

const createCall = (resource: Resource, object: KubeObject, how: CallOptions): Call => ({
  ...callOptions(how),
  method: 'POST',
  resource,
  address: collection(object.metadata.namespace),
  body: object,
});

const deleteCall = (
  resource: Resource,
  ref: ObjectRef,
  { uid, resourceVersion }: DeletePreconditions,
  how: CallOptions,
): Call => ({
  ...callOptions(how),
  method: 'DELETE',
  resource,
  address: ref,
  body: { preconditions: { uid, resourceVersion } },
});

/** The writing half of a Client. */
export const clientWrites = (caller: Caller, options: ClientOptions): Writes => ({
  mergePatch: (resource, ref, patch, how = {}) => runWrite(caller, options, mergePatchCall(resource, ref, patch, how)),

  patchStatus: (resource, ref, resourceVersion, status, how = {}) => {
    const patch = { metadata: { resourceVersion }, status };
    return runWrite(caller, options, mergePatchCall(resource, ref, patch, { ...how, subresource: 'status' }));
  },

  create: (resource, object, how = {}) => runWrite(caller, options, createCall(resource, object, how)),

  delete: async (resource, ref, preconditions, how = {}) => {
    const result = await caller.run(deleteCall(resource, ref, preconditions, how));
    return result.ok ? success(undefined) : result;
  },
});
