import type { Connection, OpenStream } from './connection.ts';
import { Lines } from './lines.ts';

interface Versioned {
  readonly metadata: { readonly resourceVersion: string };
}

/** The version of a collection now, from where to watch on. */
const versionNow = async (connection: Connection, path: string): Promise<string> =>
  (await connection.get<Versioned>(`${path}?limit=1`)).metadata.resourceVersion;

export interface WatchOptions {
  readonly path: string;
  /** Beginning with `&`. */
  readonly query?: string;
  readonly accept?: string;
  readonly onLine: (line: Buffer) => void;
}

/** A watch without bookmarks from now on: one line, one change. A busy server cuts watches, so it is resumed after the last line. */
export class Watch {
  readonly #connection: Connection;
  readonly #options: WatchOptions;
  #version: string;
  #lastLine: Buffer | undefined;
  #stream: OpenStream | undefined;
  #closed = false;
  #following: Promise<void> = Promise.resolve();
  resumptions = 0;

  private constructor(connection: Connection, options: WatchOptions, version: string) {
    this.#connection = connection;
    this.#options = options;
    this.#version = version;
  }

  static async open(connection: Connection, options: WatchOptions): Promise<Watch> {
    const watch = new Watch(connection, options, await versionNow(connection, options.path));
    const stream = await watch.#open();
    watch.#following = watch.#follow(stream);
    return watch;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stream?.close();
    await this.#following;
  }

  async #open(): Promise<OpenStream> {
    const { path, query = '', accept, onLine } = this.#options;
    const lines = new Lines((line) => {
      this.#lastLine = line;
      onLine(line);
    });
    const url = `${path}?watch=true&resourceVersion=${this.#version}&timeoutSeconds=3600${query}`;
    this.#stream = await this.#connection.stream(url, (chunk) => lines.push(chunk), accept);
    return this.#stream;
  }

  async #follow(first: OpenStream): Promise<void> {
    for (let stream = first; ; stream = await this.#open()) {
      await stream.ended.catch(() => undefined);
      if (this.#closed) return;
      this.resumptions += 1;
      if (this.#lastLine) this.#version = versionOf(this.#lastLine);
    }
  }
}

const versionOf = (line: Buffer): string => {
  const { type, object } = JSON.parse(line.toString('utf8')) as { readonly type: string; readonly object: Versioned };
  if (type === 'ERROR') throw new Error(`a watch of the bench's own failed: ${line.toString('utf8').slice(0, 400)}`);
  return object.metadata.resourceVersion;
};
