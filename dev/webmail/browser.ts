/** A page as it came. */
export interface SeenPage {
  readonly url: URL;
  readonly status: number;
  readonly title: string;
  readonly body: string;
}

const longestWay = 10;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescape = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name] ?? '');

const attribute = (markup: string, name: string): string =>
  unescape(new RegExp(`\\s${name}="([^"]*)"`).exec(markup)?.[1] ?? '');

/** What a page's form sends by itself. */
const hiddenFields = (body: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (body.match(/<input type="hidden"[^>]*>/g) ?? []).map((input) => [
      attribute(input, 'name'),
      attribute(input, 'value'),
    ]),
  );

/** Where a page's links lead that begin so. */
export const linkIn = ({ body }: SeenPage, beginning: string): string | undefined =>
  (body.match(/<a\s[^>]*>/g) ?? []).map((link) => attribute(link, 'href')).find((href) => href.startsWith(beginning));

/** A browser without a screen and without scripts: keeps cookies by host, follows redirects, sends forms. */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  #page: SeenPage | undefined;

  get page(): SeenPage {
    if (!this.#page) throw new Error('the browser has opened no page');
    return this.#page;
  }

  async open(url: string): Promise<SeenPage> {
    return this.#go(new URL(url), {});
  }

  /** Sends the page's form with what is typed into it, as its button does. */
  async submit(typed: Readonly<Record<string, string>> = {}): Promise<SeenPage> {
    const { body, url } = this.page;
    const [form] = body.match(/<form\s[^>]*>/) ?? [];
    if (form === undefined) throw new Error(`"${this.page.title}" has no form`);
    const fields = new URLSearchParams({ ...hiddenFields(body), ...typed });
    return this.#go(new URL(attribute(form, 'action'), url), { method: 'POST', body: fields });
  }

  async #go(url: URL, first: RequestInit): Promise<SeenPage> {
    let [next, init] = [url, first];
    for (let hop = 0; hop < longestWay; hop += 1) {
      const answer = await fetch(next, { ...init, redirect: 'manual', headers: { cookie: this.#cookiesFor(next) } });
      this.#keep(next, answer.headers.getSetCookie());
      const location = answer.headers.get('location');
      const body = await answer.text();
      if (location === null) {
        const title = unescape(/<title>([^<]*)<\/title>/.exec(body)?.[1] ?? '');
        return (this.#page = { url: next, status: answer.status, title, body });
      }
      [next, init] = [new URL(location, next), {}];
    }
    throw new Error(`more than ${longestWay} redirects, to ${next.origin}${next.pathname}`);
  }

  #cookiesFor({ host }: URL): string {
    return [...(this.#cookies.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep({ host }: URL, set: readonly string[]): void {
    const kept = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, kept);
    for (const cookie of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '' || /;\s*max-age=0/i.test(cookie)) kept.delete(name);
      else kept.set(name, value);
    }
  }
}
