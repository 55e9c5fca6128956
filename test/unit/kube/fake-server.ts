import { createHash } from 'node:crypto';
import type { Random } from '../../../src/host/random.ts';
import { createClient } from '../../../src/kube/client/create-client.ts';
import type { Client } from '../../../src/kube/client/client.ts';
import {
  type RawHeaders,
  type RawRequest,
  type RawResponse,
  type RawStream,
  type Transport,
  TransportFailure,
} from '../../../src/kube/transport/transport.ts';
import { Tripwire } from '../../../src/kube/client/tripwire.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** No chance at all: jitter is always nothing. */
export const steadyRandom: Random = {
  bytes: (count) => createHash('sha256').update(String(count)).digest().subarray(0, count),
  fraction: () => 0,
};

/** The server's end of a watch. */
export class FakeStream {
  readonly status: number;
  readonly headers: RawHeaders;
  closed = false;
  readonly #pieces: (Uint8Array | 'end' | 'cut')[] = [];
  #wake: (() => void) | undefined;

  constructor(status: number, headers: RawHeaders) {
    this.status = status;
    this.headers = headers;
  }

  /** Lines, each a value or raw text. */
  tell(...lines: unknown[]): this {
    for (const line of lines) this.raw(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    return this;
  }

  raw(bytes: string | Uint8Array): this {
    return this.#add(typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes);
  }

  end(): this {
    return this.#add('end');
  }

  cut(): this {
    return this.#add('cut');
  }

  asRaw(): RawStream {
    return {
      status: this.status,
      headers: this.headers,
      chunks: { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) },
      close: () => {
        this.closed = true;
        this.#wake?.();
      },
    };
  }

  #add(piece: Uint8Array | 'end' | 'cut'): this {
    this.#pieces.push(piece);
    this.#wake?.();
    return this;
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      if (this.closed) throw new TransportFailure('aborted', true, 'closed');
      const piece = this.#pieces.shift();
      if (piece === 'end') return { done: true, value: undefined };
      if (piece === 'cut') throw new TransportFailure('connection', true, 'ECONNRESET');
      if (piece) return { done: false, value: piece };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

type Answer = { readonly status: number; readonly headers?: RawHeaders; readonly body: unknown } | TransportFailure;

/** A transport whose answers are told in advance; what is asked without an answer waits for ever. */
export class FakeServer implements Transport {
  readonly requests: RawRequest[] = [];
  readonly #answers: Answer[] = [];
  readonly #streams: (FakeStream | TransportFailure)[] = [];
  /** Asked when no answer was told. */
  respond: ((request: RawRequest) => Answer | undefined) | undefined;

  answer(status: number, body: unknown, headers: RawHeaders = {}): this {
    this.#answers.push({ status, body, headers });
    return this;
  }

  fail(failure: TransportFailure): this {
    this.#answers.push(failure);
    return this;
  }

  /** The next watch. */
  watch(status = 200, headers: RawHeaders = {}): FakeStream {
    const stream = new FakeStream(status, headers);
    this.#streams.push(stream);
    return stream;
  }

  /** The next watch is refused, with a Status or another body. */
  refuseWatch(code: number, body: unknown, headers: RawHeaders = {}): this {
    this.watch(code, headers)
      .raw(typeof body === 'string' ? body : JSON.stringify(body))
      .end();
    return this;
  }

  failWatch(failure: TransportFailure): this {
    this.#streams.push(failure);
    return this;
  }

  /** The query of the latest request. */
  get query(): Readonly<Record<string, string>> {
    const path = this.requests.at(-1)?.path ?? '';
    return Object.fromEntries(new URL(path, 'http://fake').searchParams);
  }

  async send(request: RawRequest): Promise<RawResponse> {
    this.requests.push(request);
    const answer = this.#answers.shift() ?? this.respond?.(request);
    if (!answer) return this.#never(request);
    if (answer instanceof TransportFailure) throw answer;
    const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
    return { status: answer.status, headers: answer.headers ?? {}, body };
  }

  async stream(request: RawRequest): Promise<RawStream> {
    this.requests.push(request);
    const stream = this.#streams.shift();
    if (!stream) return this.#never(request);
    if (stream instanceof TransportFailure) throw stream;
    return stream.asRaw();
  }

  #never(request: RawRequest): Promise<never> {
    return new Promise((_resolve, reject) => {
      request.signal?.addEventListener('abort', () => reject(new TransportFailure('aborted', true, 'aborted')));
    });
  }
}

export interface FakeWorld {
  readonly server: FakeServer;
  readonly client: Client;
  readonly tripwire: Tripwire;
}

export const fakeWorld = (clock: VirtualClock): FakeWorld => {
  const server = new FakeServer();
  const tripwire = new Tripwire(clock);
  const client = createClient({ transport: server, clock, random: steadyRandom, userAgent: 'test/1', tripwire });
  return { server, client, tripwire };
};

/** A Status as the API server sends it. */
export const status = (code: number, reason: string, more: object = {}): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  code,
  reason,
  ...more,
});
