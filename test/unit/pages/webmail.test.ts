import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWebmail, type Webmail } from '../../../dev/webmail/index.ts';
import { SignIns } from '../../../dev/webmail/sign-ins.ts';

describe('sign-ins of the demo webmail', () => {
  const pending = { address: 'anna@example.com', browser: 'hers', nonce: 'n' };
  const passed = { address: 'anna@example.com', secondFactor: 'otp', browser: 'hers' };

  test('are taken up once, by their state', () => {
    const signIns = new SignIns();
    const state = signIns.begin(pending);
    expect(signIns.take('another')).toBeUndefined();
    expect(signIns.take(state)).toMatchObject(pending);
    expect(signIns.take(state)).toBeUndefined();
  });

  test('spend each jti once', () => {
    const signIns = new SignIns();
    expect([signIns.spend('a'), signIns.spend('b'), signIns.spend('a')]).toEqual([true, true, false]);
  });

  test('end in the browser that began them, once, until it signs out', () => {
    const signIns = new SignIns();
    expect(signIns.open(signIns.arrive(passed), 'another')).toBeUndefined();
    expect(signIns.open(signIns.arrive(passed), undefined)).toBeUndefined();
    const handle = signIns.arrive(passed);
    const session = signIns.open(handle, 'hers');
    expect(signIns.inbox(session)).toMatchObject({ address: 'anna@example.com' });
    expect(signIns.open(handle, 'hers')).toBeUndefined();
    signIns.leave(session);
    expect(signIns.inbox(session)).toBeUndefined();
    expect(signIns.inbox(undefined)).toBeUndefined();
  });
});

describe('the demo webmail', () => {
  let webmail: Webmail;
  beforeAll(async () => {
    webmail = await startWebmail({ issuer: 'http://localhost:1', accounts: ['a@example.com'], namespace: 'mail-demo' });
  });
  afterAll(() => webmail.close());
  const post = (path: string, form: Record<string, string>) =>
    fetch(webmail.url + path, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

  test('says what the login service must know of it', () => {
    expect(webmail.relyingParty).toMatchObject({
      clientId: 'demo-webmail',
      issuer: webmail.url,
      redirectUris: [`${webmail.url}/second-factor`],
      mailDomains: ['example.com'],
      namespace: 'mail-demo',
    });
    expect(webmail.relyingParty.keys[0]).not.toHaveProperty('d');
  });

  test('says that it is a demonstration, and takes only its one password', async () => {
    expect(await (await fetch(webmail.url)).text()).toContain('Demonstration: there is no mail here');
    const refused = await post('/', { address: 'a@example.com', password: 'guess' });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('Wrong password');
  });

  test('opens for no answer that it did not ask for', async () => {
    const refused = await post('/second-factor', { state: 'made-up', id_token: 'made.up.too' });
    expect([refused.status, refused.headers.get('location')]).toEqual([303, '/signed-in']);
    expect(refused.headers.get('set-cookie')).toBeNull();
    expect((await fetch(`${webmail.url}/signed-in`)).status).toBe(403);
    const inbox = await fetch(`${webmail.url}/inbox`, { redirect: 'manual' });
    expect(inbox.status).toBe(303);
    expect((await fetch(`${webmail.url}/signed-in?handle=made-up`)).status).toBe(403);
  });
});
