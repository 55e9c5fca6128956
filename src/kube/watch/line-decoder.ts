const newline = 0x0a;

/** An object is at most a few megabytes; a longer line is not one. */
const longestLineBytes = 32 * 1024 * 1024;

/**
 * Cuts a stream of bytes into lines. Cutting bytes before they become text keeps characters whole wherever a chunk ends,
 * and only a line that spans chunks is copied.
 */
export class LineDecoder {
  #parts: Buffer[] = [];
  #partBytes = 0;

  /** Whether a line has begun and not ended. */
  get midLine(): boolean {
    return this.#partBytes > 0;
  }

  /** The lines that end in `chunk`, without empty ones. Throws if a line grows beyond reason. */
  *push(chunk: Uint8Array): Generator<string, void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, start)) {
      const line = this.#finish(bytes, start, end);
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start < bytes.length) this.#keep(bytes.subarray(start));
  }

  #keep(part: Buffer): void {
    this.#parts.push(part);
    this.#partBytes += part.length;
    if (this.#partBytes > longestLineBytes) throw new Error(`a line of more than ${longestLineBytes} bytes`);
  }

  #finish(bytes: Buffer, start: number, end: number): string {
    if (this.#partBytes === 0) return bytes.toString('utf8', start, end);
    const whole = Buffer.concat([...this.#parts, bytes.subarray(start, end)]);
    this.#parts = [];
    this.#partBytes = 0;
    return whole.toString('utf8');
  }
}
