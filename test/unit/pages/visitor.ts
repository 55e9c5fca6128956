import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { authorizeForm } from './asking.ts';
import type { Site } from './site.ts';

/** A browser without a screen: keeps cookies, and fills in forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #app: FastifyInstance;
  readonly #headers: Readonly<Record<string, string>>;
  address = '';
  last!: LightMyRequestResponse;

  constructor({ app }: Pick<Site, 'app'>, headers: Readonly<Record<string, string>> = {}) {
    this.#app = app;
    this.#headers = headers;
  }

  async get(url: string): Promise<LightMyRequestResponse> {
    return this.#send({ method: 'GET', url, headers: this.#cookie });
  }

  async post(url: string, form: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    const payload = new URLSearchParams(form).toString();
    return this.#send({
      method: 'POST',
      url,
      payload,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        ...(!url.endsWith('/authorize') && this.#cookie),
      },
    });
  }

  /** SameSite=Lax: not with the form of another site, but with the redirect that answers it. */
  get #cookie(): Readonly<Record<string, string>> {
    return { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  /** Comes from the relying party; follows to the page of its session. */
  async arrive(more: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
    await this.post('/authorize', await authorizeForm(more));
    return this.follow();
  }

  async follow(): Promise<LightMyRequestResponse> {
    const { location } = this.last.headers;
    if (this.last.statusCode !== 303 || typeof location !== 'string') {
      throw new Error(`no redirect: ${this.last.statusCode} ${this.last.body.slice(0, 2000)}`);
    }
    this.address = location;
    return this.get(location);
  }

  /** Submits the page's own form with what is typed into it. */
  async submit(typed: Readonly<Record<string, string>>): Promise<LightMyRequestResponse> {
    const action = /<form method="post" action="([^"]+)"/.exec(this.last.body)?.[1] ?? '';
    return this.post(action, { ...hiddenFields(this.last.body), ...typed });
  }

  async #send(options: {
    readonly method: 'GET' | 'POST';
    readonly url: string;
    readonly payload?: string;
    readonly headers?: Readonly<Record<string, string>>;
  }): Promise<LightMyRequestResponse> {
    this.last = await this.#app.inject({ ...options, headers: { ...options.headers, ...this.#headers } });
    for (const { name, value, maxAge } of this.last.cookies as { name: string; value: string; maxAge?: number }[]) {
      if (value === '' || maxAge === 0) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return this.last;
  }
}

export const hiddenFields = (body: string): Record<string, string> =>
  Object.fromEntries(
    [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

export const titleOf = ({ body }: LightMyRequestResponse): string => /<title>([^<]*)<\/title>/.exec(body)?.[1] ?? '';
