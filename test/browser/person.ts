import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import type { BrowserContextOptions, BrowserContext, Locator, Page } from 'playwright-core';
import { codeAt } from '../../src/totp/code.ts';
import { until } from '../support/scenario-cluster.ts';
import { account, type Stage } from './stage.ts';

/** A phone with an authenticator app. */
export class Phone {
  seed = '';
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Reads the QR code off the screen, from the picture alone. Answers what it says. */
  async scan(page: Page): Promise<string> {
    const { data, width, height } = PNG.sync.read(await page.screenshot({ fullPage: true }));
    const found = jsqr.default(new Uint8ClampedArray(data), width, height);
    if (!found) throw new Error('there is no QR code that can be read on the screen');
    this.seed = new URL(found.data).searchParams.get('secret') ?? '';
    return found.data;
  }

  /** The code that it shows, or showed or will show so many steps of 30 s away. */
  code(steps = 0): string {
    const parameters = { algorithm: 'SHA1', digits: 6, periodSeconds: 30 } as const;
    return codeAt(this.seed, parameters, this.#stage.clock.now() + steps * 30_000);
  }

  /** One that is not right within minutes. */
  wrongCode(): string {
    const near = new Set(Array.from({ length: 41 }, (_, index) => this.code(index - 20)));
    let code = 0;
    while (near.has(String(code).padStart(6, '0'))) code += 1;
    return String(code).padStart(6, '0');
  }
}

/** A person at a browser of their own. What the page complains about to its console is kept. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function personAt({ browser }: Stage, options: BrowserContextOptions = {}): Promise<Person> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const complaints: string[] = [];
  context.on('console', (message) => {
    // Chromium logs each answer that is no success; those are meant.
    const isStatus = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isStatus) complaints.push(message.text());
  });
  return { context, page: await context.newPage(), complaints };
}

/** Types the password at the webmail; what follows is the login service's page, or the inbox. */
export async function signIn({ webmail }: Stage, page: Page, address: string): Promise<void> {
  await page.goto(webmail);
  await page.getByLabel('Mail address').fill(address);
  await press(page, page.getByRole('button', { name: 'Sign in' }));
}

/** Presses what leads to another page, and waits for the one after all those that submit themselves. */
export async function press(page: Page, what: Locator): Promise<void> {
  const next = page.waitForEvent('framenavigated');
  await what.click();
  await next;
  await until('a page that stays', async () => (await isSettled(page)) === true);
}

const isSettled = async (page: Page): Promise<unknown> => {
  try {
    return await page.evaluate(`document.readyState === 'complete' && !document.querySelector('script')`);
  } catch {
    // It navigates at this very moment.
    return false;
  }
};

export async function type(page: Page, code: string): Promise<void> {
  await page.locator('#code').fill(code);
  await press(page, page.locator('form button'));
}

/** The first login with a phone; afterwards the page is the inbox. */
export async function enroll(stage: Stage, page: Page, address: string): Promise<Phone> {
  const phone = new Phone(stage);
  await signIn(stage, page, address);
  await phone.scan(page);
  await type(page, phone.code());
  return phone;
}

/** Somebody who enrolled a while ago, and has signed out. */
export async function enrolled(stage: Stage, name: string): Promise<{ owner: Person; phone: Phone; address: string }> {
  const address = await account(stage, name);
  const owner = await personAt(stage);
  const phone = await enroll(stage, owner.page, address);
  await press(owner.page, owner.page.getByRole('button', { name: 'Sign out' }));
  // The code of the first login is spent, and so is the one after it, which a fast clock may have shown.
  stage.clock.forward(60_000);
  return { owner, phone, address };
}

export const heading = async (page: Page): Promise<string> => (await page.locator('h1').textContent()) ?? '';
export const said = async (page: Page): Promise<string> => await page.locator('main').innerText();
export const alerted = async (page: Page): Promise<string> => await page.getByRole('alert').innerText();
