import type { Clock } from '../../host/clock.ts';
import type { Random } from '../../host/random.ts';
import type { Result } from './errors.ts';
import type { Address, KubeObject, ObjectRef, Resource, Stored } from './resource.ts';
import type { HttpMethod, RawStream, Transport } from '../transport/transport.ts';
import type { Tripwire } from './tripwire.ts';

export interface CallOptions {
  /** Until the call ends in a Result, retries of a read included. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** A read is tried once only, and its first failure is the result. */
  readonly once?: boolean;
  /** Asks for PartialObjectMetadata only. Writes of Secrets always do, so that no data comes back. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends CallOptions {
  readonly namespace?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  /** Absent: a consistent read. `0` is refused: it may be older than what was seen before. */
  readonly notOlderThan?: string;
  /** As it was at this version, or an error. */
  readonly exactly?: string;
}

export interface Page<T extends KubeObject> {
  readonly items: readonly Stored<T>[];
  readonly resourceVersion: string;
  /** Present if there is more: the `continue` of the next call. */
  readonly continue?: string;
}

export interface PatchOptions extends CallOptions {
  readonly subresource?: string;
}

/** A delete hits exactly the object that was looked at. */
export interface DeletePreconditions {
  readonly uid: string;
  readonly resourceVersion: string;
}

/** A merge patch. With `metadata.resourceVersion` it is a compare-and-swap. */
export type MergePatch = Readonly<Record<string, unknown>> & {
  readonly metadata?: Readonly<Record<string, unknown>> & { readonly resourceVersion?: string };
};

/** A request that has no method of its own: subresources such as `serviceaccounts/token`, virtual resources such as tokenreviews. */
export interface Call extends CallOptions {
  readonly method: HttpMethod;
  readonly resource: Resource;
  readonly address: Address;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Of the body; JSON unless said otherwise. */
  readonly contentType?: string;
}

/** How the answers' `Date` compares with the local clock: positive if the server's clock is ahead. */
export interface ServerTimeSample {
  /** The header has whole seconds; half a second is added, so this is off by up to ±(500 ms + roundTripMs / 2). */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export interface ClientOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** `name/version`; the server takes the name as field manager. */
  readonly userAgent: string;
  /** Is given every version that an answer proves. */
  readonly tripwire?: Tripwire;
  /** Called at most once for each second of server time. */
  readonly onServerTime?: (sample: ServerTimeSample) => void;
  /** Called after every HTTP exchange, for metrics; `status` is 0 without an answer. */
  readonly onAnswer?: (method: HttpMethod, resource: Resource, status: number) => void;
}

/**
 * Typed requests to the API server. Reads are repeated on passing failures within their deadline; a write only when the
 * server says that it did not run it (429). Throws only for a request that must never be sent: a change of a Secret
 * without resourceVersion, a read with `resourceVersion=0`.
 */
export interface Client {
  get<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    options?: CallOptions,
  ): Promise<Result<Stored<T>>>;
  list<T extends KubeObject = KubeObject>(resource: Resource, options?: ListOptions): Promise<Result<Page<T>>>;
  create<T extends KubeObject = KubeObject>(
    resource: Resource,
    object: T,
    options?: CallOptions,
  ): Promise<Result<Stored<T>>>;
  mergePatch<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    patch: MergePatch,
    options?: PatchOptions,
  ): Promise<Result<Stored<T>>>;
  /** Compare-and-swap of `status`: 409 if the object is no longer at `resourceVersion`. */
  patchStatus<T extends KubeObject = KubeObject>(
    resource: Resource,
    ref: ObjectRef,
    resourceVersion: string,
    status: unknown,
    options?: CallOptions,
  ): Promise<Result<Stored<T>>>;
  delete(
    resource: Resource,
    ref: ObjectRef,
    preconditions: DeletePreconditions,
    options?: CallOptions,
  ): Promise<Result<void>>;
  request<T>(call: Call): Promise<Result<T>>;
  /** Opens a watch; the deadline is for its first byte of answer. What it says is watch-stream.ts's to read. */
  watch(resource: Resource, options: WatchOptions): Promise<Result<RawStream>>;
}

export interface WatchOptions extends CallOptions {
  readonly namespace?: string;
  readonly fieldSelector?: string;
  /** From where; with `initialEvents` it may be absent: all that there is now, by a consistent read. */
  readonly resourceVersion?: string;
  readonly initialEvents?: boolean;
  readonly timeoutSeconds: number;
}
