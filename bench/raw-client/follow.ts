import type { Connection } from './connection.ts';
import { accountsPath } from './objects.ts';
import { Watch } from './watch.ts';
import { enroll, seen } from './writes.ts';

const added = Buffer.from('{"type":"ADDED"');

interface AddedEvent {
  readonly object: Parameters<typeof seen>[0];
}

/** Watches accounts and enrols each new one, first come, first served. */
export class Follower {
  readonly #connection: Connection;
  readonly #namespace: string;
  readonly #inFlight: number;
  readonly #waiting: Buffer[] = [];
  readonly #failed = Promise.withResolvers<never>();
  #watch: Watch | undefined;
  #running = 0;
  enrolled = 0;

  constructor(connection: Connection, namespace: string, inFlight: number) {
    this.#connection = connection;
    this.#namespace = namespace;
    this.#inFlight = inFlight;
  }

  async open(): Promise<void> {
    this.#watch = await Watch.open(this.#connection, {
      path: accountsPath(this.#namespace),
      onLine: (line) => {
        // Its own status writes come back as MODIFIED.
        if (added.compare(line, 0, added.length) !== 0) return;
        this.#waiting.push(line);
        this.#start();
      },
    });
  }

  /** Rejects when a write failed. */
  get failure(): Promise<never> {
    return this.#failed.promise;
  }

  close(): Promise<void> {
    return this.#watch?.close() ?? Promise.resolve();
  }

  #start(): void {
    while (this.#running < this.#inFlight) {
      const line = this.#waiting.shift();
      if (!line) return;
      this.#running += 1;
      const { object } = JSON.parse(line.toString('utf8')) as AddedEvent;
      enroll(this.#connection, this.#namespace, seen(object)).then(() => this.#finish(), this.#failed.reject);
    }
  }

  #finish(): void {
    this.#running -= 1;
    this.enrolled += 1;
    this.#start();
  }
}
