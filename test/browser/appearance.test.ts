import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { textsFor } from '../../src/login/locales/index.ts';
import { kubectlOk } from '../support/kubectl.ts';
import { until } from '../support/scenario-cluster.ts';
import { hashOf } from './enrollment-code.ts';
import { Phone, alerted, enroll, enrolled, heading, personAt, press, said, signIn, type } from './person.ts';
import { account, annotate, begin, issuerName, seconds, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage('browser-looks');
});
afterAll(() => stage.close());
beforeEach((context) => begin(stage, context));

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
  const texts = textsFor(look.locale);
  /** Wrong codes of somebody else, so many in a row. */
  const wrongCodes = (address: string, row: number, unknown: readonly number[] = []) =>
    annotate(stage, address, 'failures', JSON.stringify({ row, unknown, known: [] }));
  const times = (count: number, secondsAgo = 0): readonly number[] =>
    Array.from({ length: count }, () => Math.floor(Date.now() / 1000) - secondsAgo);

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
    await enroll(stage, (await personAt(stage)).page, address);
    await wrongCodes(address, 6, times(6));
    await signIn(stage, page, address);
    await inspect(page, 'waiting');
    await wrongCodes(address, 25, times(25, 86_400));
    await page.reload();
    await inspect(page, 'locked');
    await wrongCodes(address, 3);
    await page.reload();
    await inspect(page, 'code-again');

    await signIn(stage, page, 'nobody@example.com');
    await inspect(page, 'not-set-up');
    await page.goto(`${stage.issuer}/somewhere`);
    await inspect(page, 'not-found');
    await page.goto(`${stage.issuer}/s/000000000-aaaaaaaa`);
    await inspect(page, 'expired');
    stage.clock.forward(20 * 60_000);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe(texts.notice.hintExpired.title);
    await inspect(page, 'too-long');
  });

  test('while nobody can be judged', async () => {
    const { namespace } = stage;
    const { page } = await personAt(stage, look);
    await signIn(stage, page, await account(stage, named('hugo')));
    const answers = async (status: number): Promise<boolean> => (await page.reload())?.status() === status;
    await kubectlOk(['delete', 'rolebinding', 'exchange2fa-login', '-n', namespace]);
    try {
      await until('the login service may not read Secrets', () => answers(503));
      expect(await heading(page)).toBe(texts.notice.unavailable.title);
      await inspect(page, 'unavailable');
    } finally {
      await kubectlOk(['apply', '-k', 'manifests/tenant-login', '-n', namespace]);
    }
    await until('it may again', () => answers(200));
  });

  test('after a right code', async () => {
    const { phone, address } = await enrolled(stage, named('ida'));
    await wrongCodes(address, 3);
    const { page } = await personAt(stage, look);
    await signIn(stage, page, address);
    const session = page.url();
    await type(page, phone.code());
    expect(await heading(page)).toBe(texts.guessed.title);
    await inspect(page, 'guessed');
    // A webmail that takes the answer without a page: the one that brings it stays.
    await page.route(`${stage.webmail}/**`, (route) => route.fulfill({ status: 204 }));
    await page.goto(`${session}/answer`, { waitUntil: 'commit' });
    expect(await heading(page)).toBe(texts.answer.title);
    await inspect(page, 'answer');
    stage.clock.forward(6 * 60_000);
    await page.goto(`${session}/answer`);
    expect(await heading(page)).toBe(texts.notice.finished.title);
    await inspect(page, 'finished');
  });

  test('of a phone that is set up again', async () => {
    const address = await account(stage, named('kim'));
    // Minted a minute after the Secret was created, as by a reset.
    await annotate(stage, address, 'minted-at', new Date(Date.now() + 60_000).toISOString());
    const { page } = await personAt(stage, look);
    await signIn(stage, page, address);
    expect(await said(page)).toContain(texts.enroll.deleteOlder(issuerName));
    await inspect(page, 'enrol-again');
    await wrongCodes(address, 6, times(6));
    await page.reload();
    expect(await page.locator('#code').count()).toBe(0);
    await inspect(page, 'enrol-waiting');
  });

  test('where a suspension is not honoured', async () => {
    const suspension = { requestedAt: seconds(), hours: 2 };
    const { address } = await enrolled(stage, named('lea'));
    await account(stage, named('lea'), { suspension });
    const enrollmentCode = { hash: hashOf('ABCD-EFGH-JKMN-PQRS'), expiresAt: seconds(Date.now() + 3_600_000) };
    const other = await account(stage, named('max'), { suspension, enrollmentCode });
    // The clocks are compared by the answers' `Date`, which counts seconds: with the first answer of the next one.
    await sleep(1_000);
    const { page } = await personAt(stage, look);
    const inspectReason = async (what: string, title: string): Promise<void> => {
      expect(await heading(page)).toBe(title);
      expect(await said(page), what).toContain(texts.problem.suspensionIgnored);
      await inspect(page, `${what}-suspended`);
    };
    await signIn(stage, page, address);
    await inspectReason('code', texts.code.title);
    await wrongCodes(address, 8, times(8));
    await page.reload();
    await inspectReason('waiting', texts.waiting.title);
    await wrongCodes(address, 100);
    await page.reload();
    await inspectReason('locked', texts.notice.locked(undefined).title);
    await signIn(stage, page, other);
    await inspectReason('enrolment-code', texts.enrollmentCode.title);
    await page.locator('input[type=text]').fill('ABCD-EFGH-JKMN-PQRS');
    await press(page, page.locator('form button'));
    await inspectReason('enrol', texts.enroll.title);
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
