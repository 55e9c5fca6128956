import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Agent, request } from 'undici';
import { expectDescribed } from '../../support/openapi.ts';

const program = join(import.meta.dirname, '../../../src/login/main.ts');
const startTimeoutMs = 30_000;

export interface Answered {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One replica of the login service as a process of this machine. */
export class LoginProcess {
  readonly lines: string[] = [];
  readonly #process: ChildProcess;
  readonly #agent = new Agent();
  #address = '';
  #metrics = '';

  constructor(flags: readonly string[]) {
    this.#process = spawn(process.execPath, [program, ...flags], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    process.once('exit', () => this.#process.kill('SIGKILL'));
  }

  /** Resolves once it listens. */
  async listening(): Promise<this> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const say = (): string => this.lines.slice(-10).join('\n');
    const late = setTimeout(() => reject(new Error(`the login service did not start:\n${say()}`)), startTimeoutMs);
    this.#process.once('close', () => reject(new Error(`the login service ended:\n${say()}`)));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      if (!stream) continue;
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        if (!line.includes('"listening"')) return;
        const said = JSON.parse(line) as { readonly address: string; readonly metrics: string };
        [this.#address, this.#metrics] = [said.address, said.metrics];
        resolve(undefined);
      });
    }
    await promise.finally(() => clearTimeout(late));
    return this;
  }

  /** Where pages and API are. */
  get address(): string {
    return this.#address;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Throws if the answer is not as docs/openapi.json says. */
  async ask(
    route: 'login' | 'enroll' | 'verify',
    token: string,
    body: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const {
      statusCode,
      headers: said,
      body: answer,
    } = await request(`${this.#address}/v1/${route}`, {
      method: 'POST',
      dispatcher: this.#agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    const answered = { status: statusCode, body: (await answer.json()) as Answered['body'] };
    expectDescribed(route, { ...answered, contentType: String(said['content-type']) });
    return answered;
  }

  async figures(): Promise<string> {
    const { body } = await request(`${this.#metrics}/metrics`);
    return body.text();
  }

  /** Ends it as a rolling update does; its exit code. */
  async stop(): Promise<unknown> {
    await this.#agent.close();
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return this.#process.exitCode;
    const ended = once(this.#process, 'close');
    this.#process.kill('SIGTERM');
    const [code] = (await ended) as unknown[];
    return code;
  }
}
