import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.ts';

const pollMs = 50;

export interface WaitOptions {
  readonly what: string;
  readonly timeoutMs: number;
  /** Waiting ends at once when one of these has ended. */
  readonly children: readonly Child[];
  readonly signal: AbortSignal | undefined;
}

/** Asks until there is an answer. */
export async function waitFor<T>(ask: () => T | undefined | Promise<T | undefined>, options: WaitOptions): Promise<T> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const dead = options.children.find((child) => child.ending !== undefined);
    if (dead !== undefined) throw new Error(`waiting for ${options.what}: ${dead.account()}`);
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) {
      const accounts = options.children.map((child) => child.account()).join('\n');
      throw new Error(`${options.what} took longer than ${options.timeoutMs / 1000} s.\n${accounts}`);
    }
    await sleep(pollMs);
  }
}

export interface Endpoint {
  readonly server: string;
  readonly ca: string;
  readonly token: string;
}

/** True where the path answers 200; undefined otherwise, for whatever reason. */
export function answers({ server, ca, token }: Endpoint, path: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const asked = request(
      new URL(path, server),
      { ca, agent: false, timeout: 2000, headers: { authorization: `Bearer ${token}` } },
      (answer) => {
        answer.resume();
        answer.once('close', () => resolve(answer.statusCode === 200 ? true : undefined));
      },
    );
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(undefined));
    asked.end();
  });
}
