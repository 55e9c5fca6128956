import type { Connection } from '../raw-client/connection.ts';
import { accountsPath, secretsPath } from '../raw-client/objects.ts';
import { Watch } from '../raw-client/watch.ts';
import { metadataOnly } from '../raw-client/connection.ts';
import { monotonicMs } from './instants.ts';

/** Longer than any pause in the middle of the work, so that nothing comes after it. */
const quietMs = 1_500;
const pollMs = 20;

/**
 * Sees when the first Secret and the last status of a namespace are written, the same way for the operator and the raw
 * client. It counts lines and parses none, to leave the machine to those who are measured.
 */
export class StatusObserver {
  firstSecretMs: number | undefined;
  lastChangeMs: number | undefined;
  changes = 0;
  readonly #watches: Watch[] = [];

  static async open(connection: Connection, namespace: string, query = ''): Promise<StatusObserver> {
    const observer = new StatusObserver();
    const secrets = await Watch.open(connection, {
      path: secretsPath(namespace),
      accept: metadataOnly,
      onLine: () => {
        observer.firstSecretMs ??= monotonicMs();
        // The first one is all that is wanted to know.
        setImmediate(() => void secrets.close());
      },
    });
    const accounts = await Watch.open(connection, {
      path: accountsPath(namespace),
      query,
      onLine: () => {
        observer.changes += 1;
        observer.lastChangeMs = monotonicMs();
      },
    });
    observer.#watches.push(secrets, accounts);
    return observer;
  }

  /** Waits for at least so many changes of accounts, and then until none has come for a while. */
  async settled(changes: number, timeoutMs: number): Promise<void> {
    const deadline = monotonicMs() + timeoutMs;
    while (this.changes < changes || monotonicMs() - (this.lastChangeMs ?? 0) < quietMs) {
      if (monotonicMs() > deadline)
        throw new Error(`only ${this.changes} of ${changes} changes in ${timeoutMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, pollMs));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.close()));
  }
}
