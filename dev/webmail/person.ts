import { Browser, linkIn, type SeenPage } from './browser.ts';
import { demoPassword } from './demo-values.ts';

/** Where somebody stands after the password, or after a code. */
export type Met =
  | { readonly kind: 'inbox'; readonly said: string }
  | { readonly kind: 'enroll'; readonly otpauthUri: string }
  | { readonly kind: 'code' }
  | { readonly kind: 'refused'; readonly said: string };

/** Pages that submit themselves come one or two after another. */
const mostPressed = 5;
const submitsItself = ({ body }: SeenPage): boolean => body.includes('document.forms[0].submit()');

const text = (markup: string): string =>
  markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Somebody at a browser, who signs in at the demonstration webmail and goes wherever that leads. */
export class Person {
  readonly #browser = new Browser();
  readonly #webmail: string;

  constructor(webmail: string) {
    this.#webmail = webmail;
  }

  /** Types the password, anew also where somebody is signed in already. */
  async signIn(address: string): Promise<Met> {
    const { title } = await this.#browser.open(this.#webmail);
    if (title.startsWith('Inbox')) await this.#browser.submit();
    await this.#browser.submit({ address, password: demoPassword });
    return this.#pressOn();
  }

  /** Types a code into the page that is there. */
  async typeCode(code: string): Promise<Met> {
    await this.#browser.submit({ code });
    return this.#pressOn();
  }

  /** Presses the button of each page that only takes the browser on. */
  async #pressOn(): Promise<Met> {
    for (let pressed = 0; pressed < mostPressed && submitsItself(this.#browser.page); pressed += 1)
      await this.#browser.submit();
    return this.#met();
  }

  #met(): Met {
    const { page } = this.#browser;
    const otpauthUri = linkIn(page, 'otpauth:');
    if (otpauthUri !== undefined) return { kind: 'enroll', otpauthUri };
    if (page.body.includes('name="code"')) return { kind: 'code' };
    const said = text(/<dt>Second factor<\/dt>\s*<dd>(.*?)<\/dd>/s.exec(page.body)?.[1] ?? '');
    return page.title.startsWith('Inbox') ? { kind: 'inbox', said } : { kind: 'refused', said: page.title };
  }
}
