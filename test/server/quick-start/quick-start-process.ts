import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import { parse } from 'yaml';

/** `npm start` as a person runs it, against the control plane that the test shares. */
export class QuickStart {
  readonly ended: Promise<number>;
  #output = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;

  constructor(...args: readonly string[]) {
    const kubeconfig = inject('kubeconfig');
    const { 'current-context': context } = parse(readFileSync(kubeconfig, 'utf8')) as { 'current-context': string };
    const command = ['dev/quick-start/main.ts', ...args, '--kubeconfig', kubeconfig, '--context', context];
    this.#child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.ended = new Promise((resolve) => this.#child.once('close', (code) => resolve(code ?? -1)));
  }

  /** All that it has said. */
  get output(): string {
    return this.#output;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** The process of one of its programs. */
  pidOf(program: 'operator' | 'login'): number {
    const { pid = 0 } = this.#child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
    const found = children.find((child) =>
      readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(`src/${program}/main.ts`),
    );
    if (found === undefined) throw new Error(`it does not run the ${program}`);
    return found;
  }

  /** Waits until it has said something; throws with its whole output if it ends before. */
  async says(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!pattern.test(this.#output)) {
      if (this.#child.exitCode !== null || performance.now() > deadline)
        throw new Error(`it never said ${pattern.source}:\n${this.#output}`);
      await sleep(100);
    }
  }
}
