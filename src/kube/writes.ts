import { askedOf, type Caller, preconditionOf, unreadable } from './call.ts';
import {
  type ApplyOptions,
  type Call,
  type CallOptions,
  type Client,
  type ClientOptions,
  type DeletePreconditions,
  type MergePatch,
  type PatchOptions,
} from './client.ts';
import { failure, type Result, success } from './errors.ts';
import { type KubeObject, type ObjectRef, type Resource, type Stored } from './resource.ts';
import { callOptions, collection, isStored } from './stored.ts';

type Writes = Pick<Client, 'create' | 'mergePatch' | 'patchStatus' | 'apply' | 'delete'>;

const mergePatchType = 'application/merge-patch+json';
/** YAML of which JSON is a part. */
const applyPatchType = 'application/apply-patch+yaml';

const subresourceOf = ({ subresource }: PatchOptions): Pick<Call['address'], 'subresource'> =>
  subresource === undefined ? {} : { subresource };

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
  if (!isStored<T>(result.value)) return failure(unreadable(askedOf(call), 200));
  const version = result.value.metadata.resourceVersion;
  const precondition = preconditionOf(call.body);
  const changed = call.method === 'POST' || (precondition !== undefined && precondition !== version);
  if (changed && mark) tripwire?.sample(resource, version, 'write', mark);
  return success(result.value);
};

/** The writing half of a Client. */
export const clientWrites = (caller: Caller, options: ClientOptions): Writes => {
  const mergePatch = <T extends KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    patch: MergePatch,
    how: PatchOptions = {},
  ): Promise<Result<Stored<T>>> =>
    runWrite(caller, options, {
      ...callOptions(how),
      method: 'PATCH',
      resource,
      address: { ...ref, ...subresourceOf(how) },
      body: patch,
      contentType: mergePatchType,
    });

  return {
    mergePatch,

    patchStatus: (resource, ref, resourceVersion, status, how = {}) =>
      mergePatch(resource, ref, { metadata: { resourceVersion }, status }, { ...how, subresource: 'status' }),

    create: <T extends KubeObject>(resource: Resource, object: T, how: CallOptions = {}): Promise<Result<Stored<T>>> =>
      runWrite(caller, options, {
        ...callOptions(how),
        method: 'POST',
        resource,
        address: collection(object.metadata.namespace),
        body: object,
      }),

    apply: <T extends KubeObject>(resource: Resource, object: T, how: ApplyOptions): Promise<Result<Stored<T>>> => {
      const { namespace, name } = object.metadata;
      if (name === undefined) throw new Error('refused to send: apply without a name');
      return runWrite(caller, options, {
        ...callOptions(how),
        method: 'PATCH',
        resource,
        address: { ...collection(namespace), name, ...subresourceOf(how) },
        query: { fieldManager: how.fieldManager, force: how.force ? 'true' : undefined },
        body: object,
        contentType: applyPatchType,
      });
    },

    delete: async (
      resource: Resource,
      ref: ObjectRef,
      { uid, resourceVersion }: DeletePreconditions,
      how: CallOptions = {},
    ): Promise<Result<void>> => {
      const body = { preconditions: { uid, resourceVersion } };
      const result = await caller.run({ ...callOptions(how), method: 'DELETE', resource, address: ref, body });
      return result.ok ? success(undefined) : result;
    },
  };
};
