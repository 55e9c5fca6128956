import { readFile, writeFile } from 'node:fs/promises';
import type { StartOptions } from '../types.ts';
import { Child } from './child.ts';
import { readAuthority } from './credentials.ts';
import type { Etcd } from './etcd.ts';
import type { Folders } from './folders.ts';
import type { Guard } from './guard.ts';
import { apiServerCommand, metadataOnlyPolicy, type Programs } from './parts.ts';
import { choosePort } from './port.ts';
import { answers, waitFor, type Endpoint } from './ready.ts';

// It would wait for open watches to end by themselves, for as long as a minute; what counts is in etcd.
const graceMs = 2000;
const readyTimeoutMs = 90_000;

export interface ApiServerSetting {
  readonly programs: Programs;
  readonly folders: Folders;
  readonly guard: Guard;
  readonly options: StartOptions;
  readonly etcd: Etcd;
}

/** The API server: it keeps its port and its certificate over a restart. */
export class ApiServer {
  readonly #setting: ApiServerSetting;
  readonly #port: number;
  #child: Child;

  private constructor(setting: ApiServerSetting, port: number) {
    this.#setting = setting;
    this.#port = port;
    this.#child = this.#launch();
  }

  static async start(setting: ApiServerSetting): Promise<ApiServer> {
    const { folders, options } = setting;
    if (options.auditLogFile !== undefined) {
      await writeFile(folders.auditPolicy, options.auditPolicy ?? metadataOnlyPolicy, { mode: 0o600 });
    }
    return new ApiServer(setting, await choosePort(folders.port));
  }

  /** Where it listens and whom to trust, as soon as it has made its certificate. */
  async endpoint(): Promise<Endpoint> {
    const { folders } = this.#setting;
    const ca = await this.#waitFor('the certificate of the API server', () => readAuthority(folders));
    await writeFile(folders.authority, ca);
    const token = await readFile(folders.adminToken, 'utf8');
    return { server: `https://127.0.0.1:${this.#port}`, ca, token };
  }

  async waitUntilReady(): Promise<void> {
    const endpoint = await this.endpoint();
    await this.#waitFor('the API server', () => answers(endpoint, '/readyz'));
  }

  stop(): Promise<void> {
    return this.#child.stop(graceMs);
  }

  async restart(): Promise<void> {
    await this.stop();
    this.#child = this.#launch();
    await this.waitUntilReady();
  }

  #launch(): Child {
    const { programs, folders, guard, options } = this.#setting;
    const { auditLogFile, extraApiServerArgs: extra = [] } = options;
    const command = apiServerCommand(programs, folders, { port: this.#port, auditLogFile, extra });
    return new Child({ name: 'kube-apiserver', command, logFile: folders.log('kube-apiserver'), guard });
  }

  #waitFor<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
    const children = [this.#child, this.#setting.etcd.child];
    return waitFor(ask, { what, timeoutMs: readyTimeoutMs, children, signal: this.#setting.options.signal });
  }
}
