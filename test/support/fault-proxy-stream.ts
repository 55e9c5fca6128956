import type { ServerResponse } from 'node:http';
import { LineDecoder } from '../../src/kube/watch/line-decoder.ts';
import type { StreamAct } from './fault-proxy-rules.ts';

const isObjectEvent = (line: string): boolean => /^\{"type":"(ADDED|MODIFIED|DELETED)"/.test(line);

const objectOf = (line: string): string => {
  const { object } = JSON.parse(line) as { object?: { metadata?: { namespace?: string; name?: string } } };
  return `${object?.metadata?.namespace ?? ''}/${object?.metadata?.name ?? ''}`;
};

/** Keeps the place of the last event of each object, and everything that is not an event. */
const lastOfEach = (lines: readonly string[]): string[] => {
  const last = new Map<string, string>();
  for (const line of lines) if (isObjectEvent(line)) last.set(objectOf(line), line);
  return lines.filter((line) => !isObjectEvent(line) || last.get(objectOf(line)) === line);
};

/** Passes the lines of one watch on, with its fault. */
export class FaultyStream {
  readonly #act: StreamAct;
  readonly #response: ServerResponse;
  readonly #lines = new LineDecoder();
  readonly #told: string[] = [];
  #events = 0;
  #held: string[] | undefined;
  #swapped: string | undefined;
  #over = false;
  #ended = false;

  constructor(act: StreamAct, response: ServerResponse, released: Promise<unknown>) {
    this.#act = act;
    this.#response = response;
    if (this.#isDue() && !this.#midLine) this.#interrupt();
    if (act.do !== 'hold-events') return;
    this.#held = [];
    void released.then(() => {
      const held = this.#held ?? [];
      this.#held = undefined;
      for (const line of act.lastOnly ? lastOfEach(held) : held) this.#send(line);
      if (this.#ended) this.#response.end();
    });
  }

  push(chunk: Buffer): void {
    for (const line of this.#lines.push(chunk)) if (!this.#over) this.#onLine(line);
  }

  /** The API server has ended the watch. */
  end(): void {
    this.#ended = true;
    const stalled = this.#act.do === 'stall' && this.#over;
    if (!this.#held && !stalled) this.#response.end();
  }

  #onLine(line: string): void {
    if (this.#held) {
      this.#held.push(line);
      return;
    }
    const event = isObjectEvent(line);
    if (this.#isDue() && this.#midLine) {
      this.#response.write(line.slice(0, line.length / 2));
      this.#interrupt();
    }
    if (this.#over) return;
    if (event) this.#events += 1;
    for (const out of this.#transform(line)) this.#send(out);
    if (this.#isDue() && !this.#midLine) this.#interrupt();
  }

  get #midLine(): boolean {
    return this.#act.do === 'cut' && this.#act.midLine === true;
  }

  /** Whether the moment of a cut or a stall has come. */
  #isDue(): boolean {
    const act = this.#act;
    return (act.do === 'cut' || act.do === 'stall') && this.#events >= act.afterEvents;
  }

  #interrupt(): void {
    this.#over = true;
    if (this.#act.do !== 'cut') return;
    if (this.#act.clean) this.#response.end();
    // What was written still arrives, and then the connection ends in the middle of the answer.
    else this.#response.socket?.destroySoon();
  }

  #transform(line: string): readonly string[] {
    const act = this.#act;
    const event = isObjectEvent(line);
    if (event) this.#told.push(line);
    if (act.do === 'drop-events') return act.drop(line) ? [] : [line];
    if (act.do === 'dup' && event) return [line, line];
    if (act.do === 'replay-events' && event && this.#events === act.atEvent) return [line, ...this.#told];
    if (act.do === 'swap-events' && event && this.#events === act.atEvent) {
      this.#swapped = line;
      return [];
    }
    const first = this.#swapped;
    this.#swapped = undefined;
    if (first === undefined) return [line];
    // A bookmark says that all before it has been told.
    return event ? [line, first] : [first, line];
  }

  #send(line: string): void {
    if (this.#response.writableEnded) return;
    const bytes = Buffer.from(`${line}\n`, 'utf8');
    const pieces = this.#act.do === 'split' ? [...bytes].map((byte) => Buffer.of(byte)) : [bytes];
    for (const piece of pieces) this.#response.write(piece);
  }
}
