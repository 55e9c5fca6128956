import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const program = join(import.meta.dirname, '../../src/operator/main.ts');
const startTimeoutMs = 30_000;

export interface OperatorOptions {
  readonly kubeconfig: string;
  readonly flags: readonly string[];
  /** Who holds the Lease. */
  readonly podName: string;
}

/** The operator as a process of this machine: what it says, how it ends. */
export class OperatorProcess {
  /** Each line of standard output and standard error. */
  readonly lines: string[] = [];
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #process: ChildProcess;
  readonly #listening: Promise<string>;
  #address = '';
  #hasEnded = false;

  constructor({ kubeconfig, flags, podName }: OperatorOptions) {
    this.#process = spawn(process.execPath, [program, '--kubeconfig', kubeconfig, ...flags], {
      env: { PATH: process.env['PATH'], POD_NAME: podName },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const killWithUs = (): void => void this.#process.kill('SIGKILL');
    process.once('exit', killWithUs);
    this.ended = once(this.#process, 'close').then(([code, signal]: unknown[]) => {
      process.off('exit', killWithUs);
      this.#hasEnded = true;
      return (code ?? signal) as number | string;
    });
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#listening = promise;
    for (const stream of [this.#process.stdout, this.#process.stderr]) this.#listenTo(stream, resolve);
  }

  /** Resolves once it serves its own health; it says so a little later than it begins to work. */
  async listening(): Promise<void> {
    const late = AbortSignal.timeout(startTimeoutMs);
    const address = await Promise.race([this.#listening, this.ended, once(late, 'abort')]);
    if (typeof address !== 'string' || !address.startsWith('http')) {
      this.signal('SIGKILL');
      throw new Error(`the operator did not start; it said:\n${this.last(20)}`);
    }
    this.#address = address;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it as a rolling update does; resolves with its exit code. */
  stop(): Promise<number | string> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    return this.ended;
  }

  /** Ends it as a power failure does. */
  async crash(): Promise<void> {
    this.signal('SIGKILL');
    await this.ended;
  }

  /** Of `/healthz`, `/readyz`, `/metrics`; undefined if it does not answer. */
  async ask(path: string): Promise<{ readonly status: number; readonly text: string } | undefined> {
    try {
      const response = await fetch(this.#address + path);
      return { status: response.status, text: await response.text() };
    } catch {
      return undefined;
    }
  }

  async isReady(): Promise<boolean> {
    return (await this.ask('/readyz'))?.status === 200;
  }

  /** What anybody on the machine may see of it: arguments, and its own user's environment. */
  visible(): string {
    const folder = `/proc/${this.pid}`;
    if (this.#hasEnded || !existsSync(folder)) return '';
    return ['cmdline', 'environ'].map((file) => readFileSync(join(folder, file), 'utf8')).join('\0');
  }

  /** The last lines, of those that name `about` if it is given. */
  last(count: number, about = ''): string {
    return this.lines
      .filter((line) => line.includes(about))
      .slice(-count)
      .map((line) => line.slice(0, 500))
      .join('\n');
  }

  #listenTo(stream: Readable | null, onListening: (address: string) => void): void {
    if (!stream) return;
    createInterface({ input: stream }).on('line', (line) => {
      this.lines.push(line);
      const address = /"address":"(http:[^"]+)"/.exec(line)?.[1];
      if (address !== undefined) onListening(address);
    });
  }
}
