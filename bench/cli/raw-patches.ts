import { Connection, type Endpoint } from '../raw-client/connection.ts';

const concurrency = 32;
const platform = 'bench';

/** The floor: the same patches, by a client that knows nothing else. */
export class RawPatches {
  readonly #connection: Connection;
  readonly #namespace: string;

  constructor(endpoint: Endpoint, namespace: string) {
    this.#connection = new Connection(endpoint);
    this.#namespace = namespace;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  /** A namespace with one platform and so many accounts. */
  async prepare(accounts: number): Promise<void> {
    await this.#send('POST', '/api/v1/namespaces', { metadata: { name: this.#namespace } });
    const spec = { issuer: 'Bench', twoFactor: { state: 'Enabled', accountDefault: 'Enabled' } };
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

  async #send(method: 'POST' | 'PATCH', path: string, body: object, contentType = 'application/json'): Promise<void> {
    JSON.parse(await this.#connection.ask({ method, path, body: JSON.stringify(body), contentType }));
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
