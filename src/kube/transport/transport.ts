export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One HTTP request, without server address and credentials: those are the transport's. */
export interface RawRequest {
  readonly method: HttpMethod;
  /** Absolute path with query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From now until the whole answer (for a stream: its headers) must be here. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Header names are lower case; one that came several times is an array. */
export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The value of a header that is expected once. */
export const headerOf = (headers: RawHeaders, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'object' ? value[0] : value;
};

export interface RawResponse {
  readonly status: number;
  readonly headers: RawHeaders;
  readonly body: string;
}

/** An answer whose body arrives piece by piece, until the server ends it or `close` is called. */
export interface RawStream {
  readonly status: number;
  readonly headers: RawHeaders;
  /** Ends at a clean end, throws TransportFailure when cut. Read by one reader, once. */
  readonly chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * The seam between Kubernetes and the network: what a simulated world replaces.
 * Both methods reject with TransportFailure only; any HTTP status is an answer.
 */
export interface Transport {
  send(request: RawRequest): Promise<RawResponse>;
  stream(request: RawRequest): Promise<RawStream>;
}

export type TransportFailureKind = 'timeout' | 'connection' | 'tls' | 'credentials' | 'aborted';

/** There was no whole HTTP answer. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  readonly kind: TransportFailureKind;
  /** False only if no byte of the request can have reached the server. */
  readonly sent: boolean;

  constructor(kind: TransportFailureKind, sent: boolean, message: string) {
    super(message);
    this.kind = kind;
    this.sent = sent;
  }
}
