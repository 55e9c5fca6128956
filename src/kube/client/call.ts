import type { Call, ClientOptions } from './client.ts';
import { failure, type KubeError, type Result, success } from './errors.ts';
import { type Fields, isFields } from '../fields.ts';
import { isSecrets, keyOf, pathOf, resourceName } from './resource.ts';
import { withRetries } from './retry.ts';
import { type RequestTraits, errorOfResponse } from './status.ts';
import {
  headerOf,
  type RawHeaders,
  type RawRequest,
  type RawResponse,
  TransportFailure,
} from '../transport/transport.ts';

const defaultDeadlineMs = 10_000;

const json = 'application/json';
const metadataOf = (kind: string): string => `${json};as=${kind};g=meta.k8s.io;v=v1`;

/** What the answer should contain; a change of a Secret never brings its data back. */
const acceptOf = (call: Call): string => {
  const changesSecret = call.method !== 'GET' && isSecrets(call.resource);
  if (!call.metadataOnly && !changesSecret) return json;
  const list = call.method === 'GET' && call.address.name === undefined && call.query?.['watch'] === undefined;
  return metadataOf(list ? 'PartialObjectMetadataList' : 'PartialObjectMetadata');
};

const member = (value: unknown, name: string): unknown => (isFields(value) ? value[name] : undefined);

/** The resourceVersion that a write's body insists on. */
export const preconditionOf = (body: unknown): string | undefined => {
  const version = member(member(body, 'metadata'), 'resourceVersion');
  // The server takes `0` for none, and writes whatever there is.
  return typeof version === 'string' && version !== '' && version !== '0' ? version : undefined;
};

/**
 * Throws for what must never be sent: the server would take a change of a Secret without resourceVersion, and a delete of
 * whatever has the name by now.
 */
const refuseUnsafe = (call: Call): void => {
  if (call.method === 'DELETE') {
    const preconditions = member(call.body, 'preconditions');
    if (call.address.name && member(preconditions, 'uid') && member(preconditions, 'resourceVersion')) return;
    throw new Error(`refused to send: DELETE ${resourceName(call.resource)} without name, uid and resourceVersion`);
  }
  const changes = call.method === 'PATCH' || call.method === 'PUT';
  if (changes && isSecrets(call.resource) && preconditionOf(call.body) === undefined) {
    throw new Error(`refused to send: ${call.method} of a Secret without resourceVersion`);
  }
};

const query = (parameters: Call['query']): string => {
  const pairs = Object.entries(parameters ?? {})
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
};

/** Whether a body is a JSON patch that insists on something by a `test`. */
const hasTest = (body: unknown): boolean => Array.isArray(body) && body.some((step) => member(step, 'op') === 'test');

/** How errors name a call. */
export const traitsOf = (call: Call): RequestTraits => {
  const { namespace, name, subresource } = call.address;
  const object = name ? ` ${keyOf({ ...(namespace !== undefined && { namespace }), name })}` : '';
  const label = `${call.method} ${resourceName(call.resource)}${object}${subresource ? `/${subresource}` : ''}`;
  return { label, writes: call.method !== 'GET', secret: isSecrets(call.resource), tests: hasTest(call.body) };
};

/** The HTTP request of a call. */
export const rawRequest = (
  call: Call,
  userAgent: string,
  deadlineMs = call.deadlineMs ?? defaultDeadlineMs,
): RawRequest => {
  const path = pathOf(call.resource, call.address) + query(call.query);
  const headers = { accept: acceptOf(call), 'user-agent': userAgent };
  const request = { method: call.method, path, headers, deadlineMs, ...(call.signal && { signal: call.signal }) };
  if (call.body === undefined) return request;
  return {
    ...request,
    headers: { ...headers, 'content-type': call.contentType ?? json },
    body: JSON.stringify(call.body),
  };
};

/** What no HTTP answer means for the caller. */
export const errorOfTransport = (error: unknown, request: RequestTraits): KubeError => {
  if (!(error instanceof TransportFailure)) throw error;
  const text = `${request.label}: ${error.kind}: ${error.message}`;
  if (error.kind === 'aborted') return { kind: 'aborted', text };
  return { kind: error.sent && request.writes ? 'unknownOutcome' : 'unavailable', text, status: 0 };
};

/** A write whose 2xx answer cannot be read has most likely happened. */
export const unreadable = (request: RequestTraits, status: number): KubeError => {
  const text = `${request.label}: ${status}, and the answer is not what the API promises`;
  return request.writes ? { kind: 'unknownOutcome', text, status } : { kind: 'malformed', text };
};

const parse = (response: RawResponse, call: Call): Result<Fields> => {
  if (response.status < 200 || response.status > 299) return failure(errorOfResponse(response, traitsOf(call)));
  try {
    const value: unknown = JSON.parse(response.body);
    if (isFields(value)) return success(value);
  } catch {
    // Said below.
  }
  return failure(unreadable(traitsOf(call), response.status));
};

/** `Date` counts whole seconds: on average half of one has passed. */
const halfSecondMs = 500;

/** Sends calls over a transport and turns what comes back into Results. */
export class Caller {
  readonly #options: ClientOptions;
  #latestDate: string | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** One call with its retries. */
  run(call: Call): Promise<Result<Fields>> {
    refuseUnsafe(call);
    const { clock, random } = this.#options;
    const { deadlineMs = defaultDeadlineMs, signal } = call;
    const writes = call.method !== 'GET';
    if (call.once && !writes) return this.#once(call, deadlineMs);
    return withRetries({ clock, random, deadlineMs, writes, signal }, (attemptMs) => this.#once(call, attemptMs));
  }

  async #once(call: Call, deadlineMs: number): Promise<Result<Fields>> {
    const { transport, userAgent, clock } = this.#options;
    const startedMs = clock.monotonic();
    try {
      const response = await transport.send(rawRequest(call, userAgent, deadlineMs));
      this.observe(call, response.status, response.headers, startedMs);
      return parse(response, call);
    } catch (error) {
      const failed = failure(errorOfTransport(error, traitsOf(call)));
      this.observe(call, 0, {}, startedMs);
      return failed;
    }
  }

  /** Tells the hooks about an answer. */
  observe(call: Call, status: number, headers: RawHeaders, startedMs: number): void {
    const { clock, onAnswer, onServerTime } = this.#options;
    const roundTripMs = clock.monotonic() - startedMs;
    onAnswer?.(call.method, call.resource, status);
    const date = headerOf(headers, 'date');
    if (!onServerTime || date === undefined || date === this.#latestDate) return;
    this.#latestDate = date;
    const serverMs = Date.parse(date) + halfSecondMs;
    if (Number.isFinite(serverMs)) onServerTime({ offsetMs: serverMs - (clock.now() - roundTripMs / 2), roundTripMs });
  }
}
