import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { enrolled, heading, personAt, press, said, signIn, type, type Person, type Phone } from './person.ts';
import { until } from '../support/scenario-cluster.ts';
import { setStage, type Stage } from './stage.ts';

let stage: Stage;
let owner: Person;
let phone: Phone;
let address: string;
beforeAll(async () => {
  stage = await setStage('browser-sessions');
});
afterAll(() => stage.close());

/** Each test has a person of its own: the codes of the others are spent. */
let people = 0;
beforeEach(async () => {
  stage.clock.back();
  people += 1;
  ({ owner, phone, address } = await enrolled(stage, `anna-${people}`));
});

const atTheCode = async (): Promise<Person> => {
  await signIn(stage, owner.page, address);
  expect(await heading(owner.page)).toBe('Enter your code');
  return owner;
};

describe('a page session', () => {
  test('lives in an encrypted cookie of this host, and nowhere in the address', async () => {
    const { context, page } = await atTheCode();
    const cookie = (await context.cookies(stage.issuer)).find(({ name }) => name.startsWith('__Host-2fa-session-'));
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
    expect(Buffer.from(cookie!.value, 'base64').toString('latin1')).not.toContain('anna');
    expect(page.url()).not.toMatch(/anna|hint|eyJ/);
    const { length } = await context.cookies();
    expect(length).toBeGreaterThan(1);
  });

  test('ends after a quarter of an hour, and links back to the webmail', async () => {
    const { page } = await atTheCode();
    stage.clock.forward(15 * 60_000);
    await type(page, phone.code());
    expect(await heading(page)).toBe('This page has expired');
    await press(page, page.getByRole('link', { name: 'Back to Demo webmail' }));
    expect(page.url()).toBe(`${stage.webmail}/`);
  });

  test('does not begin with a hint that is too old', async () => {
    stage.clock.forward(20 * 60_000);
    const { page } = await personAt(stage);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('That took too long');
    expect(await page.getByRole('link', { name: 'Back to Demo webmail' }).count()).toBe(1);
  });

  test('does not begin for an address of another domain', async () => {
    const { page } = await personAt(stage);
    await signIn(stage, page, 'anna@elsewhere.example');
    expect(await heading(page)).toBe('You can’t sign in with this address');
  });

  test('is one for each tab: both can finish, each with a code of its own', async () => {
    const { context, page } = await atTheCode();
    const tab = await context.newPage();
    await signIn(stage, tab, address);
    const code = phone.code();
    await type(page, code);
    expect(page.url()).toContain('/inbox');
    await type(tab, code);
    expect(await heading(tab)).toBe('Enter your code');
    stage.clock.forward(30_000);
    await type(tab, phone.code());
    expect(tab.url()).toContain('/inbox');
  });

  test('is over for the back button: no code is asked for again, and the webmail stays open', async () => {
    const { page } = await atTheCode();
    const session = page.url();
    await type(page, phone.code());
    expect(page.url()).toContain('/inbox');
    await page.goBack();
    await page.waitForURL('**/inbox');
    stage.clock.forward(6 * 60_000);
    await page.goto(session);
    expect(await heading(page)).toBe('This sign-in is finished');
    await press(page, page.getByRole('link', { name: 'Back to Demo webmail' }));
    expect(page.url()).toContain('/inbox');
    expect(await said(page)).toContain(address);
  });

  test('takes no form that another site made, and none without its own token', async () => {
    const { context, page } = await atTheCode();
    const attacker = await context.newPage();
    await attacker.route('https://attacker.example/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<form method="post" action="${page.url()}/code"><input name="code" value="123456"><button>Win</button></form>`,
      }),
    );
    await attacker.goto('https://attacker.example/');
    await press(attacker, attacker.getByRole('button'));
    expect(await heading(attacker)).toBe('This page has expired');

    await page.evaluate(`document.querySelector('input[name=form_token]').value = 'forged'`);
    await type(page, phone.code());
    expect(await heading(page)).toBe('This page is no longer current');
    await page.goBack();
    await page.reload();
    await type(page, phone.code());
    expect(page.url()).toContain('/inbox');
  });

  test('is shown in no frame', async () => {
    const { context, page } = await atTheCode();
    const framer = await context.newPage();
    await framer.setContent(`<iframe src="${page.url()}"></iframe>`);
    await until('the frame was refused', () =>
      framer.frames().some((frame) => frame.url().startsWith('chrome-error:')),
    );
    const response = await page.request.get(page.url());
    expect(response.headers()).toMatchObject({
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
    });
    expect(response.headers()['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
  });
});
