import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from './enrolment-code.ts';
import { Phone, alerted, enrol, heading, personAt, press, signIn, type } from './person.ts';
import { account, annotate, seconds, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage('browser-looks');
});
afterAll(() => stage.close());
beforeEach(() => stage.clock.back());

/** What axe-core finds wrong, rule by rule. */
const violations = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
  );
  return found as readonly string[];
};

/** SCREENSHOTS=folder keeps pictures of the pages, to be looked at. */
const folder = process.env['SCREENSHOTS'];
const keep = async (page: Page, name: string): Promise<void> => {
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
};

const isTooWide = (page: Page): Promise<unknown> =>
  page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');

const looks = [
  { name: 'wide-light', viewport: { width: 1000, height: 700 }, colorScheme: 'light', locale: 'en-GB' },
  { name: 'narrow-dark-french', viewport: { width: 320, height: 640 }, colorScheme: 'dark', locale: 'fr-CA' },
] as const;

describe.each(looks)('the pages, $name,', ({ name, ...look }) => {
  /** Everything that has to hold of each page. */
  const inspect = async (page: Page, what: string): Promise<void> => {
    await keep(page, `${what}-${name}`);
    expect(await violations(page), what).toEqual([]);
    expect(await isTooWide(page), `${what} fits`).toBe(false);
    expect(await page.locator('html').getAttribute('lang')).toBe(look.locale.slice(0, 2));
    expect(await page.locator('h1').count()).toBe(1);
  };
  const named = (who: string): string => `${who}-${name}`;

  test('of a first and a later login', async () => {
    const address = await account(stage, named('anna'));
    const { page, complaints } = await personAt(stage, look);
    const phone = new Phone(stage);
    await signIn(stage, page, address);
    await inspect(page, 'enrol');
    await page.locator('summary').click();
    await inspect(page, 'enrol-key');
    await phone.scan(page);
    await type(page, phone.wrongCode());
    await inspect(page, 'enrol-wrong');
    const other = await personAt(stage, look);
    await signIn(stage, other.page, address);
    await inspect(other.page, 'enrol-shown-before');
    await type(page, phone.code());
    expect(page.url()).toContain('/inbox');
    await inspectWebmail(page);

    await signIn(stage, other.page, address);
    await inspect(other.page, 'code');
    await other.page.locator('summary').click();
    await inspect(other.page, 'code-help');
    await type(other.page, phone.code(-3));
    await inspect(other.page, 'code-wrong');
    expect(await alerted(other.page)).toMatch(/2 minutes/);
    expect(complaints).toEqual([]);
  });

  const inspectWebmail = async (page: Page): Promise<void> => {
    await keep(page, `inbox-${name}`);
    expect(await violations(page)).toEqual([]);
    await page.goto(`${stage.webmail}/`);
    await press(page, page.getByRole('button'));
    await keep(page, `webmail-${name}`);
    expect(await violations(page)).toEqual([]);
  };

  test('that say no', async () => {
    const { page } = await personAt(stage, look);
    const address = await account(stage, named('ben'));
    await enrol(stage, (await personAt(stage)).page, address);
    const wrong = (row: number, unknown: readonly number[]) =>
      annotate(stage, address, 'failures', JSON.stringify({ row, unknown, known: [] }));
    const now = Math.floor(Date.now() / 1000);
    await wrong(
      6,
      Array.from({ length: 6 }, () => now),
    );
    await signIn(stage, page, address);
    await inspect(page, 'waiting');
    await wrong(
      25,
      Array.from({ length: 25 }, () => now - 86_400),
    );
    await page.reload();
    await inspect(page, 'locked');
    await wrong(3, []);
    await page.reload();
    await inspect(page, 'code-again');

    await signIn(stage, page, 'nobody@example.com');
    await inspect(page, 'not-set-up');
    await page.goto(`${stage.issuer}/somewhere`);
    await inspect(page, 'not-found');
    await page.goto(`${stage.issuer}/s/000000000-aaaaaaaa`);
    await inspect(page, 'expired');
  });

  test('of an enrolment code', async () => {
    const enrollmentCode = { hash: hashOf('ABCD-EFGH-JKMN-PQRS'), expiresAt: seconds(Date.now() + 3_600_000) };
    const address = await account(stage, named('cleo'), { enrollmentCode });
    const { page } = await personAt(stage, look);
    await signIn(stage, page, address);
    await inspect(page, 'enrolment-code');
    await page.locator('input[type=text]').fill('wrong');
    await press(page, page.locator('form button'));
    await inspect(page, 'enrolment-code-wrong');
    const late = await account(stage, named('dora'), {
      enrollmentCode: { ...enrollmentCode, expiresAt: seconds(Date.parse('2026-01-01T00:00:00Z')) },
    });
    await signIn(stage, page, late);
    await inspect(page, 'enrolment-code-none');
  });
});

describe('without scripts', () => {
  test('everything works, with a button more', async () => {
    const address = await account(stage, 'ella');
    const { page } = await personAt(stage, { javaScriptEnabled: false });
    const push = async (name: string): Promise<void> => {
      await page.getByRole('button', { name }).click();
      await page.waitForLoadState();
    };
    await page.goto(stage.webmail);
    await page.getByLabel('Mail address').fill(address);
    await push('Sign in');
    expect(await heading(page)).toBe('Password right');
    await push('Continue');
    expect(await heading(page)).toBe('Set up your phone');
    const phone = new Phone(stage);
    await phone.scan(page);
    await page.locator('#code').fill(phone.code());
    await push('Confirm');
    expect(await heading(page)).toBe('Back to the webmail');
    await keep(page, 'answer-without-scripts');
    await push('Continue');
    await page.waitForURL('**/inbox');
  });
});
