import { systemClock } from '../../src/host/clock.ts';
import { silentLog } from '../../src/host/log.ts';
import { kubeconfigCredentials } from '../../src/kube/kubeconfig.ts';
import { createUndiciTransport, type UndiciTransport } from '../../src/kube/undici-transport.ts';

const concurrency = 32;
const deadlineMs = 60_000;
const platform = 'bench';

/** The floor: the same patches, by a client that knows nothing else. */
export class RawPatches {
  readonly #transport: UndiciTransport;
  readonly #namespace: string;

  constructor(kubeconfig: string, namespace: string) {
    const credentials = kubeconfigCredentials({ path: kubeconfig, clock: systemClock, log: silentLog });
    this.#transport = createUndiciTransport({ credentials, clock: systemClock });
    this.#namespace = namespace;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  /** A namespace with one platform and so many accounts. */
  async prepare(accounts: number): Promise<void> {
    await this.#send('POST', '/api/v1/namespaces', { metadata: { name: this.#namespace } });
    const spec = { issuer: 'Bench', twoFactor: { state: 'Enabled' } };
    await this.#send('POST', this.#path('exchangeplatforms'), this.#object('ExchangePlatform', platform, spec));
    await this.#each(accounts, (name) =>
      this.#send(
        'POST',
        this.#path('mailaccounts'),
        this.#object('MailAccount', name, { platformRef: { name: platform }, address: `${name}@example.com` }),
      ),
    );
  }

  /** Server-side apply of a suspension to each; how long all took, in milliseconds. */
  suspendAll(accounts: number, requestedAt: string): Promise<number> {
    const spec = { twoFactor: { suspension: { requestedAt, hours: 1 } } };
    return this.#each(accounts, (name) => this.#apply(name, { spec }));
  }

  async withdrawAll(accounts: number): Promise<void> {
    await this.#each(accounts, (name) => this.#apply(name, {}));
  }

  async #apply(name: string, more: object): Promise<void> {
    const path = `${this.#path('mailaccounts')}/${name}?fieldManager=exchange2fa-suspension&force=true`;
    await this.#send('PATCH', path, { ...this.#object('MailAccount', name), ...more }, 'application/apply-patch+yaml');
  }

  #path(plural: string): string {
    return `/apis/exchange2fa.io/v1alpha1/namespaces/${this.#namespace}/${plural}`;
  }

  #object(kind: string, name: string, spec?: object): object {
    const metadata = { name, namespace: this.#namespace };
    return { apiVersion: 'exchange2fa.io/v1alpha1', kind, metadata, ...(spec && { spec }) };
  }

  async #send(method: 'POST' | 'PATCH', path: string, body: object, type = 'application/json'): Promise<void> {
    const headers = { 'content-type': type, accept: 'application/json' };
    const answer = await this.#transport.send({ method, path, headers, body: JSON.stringify(body), deadlineMs });
    JSON.parse(answer.body);
    if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  }

  async #each(count: number, work: (name: string) => Promise<void>): Promise<number> {
    const began = performance.now();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < count) await work(`account-${next++}`);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    return performance.now() - began;
  }
}
