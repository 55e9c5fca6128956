import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import { authorizeForm, hint, issuer, webmail } from './asking.ts';
import { openSite, type Site } from './site.ts';
import { titleOf, Visitor } from './visitor.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

describe('discovery', () => {
  test('describes the flow, and names the keys', async () => {
    const { app } = site;
    const document: unknown = (await app.inject('/.well-known/openid-configuration')).json();
    expect(document).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['id_token'],
      response_modes_supported: ['form_post'],
      id_token_signing_alg_values_supported: ['ES256'],
    });
    const { keys } = (await app.inject('/.well-known/jwks.json')).json<{ keys: Record<string, string>[] }>();
    expect(keys.map(({ kid, alg, use }) => [kid, alg, use])).toEqual([['signing-2026-01-01', 'ES256', 'sig']]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('shows an added key beside the older one, before anything is signed with it', async () => {
    const other = await openSite();
    const today = new Date().toISOString().slice(0, 10);
    await writeLoginKeys(other.directory, today);
    other.forward(2_000);
    await other.keys.find('signing', `signing-${today}`);
    const { keys } = (await other.app.inject('/.well-known/jwks.json')).json<{ keys: { kid: string }[] }>();
    expect(keys.map(({ kid }) => kid)).toEqual([`signing-${today}`, 'signing-2026-01-01']);
    expect(other.keys.current().signing.active.kid).toBe('signing-2026-01-01');
    await other.close();
  });

  test('works below a path', async () => {
    const below = await openSite((config) => ({ ...config, issuer: `${issuer}/2fa` }));
    expect((await below.app.inject('/2fa/.well-known/openid-configuration')).json()).toMatchObject({
      authorization_endpoint: `${issuer}/2fa/authorize`,
    });
    const visitor = new Visitor(below);
    await visitor.post('/2fa/authorize', await authorizeForm({ id_token_hint: await hint({ aud: `${issuer}/2fa` }) }));
    await visitor.follow();
    expect(visitor.address).toMatch(/^\/2fa\/s\//);
    expect(visitor.last.body).toContain(`action="${visitor.address}/code"`);
    await below.close();
  });
});

describe('/authorize', () => {
  test('turns the hint into a session and goes on to a clean address', async () => {
    const visitor = new Visitor(site);
    const page = await visitor.arrive();
    expect(visitor.address).toMatch(/^\/s\/[0-9a-z]{9}-[\w-]{8}$/);
    expect(titleOf(page)).toBe('Enter your code');
    const [name = ''] = [...visitor.cookies.keys()];
    expect(name).toBe(`__Host-2fa-session-${visitor.address.slice('/s/'.length)}`);
  });

  test.each<[string, Record<string, string>, string]>([
    ['another client', { client_id: 'other' }, 'Error: This request can’t be understood'],
    [
      'another address to answer to',
      { redirect_uri: 'https://evil.example/' },
      'Error: This request can’t be understood',
    ],
    [
      'an address that only begins right',
      { redirect_uri: `${webmail}/second-factor/../x` },
      'Error: This request can’t',
    ],
    ['a code instead of an id_token', { response_type: 'code' }, 'Error: This request can’t be understood'],
    ['an answer in the address', { response_mode: 'fragment' }, 'Error: This request can’t be understood'],
    ['no openid in the scope', { scope: 'profile' }, 'Error: This request can’t be understood'],
    ['no nonce', { nonce: '' }, 'Error: This request can’t be understood'],
    ['a nonce too long', { nonce: 'n'.repeat(257) }, 'Error: This request can’t be understood'],
    ['a state too long', { state: 's'.repeat(769) }, 'Error: This request can’t be understood'],
    ['no hint', { id_token_hint: '' }, 'Error: This request can’t be understood'],
    ['a hint that is none', { id_token_hint: 'none' }, 'Error: The webmail’s request was refused'],
  ])('refuses %s, sets no cookie and asks nobody', async (_what, more, title) => {
    const asked = site.script.asked.length;
    const visitor = new Visitor(site);
    const answer = await visitor.post('/authorize', await authorizeForm(more));
    expect(answer.statusCode).toBe(400);
    expect(titleOf(answer)).toContain(title);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(site.script.asked).toHaveLength(asked);
    // Back only to what is configured, never to what was sent.
    expect(answer.body).toContain(`href="${webmail}/"`);
    expect(answer.body).not.toContain('evil');
  });

  test('says of an address of another mail domain that the domain is not served, not that no password was typed', async () => {
    const form = await authorizeForm({ id_token_hint: await hint({ email: 'anna@other.example' }) });
    const answer = await new Visitor(site).post('/authorize', form);
    expect(answer.statusCode).toBe(400);
    expect(titleOf(answer)).toContain('You can’t sign in with this address');
    expect(answer.body).toContain('is not set up for the domain of your mail address');
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test('refuses a parameter that is there twice', async () => {
    const payload = `${new URLSearchParams(await authorizeForm()).toString()}&nonce=another`;
    const answer = await site.app.inject({
      method: 'POST',
      url: '/authorize',
      payload,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.statusCode).toBe(400);
  });

  test.each([
    ['GET', '/authorize', undefined, undefined, 405],
    ['PUT', '/authorize', '<a/>', 'text/xml', 405],
    ['POST', '/s/000000000-aaaaaaaa/answer', undefined, undefined, 405],
    ['GET', '/s/000000000-aaaaaaaa/code', undefined, undefined, 405],
    ['POST', '/.well-known/jwks.json', undefined, undefined, 405],
    ['GET', '/authorize/', undefined, undefined, 404],
    ['GET', '/', undefined, undefined, 404],
    ['GET', '/s/000000000-aaaaaaaa', undefined, undefined, 403],
    ['POST', '/s/000000000-aaaaaaaa/code', 'code=1', 'application/x-www-form-urlencoded', 403],
    ['POST', '/authorize', '{}', 'application/json', 400],
    ['POST', '/authorize', '<a/>', 'text/xml', 415],
    ['POST', '/authorize', 'x'.repeat(20_000), 'application/x-www-form-urlencoded', 413],
  ] as const)('%s %s is answered with a page', async (method, url, payload, type, status) => {
    const answer = await site.app.inject({
      method,
      url,
      ...(payload !== undefined && { payload, headers: { 'content-type': type } }),
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(titleOf(answer)).toMatch(/^Error: /);
    const allowed = url.includes('jwks') || url.endsWith('/answer') ? 'GET, HEAD' : 'POST';
    expect(answer.headers['allow']).toBe(status === 405 ? allowed : undefined);
  });
});
