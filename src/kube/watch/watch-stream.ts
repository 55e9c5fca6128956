import type { Clock } from '../../host/clock.ts';
import { LineDecoder } from './line-decoder.ts';
import type { KubeObject } from '../client/resource.ts';
import type { RequestTraits } from '../client/status.ts';
import type { RawStream } from '../transport/transport.ts';
import { parseWatchLine, type WatchEvent } from './watch-event.ts';

/**
 * Bookmarks come about once a minute, so a stream without a byte for this long is dead: HTTP/1.1 has no ping, and a
 * connection whose other end vanished says nothing.
 */
const longestSilenceMs = 100_000;

/** How a stream ended: by the server, by us (`onEvent` said stop, or the signal), by the network, or by falling silent. */
export type StreamEnd = 'ended' | 'stopped' | 'cut' | 'silent';

export interface FollowOptions<T extends KubeObject> {
  readonly stream: RawStream;
  readonly clock: Clock;
  readonly request: RequestTraits;
  readonly signal: AbortSignal;
  /** Any byte came. */
  readonly onHeard: () => void;
  /** Returns false to stop. */
  readonly onEvent: (event: WatchEvent<T>) => boolean;
}

/** Closes a stream that falls silent; one timer however many bytes come. */
class SilenceGuard {
  silent = false;
  #heardAtMs: number;
  #cancel: () => void;
  readonly #clock: Clock;
  readonly #stream: RawStream;

  constructor(clock: Clock, stream: RawStream) {
    this.#clock = clock;
    this.#stream = stream;
    this.#heardAtMs = clock.monotonic();
    this.#cancel = this.#arm(longestSilenceMs);
  }

  heard(): void {
    this.#heardAtMs = this.#clock.monotonic();
  }

  release(): void {
    this.#cancel();
  }

  #arm(delayMs: number): () => void {
    return this.#clock.after(delayMs, () => {
      const leftMs = this.#heardAtMs + longestSilenceMs - this.#clock.monotonic();
      if (leftMs > 0) {
        this.#cancel = this.#arm(leftMs);
        return;
      }
      this.silent = true;
      this.#stream.close();
    });
  }
}

const readAll = async <T extends KubeObject>(options: FollowOptions<T>, guard: SilenceGuard): Promise<StreamEnd> => {
  const { stream, request, signal, onHeard, onEvent } = options;
  const lines = new LineDecoder();
  for await (const chunk of stream.chunks) {
    guard.heard();
    onHeard();
    for (const line of lines.push(chunk)) {
      if (signal.aborted || !onEvent(parseWatchLine<T>(line, request))) return 'stopped';
    }
  }
  return lines.midLine ? 'cut' : 'ended';
};

/** Reads a watch to its end, which it always has: it never rejects. */
export const followStream = async <T extends KubeObject>(options: FollowOptions<T>): Promise<StreamEnd> => {
  const { stream, signal, clock } = options;
  const guard = new SilenceGuard(clock, stream);
  const close = (): void => stream.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await readAll(options, guard);
  } catch {
    if (signal.aborted) return 'stopped';
    return guard.silent ? 'silent' : 'cut';
  } finally {
    guard.release();
    signal.removeEventListener('abort', close);
    stream.close();
  }
};
