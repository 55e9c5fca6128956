import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Phone, alerted, enroll, heading, personAt, press, said, signIn, type } from './person.ts';
import { account, annotate, begin, seconds, setStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage('browser-acts');
});
afterAll(() => stage.close());
beforeEach((context) => begin(stage, context));

describe('what an administrator asks for', () => {
  test('suspended: straight into the webmail, which is told so and until when', async () => {
    const suspension = { requestedAt: seconds(), hours: 2 };
    const address = await account(stage, 'anna', { suspension });
    const { page, complaints } = await personAt(stage);
    await signIn(stage, page, address);
    expect(page.url()).toBe(`${stage.webmail}/inbox`);
    const until = seconds(Date.parse(suspension.requestedAt) + 2 * 3_600_000);
    expect(await said(page)).toContain(`no code was asked for: Suspended, until ${until}`);
    expect(complaints).toEqual([]);
  });

  test('suspended, while the clocks differ: the code is asked for, and the page says why', async () => {
    const address = await account(stage, 'ben');
    const { page } = await personAt(stage);
    await enroll(stage, page, address);
    await account(stage, 'ben', { suspension: { requestedAt: seconds(), hours: 2 } });
    stage.clock.forward(60_000);
    // The clocks are compared by the answers' `Date`, which counts seconds: with the first answer of the next one.
    await sleep(1_000);
    const other = await personAt(stage);
    await signIn(stage, other.page, address);
    expect(await heading(other.page)).toBe('Enter your code');
    const why = 'our clock can’t be trusted at the moment';
    expect(await said(other.page)).toContain(why);
    // Suspended because of the lock, or of a phone that is lost: neither page lets them think that nothing was done.
    await annotate(stage, address, 'failures', JSON.stringify({ row: 100, unknown: [], known: [] }));
    await other.page.reload();
    expect(await heading(other.page)).toBe('Too many wrong codes');
    expect(await said(other.page)).toContain(why);
    await signIn(stage, other.page, await account(stage, 'bea', { suspension: { requestedAt: seconds(), hours: 2 } }));
    expect(await heading(other.page)).toBe('Set up your phone');
    expect(await said(other.page)).toContain(why);
  });

  test('removed: no code; on again: another QR code', async () => {
    const address = await account(stage, 'cleo');
    const { page } = await personAt(stage);
    const phone = new Phone(stage);
    await signIn(stage, page, address);
    const before = await phone.scan(page);
    await type(page, phone.code());
    await account(stage, 'cleo', { state: 'Removed' });
    await press(page, page.getByRole('button', { name: 'Sign out' }));
    await signIn(stage, page, address);
    expect(await said(page)).toContain('no code was asked for: Off');

    await account(stage, 'cleo', { state: 'Enabled' });
    await press(page, page.getByRole('button', { name: 'Sign out' }));
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('Set up your phone');
    expect(await phone.scan(page)).not.toBe(before);
  });

  test('reset between the page and the code: the old code is refused, and a new QR code is there', async () => {
    const address = await account(stage, 'dora');
    const { page } = await personAt(stage);
    const phone = await enroll(stage, page, address);
    await press(page, page.getByRole('button', { name: 'Sign out' }));
    stage.clock.forward(30_000);
    await signIn(stage, page, address);
    expect(await heading(page)).toBe('Enter your code');
    // A seed minted within the same second as the request would be new enough.
    await sleep(1_100);
    await account(stage, 'dora', { reset: { requestedAt: seconds() } });
    await type(page, phone.code());
    expect(await heading(page)).toBe('Set up your phone');
    expect(await alerted(page)).toContain('was reset in the meantime');
    await phone.scan(page);
    await type(page, phone.code());
    expect(page.url()).toContain('/inbox');
  });

  test('an address that nobody manages: refused, in words that tell nothing', async () => {
    const { page } = await personAt(stage);
    await signIn(stage, page, 'nobody@example.com');
    expect(await heading(page)).toBe('You can’t sign in right now');
    expect(await said(page)).toContain('it-help@example.com');
    await press(page, page.getByRole('link', { name: 'Back to Demo webmail' }));
    expect(page.url()).toBe(`${stage.webmail}/`);
  });
});
