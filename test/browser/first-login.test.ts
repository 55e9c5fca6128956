import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from './enrollment-code.ts';
import { Phone, alerted, enroll, heading, personAt, press, said, signIn, type } from './person.ts';
import { account, begin, seconds, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage('browser-first');
});
afterAll(() => stage.close());
beforeEach((context) => begin(stage, context));

describe('the first login', () => {
  test('shows a QR code; scanned from the screen, its first code opens the inbox', async () => {
    const address = await account(stage, 'anna');
    const { page, complaints } = await personAt(stage);
    const phone = new Phone(stage);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('Set up your phone');
    const uri = await phone.scan(page);
    expect(uri).toContain('otpauth://totp/Example%20Mail:anna%40example.com?');
    // For who reads it on the phone itself, and for who can't scan: the same key.
    expect(await page.getByRole('link', { name: 'Open the authenticator app' }).getAttribute('href')).toBe(uri);
    await page.getByText('You can’t scan it?').click();
    const groups = await page.locator('.key span').allInnerTexts();
    expect(groups).toHaveLength(8);
    expect(uri).toContain(`secret=${groups.join('')}`);
    expect(page.url()).toMatch(new RegExp(`^${stage.issuer}/s/[\\w-]+$`));

    await type(page, phone.code());
    expect(page.url()).toBe(`${stage.webmail}/inbox`);
    expect(await said(page)).toContain('anna@example.com');
    expect(await said(page)).toContain('a code was accepted');
    expect(complaints).toEqual([]);
    await stage.objects.account('anna', 'Enforced');
  });

  test('keeps its QR code when it is reloaded, and in a second tab and another browser, which are warned', async () => {
    const address = await account(stage, 'ben');
    const owner = await personAt(stage);
    const [first, again, elsewhere] = [new Phone(stage), new Phone(stage), new Phone(stage)];
    await signIn(stage, owner.page, address);
    const uri = await first.scan(owner.page);
    expect(await said(owner.page)).not.toContain('was first shown');
    await owner.page.reload();
    expect(await again.scan(owner.page)).toBe(uri);
    expect(await said(owner.page)).not.toContain('was first shown');

    const tab = await owner.context.newPage();
    await signIn(stage, tab, address);
    expect(await again.scan(tab)).toBe(uri);
    const other = await personAt(stage);
    await signIn(stage, other.page, address);
    expect(await elsewhere.scan(other.page)).toBe(uri);
    expect(await said(other.page)).toMatch(/first shown on .* UTC\. If that was not you, don’t scan it/);

    await type(owner.page, first.code());
    expect(owner.page.url()).toContain('/inbox');
    // The QR code is not shown to anybody any more.
    await other.page.reload();
    expect(await heading(other.page)).toBe('Enter your code');
    expect(await other.page.content()).not.toContain('otpauth');
  });

  test('says how far the clock of the phone is off, and which code is not one', async () => {
    const address = await account(stage, 'cleo');
    const { page } = await personAt(stage);
    const phone = new Phone(stage);
    await signIn(stage, page, address);
    await phone.scan(page);
    stage.clock.toNextCode();
    await type(page, phone.code(-4));
    expect(await alerted(page)).toContain('Your phone’s clock is about 2 minutes slow');
    await type(page, phone.code(4));
    expect(await alerted(page)).toContain('Your phone’s clock is about 2 minutes fast');
    await type(page, 'abc');
    expect(await alerted(page)).toMatch(/^A code has (6 digits|digits only)/);
    expect(await page.locator('#code').getAttribute('aria-describedby')).toBe('problem');
    // Spaces, as apps show them, are no mistake.
    await type(page, ` ${phone.code().slice(0, 3)} ${phone.code().slice(3)} `);
    expect(page.url()).toContain('/inbox');
  });

  test('asks for the enrolment code first, where there is one', async () => {
    const code = 'ABCD-EFGH-JKMN-PQRS';
    const expiresAt = seconds(Date.now() + 3_600_000);
    const address = await account(stage, 'dora', { enrollmentCode: { hash: hashOf(code), expiresAt } });
    const { page } = await personAt(stage);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('Enter your enrolment code');
    const give = async (text: string) => {
      await page.getByLabel('Enrolment code').fill(text);
      await press(page, page.getByRole('button', { name: 'Continue' }));
    };
    await give('ABCD-EFGH-JKMN-PQRT');
    expect(await alerted(page)).toContain('This is not your enrolment code');
    expect(await page.content()).not.toContain('otpauth');
    await give('abcd efghjkmn-pqrs');
    expect(await heading(page)).toBe('Set up your phone');
    const phone = new Phone(stage);
    await phone.scan(page);
    await type(page, phone.code());
    expect(page.url()).toContain('/inbox');
  });

  test('says whom to ask, where an enrolment code has expired', async () => {
    const expiresAt = '2026-01-01T00:00:00Z';
    const address = await account(stage, 'ella', {
      enrollmentCode: { hash: hashOf('ABCD-EFGH-JKMN-PQRS'), expiresAt },
    });
    const { page } = await personAt(stage);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('You need an enrolment code');
    expect(await said(page)).toContain('it-help@example.com');
    await page.getByRole('link', { name: 'Back to Demo webmail' }).click();
    expect(page.url()).toBe(`${stage.webmail}/`);
  });

  test('after a reset shows another QR code, and says to delete the older entry first', async () => {
    const address = await account(stage, 'fay');
    const { page } = await personAt(stage);
    await enroll(stage, page, address);
    // Later than the moment of the first minting by more than both were one.
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await account(stage, 'fay', { reset: { requestedAt: seconds() } });
    await stage.objects.account('fay', 'Enrolling');
    const other = await personAt(stage);
    await signIn(stage, other.page, address);
    expect(await heading(other.page)).toBe('Set up your phone');
    expect(await said(other.page)).toContain('already has an entry “Example Mail” for this address, delete that entry');
  });
});
