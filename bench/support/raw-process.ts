import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Endpoint } from '../raw-client/connection.ts';
import type { FromRawClient, Job, Outcome, ToRawClient } from '../raw-client/jobs.ts';
import { monotonicMs } from './instants.ts';

const program = join(import.meta.dirname, '../raw-client/main.ts');

/** The raw client at work on one job. */
export class RawProcess {
  readonly spawnedMs = monotonicMs();
  /** A follower watches now. */
  readonly ready: Promise<undefined>;
  readonly done: Promise<Outcome>;
  readonly #child: ChildProcess;

  constructor(endpoint: Endpoint, job: Job) {
    this.#child = fork(program, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const ready = Promise.withResolvers<undefined>();
    const done = Promise.withResolvers<Outcome>();
    this.#child.on('message', (message) => {
      const said = message as FromRawClient;
      if (said.kind === 'ready') ready.resolve(undefined);
      if (said.kind === 'done') done.resolve(said.outcome);
      if (said.kind === 'failed') done.reject(new Error(`raw client: ${said.text}`));
    });
    this.#child.once('exit', (code) => done.reject(new Error(`the raw client ended with ${String(code)}`)));
    // Whoever waits for readiness learns of a failure too.
    done.promise.catch(ready.reject);
    ready.promise.catch(() => undefined);
    [this.ready, this.done] = [ready.promise, done.promise];
    this.#tell({ kind: 'order', order: { endpoint, job } });
  }

  /** Ends a follower. */
  stop(): Promise<Outcome> {
    this.#tell({ kind: 'stop' });
    return this.done;
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }

  #tell(message: ToRawClient): void {
    this.#child.send(message);
  }
}
