import type { Dispatcher } from 'undici';
import type { Clock } from '../../host/clock.ts';
import { abortedFailure, deadlineFailure, transportFailure } from './transport-failure.ts';
import type { RawHeaders, RawRequest, RawResponse, RawStream, TransportFailure } from './transport.ts';

/**
 * What one request of either sort has in common: its deadline, the caller's signal, and whether it reached the wire.
 * Undici hands over the controller only when the request leaves its queue, so an earlier end is kept until then.
 */
abstract class Exchange<Answer> implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  protected resolve!: (answer: Answer) => void;
  protected controller: Dispatcher.DispatchController | undefined;
  #reject!: (failure: TransportFailure) => void;
  #ended: TransportFailure | undefined;
  #cancelDeadline: () => void;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.end(abortedFailure(this.sent));

  constructor(request: RawRequest, clock: Clock) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.#reject = reject;
    });
    this.#signal = request.signal;
    this.#signal?.addEventListener('abort', this.#onAbort);
    this.#cancelDeadline = clock.after(request.deadlineMs, () =>
      this.end(deadlineFailure(request.deadlineMs, this.sent)),
    );
    if (this.#signal?.aborted) this.#onAbort();
  }

  get sent(): boolean {
    return this.controller !== undefined;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) controller.abort(this.#ended);
    else this.controller = controller;
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail(transportFailure(error, this.sent));
  }

  /** The answer has begun in time: the deadline no longer applies. */
  protected clearDeadline(): void {
    this.#cancelDeadline();
  }

  protected release(): void {
    this.#cancelDeadline();
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  protected fail(failure: TransportFailure): void {
    this.release();
    this.#reject(failure);
  }

  /** Ends the exchange from our side. */
  protected end(failure: TransportFailure): void {
    if (this.#ended) return;
    this.#ended = failure;
    this.fail(failure);
    this.controller?.abort(failure);
  }
}

/** A request whose whole answer is collected. */
export class WholeExchange extends Exchange<RawResponse> {
  readonly #chunks: Buffer[] = [];
  #status = 0;
  #headers: RawHeaders = {};

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.release();
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, headers: this.#headers, body: whole.toString('utf8') });
  }
}

/** Undici is told to pause reading at this many unread bytes, so that a slow reader bounds memory, not the server. */
const highWaterBytes = 256 * 1024;

/** A request whose answer is read piece by piece. The deadline is met by its headers. */
export class StreamExchange extends Exchange<RawStream> {
  readonly #unread: Buffer[] = [];
  #unreadBytes = 0;
  #over = false;
  #failure: TransportFailure | undefined;
  #wake: (() => void) | undefined;

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    this.clearDeadline();
    this.resolve({
      status,
      headers,
      chunks: { [Symbol.asyncIterator]: () => ({ next: () => this.#next() }) },
      close: () => this.end(abortedFailure(true)),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes >= highWaterBytes) controller.pause();
    this.#wakeReader();
  }

  onResponseEnd(): void {
    this.release();
    this.#over = true;
    this.#wakeReader();
  }

  protected override fail(failure: TransportFailure): void {
    super.fail(failure);
    this.#over = true;
    this.#failure = failure;
    this.#wakeReader();
  }

  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const chunk = this.#unread.shift();
      if (chunk) {
        this.#unreadBytes -= chunk.length;
        if (this.controller?.paused && this.#unreadBytes < highWaterBytes / 2) this.controller.resume();
        return { done: false, value: chunk };
      }
      if (this.#failure) throw this.#failure;
      if (this.#over) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
