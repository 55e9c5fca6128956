import { Agent, type Dispatcher } from 'undici';

/** Where the API server is, and as whom to speak to it. */
export interface Endpoint {
  readonly server: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  /** `name/version`; the name becomes the field manager. */
  readonly userAgent?: string;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Asking {
  readonly method: Method;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** Somebody else, whom an administrator may speak for. */
  readonly as?: string;
}

/** A watch or another long answer. */
export interface OpenStream {
  /** Resolves at a clean end and after `close`, rejects when cut. */
  readonly ended: Promise<void>;
  close(): void;
}

const json = 'application/json';
export const mergePatch = 'application/merge-patch+json';
/** Metadata only, as the operator asks for the answers to its writes. */
export const metadataOnly = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

/** The number that is fastest here (docs/speed.md), and the operator's own. */
const connections = 32;
const keepAliveMs = 60_000;

const noFailure = (): void => {};

/**
 * The least that a TypeScript program can do to speak to an API server: one undici Agent, no retries, no deadlines.
 * It is the yardstick, so it must not do anything that could be left out.
 */
export class Connection {
  readonly #requests: Agent;
  readonly #streams: Agent;
  readonly #origin: string;
  readonly #token: string | undefined;
  readonly #userAgent: string;

  constructor({ server, ca, cert, key, token, userAgent = 'exchange2fa-bench/0' }: Endpoint) {
    const connect = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
    const options = { allowH2: false, keepAliveTimeout: keepAliveMs, headersTimeout: 0, bodyTimeout: 0, connect };
    this.#requests = new Agent({ ...options, connections });
    this.#streams = new Agent(options);
    this.#origin = new URL(server).origin;
    this.#token = token;
    this.#userAgent = userAgent;
  }

  /** The answer's text; anything but 2xx is thrown, as no bench may go on from there. */
  ask(asking: Asking): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#requests.dispatch(this.#optionsOf(asking), new WholeAnswer(asking, resolve, reject));
    });
  }

  /** Any status is an answer; undefined without one. */
  status(asking: Asking): Promise<number | undefined> {
    return this.ask(asking).then(
      () => 200,
      (error: unknown) => (error instanceof RefusedRequest ? error.status : undefined),
    );
  }

  async get<T>(path: string, accept?: string): Promise<T> {
    return JSON.parse(await this.ask({ method: 'GET', path, ...(accept && { accept }) })) as T;
  }

  /** Reads an answer chunk by chunk; resolves once it has begun. */
  stream(path: string, onChunk: (chunk: Buffer) => void, accept?: string): Promise<OpenStream> {
    const asking: Asking = { method: 'GET', path, ...(accept && { accept }) };
    return new Promise((resolve, reject) => {
      this.#streams.dispatch(this.#optionsOf(asking), new StreamedAnswer(asking, { onChunk, resolve, reject }));
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#requests.destroy(), this.#streams.destroy()]);
  }

  #optionsOf({ method, path, body, contentType, accept, as }: Asking): Dispatcher.DispatchOptions {
    return {
      origin: this.#origin,
      path,
      method,
      headers: {
        accept: accept ?? json,
        'user-agent': this.#userAgent,
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...(as !== undefined && { 'impersonate-user': as }),
        ...(body !== undefined && { 'content-type': contentType ?? json }),
      },
      body: body ?? null,
    };
  }
}

class RefusedRequest extends Error {
  readonly status: number;

  constructor({ method, path }: Asking, status: number, answer: string) {
    super(`${method} ${path}: ${status} ${answer.slice(0, 400)}`);
    this.status = status;
  }
}

class WholeAnswer implements Dispatcher.DispatchHandler {
  readonly #asking: Asking;
  readonly #resolve: (body: string) => void;
  readonly #reject: (error: Error) => void;
  #status = 0;
  #chunks: Buffer[] = [];

  constructor(asking: Asking, resolve: (body: string) => void, reject: (error: Error) => void) {
    this.#asking = asking;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks).toString('utf8');
    if (this.#status < 300) this.#resolve(body);
    else this.#reject(new RefusedRequest(this.#asking, this.#status, body));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#reject(error);
  }
}

interface StreamHooks {
  readonly onChunk: (chunk: Buffer) => void;
  readonly resolve: (stream: OpenStream) => void;
  readonly reject: (error: Error) => void;
}

class StreamedAnswer implements Dispatcher.DispatchHandler {
  readonly #asking: Asking;
  readonly #hooks: StreamHooks;
  readonly #ended = Promise.withResolvers<undefined>();
  #closed = false;
  #status = 0;

  constructor(asking: Asking, hooks: StreamHooks) {
    this.#asking = asking;
    this.#hooks = hooks;
    this.#ended.promise.catch(noFailure);
  }

  onRequestStart(): void {}

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    if (status >= 300) {
      this.#hooks.reject(new RefusedRequest(this.#asking, status, ''));
      return;
    }
    const close = (): void => {
      this.#closed = true;
      controller.abort(new Error('closed'));
    };
    this.#hooks.resolve({ ended: this.#ended.promise, close });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#status < 300) this.#hooks.onChunk(chunk);
  }

  onResponseEnd(): void {
    this.#ended.resolve(undefined);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#closed) this.#ended.resolve(undefined);
    else this.#ended.reject(error);
    this.#hooks.reject(error);
  }
}
