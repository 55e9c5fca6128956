import { accountKind, apiVersion } from '../../src/api/names.ts';
import { Connection, type Endpoint } from '../raw-client/connection.ts';
import { accountObject, accountsPath, platformObject, platformsPath } from '../raw-client/objects.ts';
import { inFlight } from '../support/in-flight.ts';

const concurrency = 32;

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
    await this.#send('POST', platformsPath(this.#namespace), platformObject(this.#namespace));
    await this.#each(accounts, (name) => {
      const account = { name, address: `${name}@example.com` };
      return this.#send('POST', accountsPath(this.#namespace), accountObject(this.#namespace, account));
    });
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
    const path = `${accountsPath(this.#namespace)}/${name}?fieldManager=exchange2fa-suspension&force=true`;
    const metadata = { name, namespace: this.#namespace };
    await this.#send(
      'PATCH',
      path,
      { apiVersion, kind: accountKind, metadata, ...more },
      'application/apply-patch+yaml',
    );
  }

  async #send(method: 'POST' | 'PATCH', path: string, body: object, contentType = 'application/json'): Promise<void> {
    JSON.parse(await this.#connection.ask({ method, path, body: JSON.stringify(body), contentType }));
  }

  async #each(accounts: number, work: (name: string) => Promise<void>): Promise<number> {
    const names = Array.from({ length: accounts }, (_, index) => `account-${index}`);
    const beganMs = performance.now();
    await inFlight(names, concurrency, work);
    return performance.now() - beganMs;
  }
}
