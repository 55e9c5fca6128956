import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { monotonicMs } from './instants.ts';
import { listeningAddress, mustRun } from './listening.ts';
import { memoryOf, type MemoryReading } from './machine.ts';
import { valueOf } from './metrics.ts';
import { environmentOf, flagsOf, type Tuning } from './tunings.ts';

export interface OperatorOptions {
  readonly file: string;
  readonly tunings: readonly Tuning[];
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly concurrency: number;
  readonly folder: string;
}

/** Often enough for times of a second, and not so often that answering makes them longer. */
const askMs = 10;

let started = 0;

/** The operator as a process of its own, as it runs in production. Its log goes to a file, where it costs us nothing. */
export class OperatorProcess {
  readonly spawnedMs: number;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #agent = new Agent({ connections: 2 });
  #address: string | undefined;

  constructor({ file, tunings, kubeconfig, namespace, concurrency, folder }: OperatorOptions) {
    this.logFile = join(folder, `operator-${++started}.log`);
    const log = openSync(this.logFile, 'w');
    const args = [
      ...flagsOf(tunings),
      file,
      ...['--kubeconfig', kubeconfig, '--namespaces', namespace, '--concurrency', String(concurrency)],
    ];
    this.spawnedMs = monotonicMs();
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', log, log],
      env: { ...process.env, ...environmentOf(tunings) },
    });
  }

  /** At once, and whatever it is doing. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  memory(): MemoryReading {
    return memoryOf(this.pid);
  }

  /** When /readyz first said yes, asked every few milliseconds. */
  async ready(): Promise<number> {
    await this.#listening();
    for (;;) {
      const { statusCode, body } = await request(`${await this.#listening()}/readyz`, { dispatcher: this.#agent });
      await body.dump();
      if (statusCode === 200) return monotonicMs();
      mustRun(this.#child, this.logFile);
      await sleep(askMs);
    }
  }

  async metrics(): Promise<string> {
    const { body } = await request(`${await this.#listening()}/metrics`, { dispatcher: this.#agent });
    return body.text();
  }

  /** CPU time of the whole process since its start, user and system. */
  async cpuMs(): Promise<number> {
    return valueOf(await this.metrics(), 'process_cpu_seconds_total') * 1000;
  }

  async stop(): Promise<void> {
    await this.#agent.destroy();
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    await once(this.#child, 'exit');
  }

  async #listening(): Promise<string> {
    this.#address ??= await listeningAddress(this.#child, this.logFile);
    return this.#address;
  }
}
