import { denialInWords, type Denial, type Forbidden, type InvalidCause, type KubeError } from './errors.ts';
import { isFields } from '../fields.ts';
import { headerOf, type RawResponse } from '../transport/transport.ts';

/** What an error needs to know of the request that met it. */
export interface RequestTraits {
  /** `PATCH secrets a/b/status`: in the error's text. */
  readonly label: string;
  /** Not a GET: it may have changed something. */
  readonly writes: boolean;
  /** The server's own words may echo the values of a Secret. */
  readonly secret: boolean;
  /** It was a JSON patch with a `test` in it. */
  readonly tests?: boolean;
}

interface StatusCause {
  readonly reason?: unknown;
  readonly field?: unknown;
  readonly message?: unknown;
}

/** The parts of a `Status` object that are read. */
interface Status {
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds: number | undefined;
}

const string = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Takes whatever it is given for a Status, if it is one. */
const statusOf = (object: unknown): Status | undefined => {
  if (!isFields(object) || object['kind'] !== 'Status') return undefined;
  const details = isFields(object['details']) ? object['details'] : {};
  const seconds = details['retryAfterSeconds'];
  return {
    reason: string(object['reason']),
    message: string(object['message']),
    causes: Array.isArray(details['causes']) ? (details['causes'] as unknown[]).filter(isFields) : [],
    retryAfterSeconds: typeof seconds === 'number' ? seconds : undefined,
  };
};

const parseStatus = (body: string): Status | undefined => {
  try {
    return statusOf(JSON.parse(body));
  } catch {
    return undefined;
  }
};

/** When a server says 429 without saying how long: as client-go does. */
const defaultRetryAfterMs = 1_000;

const retryAfterMs = (response: RawResponse, status: Status | undefined): number | undefined => {
  const seconds = Number(headerOf(response.headers, 'retry-after') ?? status?.retryAfterSeconds ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
};

const invalidCauses = (status: Status | undefined, request: RequestTraits): InvalidCause[] =>
  (status?.causes ?? []).map((cause) => ({
    field: string(cause.field),
    reason: string(cause.reason),
    ...(!request.secret && { message: string(cause.message) }),
  }));

/** With Kubernetes 1.37; other versions put the object before it. */
const denyingWebhook = /^(?:[a-z.]+ "[^"]*" is forbidden: )?admission webhook "([a-z0-9.-]+)" denied the request/;

/** A policy denies with 422, or what its `reason` says (403 for `Forbidden`); a webhook with whatever status it likes. */
const denialOf = (status: Status | undefined): Denial | undefined => {
  const message = status?.message ?? '';
  const [, webhook] = denyingWebhook.exec(message) ?? [];
  // First, and at the very beginning: what a webhook says may be anything.
  if (webhook !== undefined) return { by: 'webhook', name: webhook };
  const [, policy] = /forbidden: ValidatingAdmissionPolicy '([a-z0-9.-]+)'/.exec(message) ?? [];
  return policy === undefined ? undefined : { by: 'policy', name: policy };
};

/** A webhook that is down, with `failurePolicy: Fail`: 500. */
const uncalledWebhook = (status: Status | undefined): string | undefined =>
  /^Internal error occurred: failed calling webhook "([a-z0-9.-]+)"/.exec(status?.message ?? '')?.[1];

/** What became of it at admission, in words. */
const atAdmission = (status: Status | undefined): readonly string[] => {
  const denial = denialOf(status);
  if (denial) return [`denied by ${denialInWords(denial)}`];
  const webhook = uncalledWebhook(status);
  return webhook === undefined ? [] : [`webhook ${webhook} could not be called`];
};

const forbiddenBecause = (status: Status | undefined): Forbidden => {
  // First: what is said of a denial may be anything.
  const denial = denialOf(status);
  if (denial) return { because: 'denied', denial };
  if (status?.causes.some((cause) => cause.reason === 'NamespaceTerminating')) {
    return { because: 'namespaceTerminating' };
  }
  return { because: status?.message.includes('exceeded quota') ? 'quota' : 'permission' };
};

const invalid = (said: string, code: 400 | 422, status: Status | undefined, request: RequestTraits): KubeError => {
  const causes = invalidCauses(status, request);
  const denial = denialOf(status);
  const fields = causes.map((cause) => cause.field).filter((field) => field !== '');
  // A failed test is 422 without a field, and so is an operation that does not fit: the object is not what it was taken for.
  if (request.tests && fields.length === 0 && !denial) return { kind: 'conflict', text: said, fields };
  return { kind: 'invalid', text: [said, ...fields].join(', '), status: code, causes, ...(denial && { denial }) };
};

const conflict = (said: string, status: Status | undefined): KubeError => {
  if (status?.reason === 'AlreadyExists') return { kind: 'alreadyExists', text: said };
  return { kind: 'conflict', text: said, fields: (status?.causes ?? []).map((cause) => string(cause.field)) };
};

const versionTooLarge = (said: string, status: Status | undefined): KubeError | undefined => {
  if (!status?.causes.some((cause) => cause.reason === 'ResourceVersionTooLarge')) return undefined;
  const current = /, current: (\d+)/.exec(status.message)?.[1];
  return { kind: 'versionTooLarge', text: said, ...(current !== undefined && { current }) };
};

/** 500 and 504 come when etcd has been asked already, 502 from a proxy that lost the answer. */
const serverError = (
  said: string,
  response: RawResponse,
  status: Status | undefined,
  request: RequestTraits,
): KubeError => {
  const tooLarge = versionTooLarge(said, status);
  if (tooLarge) return tooLarge;
  if (request.writes && response.status !== 503) return { kind: 'unknownOutcome', text: said, status: response.status };
  const wait = retryAfterMs(response, status);
  return {
    kind: 'unavailable',
    text: said,
    status: response.status,
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
};

const classify = (response: RawResponse, status: Status | undefined, request: RequestTraits): KubeError => {
  const answer = `${request.label}: ${response.status}${status?.reason ? ` ${status.reason}` : ''}`;
  const said = [answer, ...atAdmission(status)].join(', ');
  switch (response.status) {
    case 400:
    case 422:
      return invalid(said, response.status, status, request);
    case 401:
      return { kind: 'unauthorized', text: said };
    case 403:
      return { kind: 'forbidden', text: said, ...forbiddenBecause(status) };
    case 404:
      return { kind: status ? 'notFound' : 'unknownResource', text: said };
    case 409:
      return conflict(said, status);
    case 410:
      return { kind: 'gone', text: said };
    case 429:
      return {
        kind: 'tooManyRequests',
        text: said,
        retryAfterMs: retryAfterMs(response, status) ?? defaultRetryAfterMs,
      };
    default:
      if (response.status >= 500) return serverError(said, response, status, request);
      return { kind: 'unexpected', text: said, status: response.status };
  }
};

/** The error that an HTTP answer other than 2xx stands for. */
export const errorOfResponse = (response: RawResponse, request: RequestTraits): KubeError =>
  classify(response, parseStatus(response.body), request);

/** The error in an ERROR event of a watch: the code is in the Status, as the HTTP answer was 200 long ago. */
export const errorOfStatusObject = (object: unknown, request: RequestTraits): KubeError => {
  const status = statusOf(object);
  const code = isFields(object) ? object['code'] : undefined;
  if (!status || typeof code !== 'number')
    return { kind: 'malformed', text: `${request.label}: ERROR without a Status` };
  return classify({ status: code, headers: {}, body: '' }, status, request);
};
