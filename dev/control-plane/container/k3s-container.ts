import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { K3sContainer } from '@testcontainers/k3s';
import type { ContainerChoice } from '../types.ts';
import type { EngineAddress } from './engine.ts';

/** K3s as testcontainers starts it, but open to this machine only, and removed even if this process is killed. */
export class LoopbackK3s extends K3sContainer {
  readonly #engine: EngineAddress;
  #closeGuard: () => void = () => undefined;

  constructor({ image, privileged }: ContainerChoice, engine: EngineAddress) {
    super(image);
    this.#engine = engine;
    this.hostConfig.Privileged = privileged;
    // A guard of our own instead of testcontainers' reaper, which is one more image to fetch.
    this.autoCleanup = false;
    for (const bindings of Object.values(this.hostConfig.PortBindings as PortBindings)) {
      for (const binding of bindings) binding.HostIp = '127.0.0.1';
    }
  }

  /** Lets the guard remove the container, if there is one. */
  discard(): void {
    this.#closeGuard();
  }

  protected override containerCreated(id: string): Promise<void> {
    const guard = spawn(process.execPath, [join(import.meta.dirname, 'guard/main.ts'), this.#engine, id], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.on('error', () => undefined);
    guard.stdin.on('error', () => undefined);
    guard.unref();
    this.#closeGuard = () => guard.stdin.end();
    return Promise.resolve();
  }
}

type PortBindings = Record<string, { HostIp?: string; HostPort?: string }[]>;
