import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { alerted, enrolled, heading, personAt, press, said, signIn, type } from './person.ts';
import { account, annotate, begin, seconds, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage('browser-later');
});
afterAll(() => stage.close());
beforeEach((context) => begin(stage, context));

/** Wrong codes of somebody else, spread so that none has to wait for the one before. */
const guesses = (count: number): string => {
  const now = Math.floor(Date.now() / 1000);
  const unknown = Array.from({ length: count }, (_, index) => now - 3_600 * (count + 1 - index));
  return JSON.stringify({ row: count, unknown, known: [] });
};

describe('a later login', () => {
  test('asks for the code only, and takes each once', async () => {
    const { owner, phone, address } = await enrolled(stage, 'anna');
    await signIn(stage, owner.page, address);
    expect(await heading(owner.page)).toBe('Enter your code');
    expect(await owner.page.content()).not.toContain('otpauth');
    const field = owner.page.getByLabel('Code from the app');
    expect(await owner.page.evaluate('document.activeElement?.id')).toBe('code');
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    const code = phone.code();
    await owner.page.keyboard.type(code);
    await owner.page.keyboard.press('Enter');
    await owner.page.waitForURL('**/inbox');

    const other = await personAt(stage);
    await signIn(stage, other.page, address);
    await type(other.page, code);
    expect(await alerted(other.page)).toBe('This code has been used already. Wait until the app shows the next one.');
    stage.clock.forward(30_000);
    await type(other.page, phone.code());
    expect(other.page.url()).toContain('/inbox');
    expect([...owner.complaints, ...other.complaints]).toEqual([]);
  });

  test('says that a code is wrong, and after several that the next one has to wait', async () => {
    const { owner, phone, address } = await enrolled(stage, 'ben');
    await signIn(stage, owner.page, address);
    for (let count = 1; count <= 4; count += 1) {
      await type(owner.page, phone.wrongCode());
      expect(await alerted(owner.page)).toContain('This code is not right.');
      expect(await owner.page.title()).toBe('Error: Enter your code');
      // Another one each time: the same in the same minute would be the same try.
      stage.clock.forward(61_000);
    }
    await type(owner.page, phone.wrongCode());
    expect(await heading(owner.page)).toBe('Please wait');
    expect(await said(owner.page)).toMatch(/can be tried in (2\d|30) seconds/);
    expect(await owner.page.locator('#code').count()).toBe(0);
    stage.clock.forward(31_000);
    await press(owner.page, owner.page.getByRole('link', { name: 'Try again' }));
    await type(owner.page, phone.code());
    expect(owner.page.url()).toContain('/inbox');
  });

  test('locks out who guesses, not the owner in a browser of hers; an unlock lets both try', async () => {
    const { owner, phone, address } = await enrolled(stage, 'cleo');
    await annotate(stage, address, 'failures', guesses(24));
    const thief = await personAt(stage);
    await signIn(stage, thief.page, address);
    await type(thief.page, phone.wrongCode());
    expect(await heading(thief.page)).toBe('Too many wrong codes');
    expect(await said(thief.page)).toContain('Somebody who knows your password may be guessing codes.');
    expect(await said(thief.page)).toMatch(/Change your password, then ask your help desk for an unlock\./);
    expect(await said(thief.page)).toMatch(/ends by itself on \d+ \w+ 20\d\d at \d\d:\d\d UTC/);

    await signIn(stage, owner.page, address);
    await type(owner.page, phone.code());
    expect(await heading(owner.page)).toBe('Wrong codes since your last sign-in');
    expect(await said(owner.page)).toContain('25 wrong codes were typed for this address');
    await press(owner.page, owner.page.getByRole('link', { name: 'Continue' }));
    expect(owner.page.url()).toContain('/inbox');

    // The lock stays for browsers that nobody knows, until somebody unlocks.
    await thief.page.reload();
    expect(await heading(thief.page)).toBe('Too many wrong codes');
    stage.clock.back();
    await account(stage, 'cleo', { unlock: { requestedAt: seconds() } });
    stage.clock.forward(120_000);
    await thief.page.reload();
    expect(await heading(thief.page)).toBe('Enter your code');
  });

  test('after 100 wrong codes in a row refuses everybody until a reset, which is no unlock', async () => {
    const { owner, address } = await enrolled(stage, 'dora');
    // As guessing leaves it: the latest 25 are kept.
    await annotate(stage, address, 'failures', guesses(25).replace('"row":25', '"row":100'));
    await signIn(stage, owner.page, address);
    expect(await heading(owner.page)).toBe('Too many wrong codes');
    expect(await said(owner.page)).toContain('ask your help desk for a reset');
    expect(await said(owner.page)).not.toContain('ends by itself');

    await account(stage, 'dora', { reset: { requestedAt: seconds() } });
    await owner.page.reload();
    expect(await heading(owner.page)).toBe('Too many wrong codes');
    expect(await said(owner.page)).toMatch(/ask your help desk for an unlock[^]*ends by itself/);

    await account(stage, 'dora', { unlock: { requestedAt: seconds() } });
    await owner.page.reload();
    expect(await heading(owner.page)).toBe('Set up your phone');
  });
});
