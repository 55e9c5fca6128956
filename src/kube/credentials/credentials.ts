import type { Clock } from '../../host/clock.ts';
import type { Log } from '../../host/log.ts';

/** What a connection to the API server needs, at one moment. */
export interface Credentials {
  /** `https://host:port` with an optional base path. `http:` only for loopback. */
  readonly server: string;
  readonly tls: TlsOptions;
  /** Whole value of the Authorization header. */
  readonly authorization?: string;
}

export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  /** The server's certificate is not checked. Loading such credentials logs a warning. */
  readonly insecure?: boolean;
}

/** Credentials that may change while the process runs: token files rotate, exec plugins renew. */
export interface CredentialSource {
  current(): Promise<Credentials>;
  /** Reads them again, because the server refused the present ones or its certificate is not trusted. */
  renew(): Promise<Credentials>;
}

/** Projected tokens are replaced at four fifths of their life, of ten minutes at least: reading each minute is soon enough. */
const maxAgeMs = 60_000;

/** Keeps what `load` read for a minute. Once something was read, a failure to read again keeps it and is logged. */
export class ReloadedCredentials implements CredentialSource {
  readonly #load: () => Promise<Credentials>;
  readonly #clock: Clock;
  readonly #log: Log;
  #present: Credentials | undefined;
  #readAtMs = 0;
  #reading: Promise<Credentials> | undefined;

  constructor(load: () => Promise<Credentials>, clock: Clock, log: Log) {
    this.#load = load;
    this.#clock = clock;
    this.#log = log;
  }

  current(): Promise<Credentials> {
    const present = this.#present;
    const fresh = this.#clock.monotonic() - this.#readAtMs < maxAgeMs;
    return present && fresh ? Promise.resolve(present) : this.renew();
  }

  renew(): Promise<Credentials> {
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<Credentials> {
    const before = this.#present;
    try {
      this.#present = await this.#load();
    } catch (error) {
      if (!before) throw error;
      this.#log.warn(
        { error: error instanceof Error ? error.message : 'unknown' },
        'credentials kept: cannot read them',
      );
    }
    this.#readAtMs = this.#clock.monotonic();
    if (!this.#present) throw new Error('no credentials');
    if (this.#present.tls.insecure && !before?.tls.insecure) {
      this.#log.warn({ server: this.#present.server }, 'the certificate of the API server is not checked');
    }
    return this.#present;
  }
}
