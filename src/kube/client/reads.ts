import { traitsOf, type Caller, errorOfTransport, rawRequest, unreadable } from './call.ts';
import type { Call, CallOptions, Client, ClientOptions, ListOptions, Page, WatchOptions } from './client.ts';
import { failure, type KubeError, type Result, success } from './errors.ts';
import type { KubeObject, ObjectRef, Resource, Stored } from './resource.ts';
import { errorOfResponse } from './status.ts';
import { callOptions, collection, isStored, pageOf } from './stored.ts';
import type { RawStream } from '../transport/transport.ts';

/** A page of 500 objects from a busy server. */
const listDeadlineMs = 30_000;

/** More than any Status; beyond it an answer is not one. */
const longestRefusalBytes = 64 * 1024;
const refusalDeadlineMs = 5_000;

const versionOf = ({ notOlderThan, exactly, continue: token }: ListOptions): Call['query'] => {
  if (notOlderThan === '0') throw new Error('refused to send: a list at resourceVersion=0 may be older than known');
  // A continue token carries the version of its list.
  if (token !== undefined) return {};
  if (exactly !== undefined) return { resourceVersion: exactly, resourceVersionMatch: 'Exact' };
  return notOlderThan === undefined ? {} : { resourceVersion: notOlderThan, resourceVersionMatch: 'NotOlderThan' };
};

const listCall = (resource: Resource, options: ListOptions): Call => {
  const { namespace, fieldSelector, limit, continue: token } = options;
  return {
    ...callOptions({ deadlineMs: listDeadlineMs, ...options }),
    method: 'GET',
    resource,
    address: collection(namespace),
    query: { fieldSelector, limit, continue: token, ...versionOf(options) },
  };
};

const watchCall = (resource: Resource, options: WatchOptions): Call => {
  const { namespace, fieldSelector, resourceVersion, initialEvents, timeoutSeconds } = options;
  const initial = initialEvents ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' } : {};
  return {
    ...callOptions(options),
    method: 'GET',
    resource,
    address: collection(namespace),
    query: {
      watch: 'true',
      allowWatchBookmarks: 'true',
      fieldSelector,
      resourceVersion,
      ...initial,
      timeoutSeconds,
    },
  };
};

/** The error that a stream's answer other than 200 stands for; its body is short, but may never end. */
const refusal = async (call: Call, stream: RawStream, { clock }: ClientOptions): Promise<KubeError> => {
  const cancel = clock.after(refusalDeadlineMs, () => stream.close());
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream.chunks) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > longestRefusalBytes) break;
    }
  } catch {
    // The status alone has to do.
  } finally {
    cancel();
    stream.close();
  }
  const body = Buffer.concat(chunks).toString('utf8');
  return errorOfResponse({ status: stream.status, headers: stream.headers, body }, traitsOf(call));
};

/** The reading half of a Client. */
export const clientReads = (caller: Caller, options: ClientOptions): Pick<Client, 'get' | 'list' | 'watch'> => ({
  get: async <T extends KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    how: CallOptions = {},
  ): Promise<Result<Stored<T>>> => {
    const call: Call = { ...callOptions(how), method: 'GET', resource, address: ref };
    const result = await caller.run(call);
    if (!result.ok) return result;
    return isStored<T>(result.value) ? success(result.value) : failure(unreadable(traitsOf(call), 200));
  },

  list: async <T extends KubeObject>(resource: Resource, how: ListOptions = {}): Promise<Result<Page<T>>> => {
    const call = listCall(resource, how);
    const mark = options.tripwire?.mark(resource);
    const result = await caller.run(call);
    if (!result.ok) return result;
    const page = pageOf<T>(result.value);
    if (!page) return failure(unreadable(traitsOf(call), 200));
    const consistent = how.continue === undefined && how.notOlderThan === undefined && how.exactly === undefined;
    if (consistent && mark) options.tripwire?.sample(resource, page.resourceVersion, 'list', mark);
    return success(page);
  },

  watch: async (resource: Resource, how: WatchOptions): Promise<Result<RawStream>> => {
    const call = watchCall(resource, how);
    const startedMs = options.clock.monotonic();
    try {
      const stream = await options.transport.stream(rawRequest(call, options.userAgent));
      caller.observe(call, stream.status, stream.headers, startedMs);
      return stream.status === 200 ? success(stream) : failure(await refusal(call, stream, options));
    } catch (error) {
      const failed = errorOfTransport(error, traitsOf(call));
      caller.observe(call, 0, {}, startedMs);
      return failure(failed);
    }
  },
});
