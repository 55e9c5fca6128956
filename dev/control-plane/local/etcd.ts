import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EtcdSnapshot } from '../types.ts';
import { Child, type ChildOptions } from './child.ts';
import type { Folders } from './folders.ts';

const graceMs = 5000;

/** The storage, and what can happen to storage. */
export class Etcd {
  readonly #options: ChildOptions;
  readonly #folders: Folders;
  #child: Child;

  constructor(options: ChildOptions, folders: Folders) {
    this.#options = options;
    this.#folders = folders;
    this.#child = new Child(options);
  }

  get child(): Child {
    return this.#child;
  }

  freeze(): void {
    this.#child.signal('SIGSTOP');
  }

  thaw(): void {
    this.#child.signal('SIGCONT');
  }

  stop(): Promise<void> {
    return this.#child.stop(graceMs);
  }

  /** Copies the files of a frozen etcd: what it would find after a crash at this moment, which it can read. */
  async snapshot(): Promise<EtcdSnapshot> {
    const folder = await mkdtemp(join(this.#folders.run, 'snapshot-'));
    this.freeze();
    try {
      await cp(this.#folders.etcdData, folder, { recursive: true });
    } finally {
      this.thaw();
    }
    return { folder };
  }

  async restore({ folder }: EtcdSnapshot): Promise<void> {
    // At once: what it would still write goes away anyway, and politely it would wait for the API server's watches.
    await this.#child.stop(0);
    await rm(this.#folders.etcdData, { recursive: true });
    await cp(folder, this.#folders.etcdData, { recursive: true });
    this.#child = new Child(this.#options);
  }
}
