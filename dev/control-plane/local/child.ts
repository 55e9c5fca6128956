import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from './guard.ts';

export interface ChildOptions {
  /** For messages. */
  readonly name: string;
  readonly command: readonly string[];
  readonly logFile: string;
  readonly guard: Guard;
}

/** One of our processes, from its start to its end. */
export class Child {
  readonly ended: Promise<string>;
  readonly #options: ChildOptions;
  readonly #process: ChildProcess;
  #ending: string | undefined;

  constructor(options: ChildOptions) {
    this.#options = options;
    this.#process = spawnLogged(options);
    const pid = this.#process.pid;
    if (pid !== undefined) options.guard.watch(pid);
    this.ended = new Promise((resolve) => {
      const settle = (how: string) => {
        this.#ending ??= how;
        if (pid !== undefined) options.guard.forget(pid);
        resolve(this.#ending);
      };
      this.#process.once('error', (error) => settle(`could not start: ${error.message}`));
      this.#process.once('exit', (code, signal) => settle(`ended with ${signal ?? `exit code ${code ?? '?'}`}`));
    });
  }

  /** How it ended; undefined while it runs. */
  get ending(): string | undefined {
    return this.#ending;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Asks it to end, and ends it when it has not within the time. */
  async stop(graceMs: number): Promise<void> {
    if (this.#ending !== undefined) return;
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const patience = new AbortController();
    const late = sleep(graceMs, undefined, { signal: patience.signal }).then(
      () => this.signal('SIGKILL'),
      () => undefined,
    );
    await this.ended;
    patience.abort();
    await late;
  }

  /** What went wrong, for a person: how it ended and the last it said. */
  account(): string {
    const state = this.#ending ?? 'runs but does not answer';
    return `${this.#options.name} ${state}. Its last words:\n${lastLines(this.#options.logFile, 12)}`;
  }
}

function spawnLogged({ name, command: [program, ...args], logFile }: ChildOptions): ChildProcess {
  if (program === undefined) throw new Error(`no program for ${name}`);
  const log = openSync(logFile, 'a', 0o600);
  try {
    // A group of its own: Ctrl-C in the terminal must not end it before we do, in order.
    return spawn(program, args, { detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
}

function lastLines(file: string, count: number): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count);
  return lines.map((line) => `    ${line.slice(0, 400)}`).join('\n');
}
