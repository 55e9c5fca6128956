import * as oidc from 'openid-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hint, issuer, webmail } from './asking.ts';
import { accepted } from './script.ts';
import { openSite, type Site } from './site.ts';
import { hiddenFields, Visitor } from './visitor.ts';

let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(() => site.close());

/** A well-kept library in the place of the webmail; its requests go straight into the pages. */
const library = (): Promise<oidc.Configuration> =>
  oidc.discovery(new URL(issuer), 'webmail', { id_token_signed_response_alg: 'ES256' }, oidc.None(), {
    execute: [oidc.useIdTokenResponseType],
    [oidc.customFetch]: async (url) => {
      const { statusCode, body, headers } = await site.app.inject(new URL(url).pathname);
      return new Response(body, { status: statusCode, headers: { 'content-type': headers['content-type'] ?? '' } });
    },
  });

const signIn = async (configuration: oidc.Configuration, nonce: string, state: string) => {
  const url = oidc.buildAuthorizationUrl(configuration, {
    scope: 'openid',
    response_mode: 'form_post',
    redirect_uri: `${webmail}/second-factor`,
    id_token_hint: await hint(),
    nonce,
    state,
  });
  expect(url.origin + url.pathname).toBe(`${issuer}/authorize`);
  const visitor = new Visitor(site);
  await visitor.post('/authorize', Object.fromEntries(url.searchParams));
  await visitor.follow();
  site.script.verdict = accepted;
  await visitor.submit({ code: '123456' });
  await visitor.follow();
  return hiddenFields(visitor.last.body);
};

const callback = (body: Readonly<Record<string, string>>): Request =>
  new Request(`${webmail}/second-factor`, { method: 'POST', body: new URLSearchParams(body) });

describe('openid-client as a relying party', () => {
  test('discovers, sends the request, and accepts the answer', async () => {
    const configuration = await library();
    const [nonce, state] = [oidc.randomNonce(), oidc.randomState()];
    const body = await signIn(configuration, nonce, state);
    const claims = await oidc.implicitAuthentication(configuration, callback(body), nonce, { expectedState: state });
    expect(claims).toMatchObject({ sub: 'id-4711', second_factor: 'otp', amr: ['pwd', 'otp'] });
    expect(claims['jti']).toMatch(/^[\w-]{43}$/);
  });

  test('refuses the answer to another question, and one that was changed', async () => {
    const configuration = await library();
    const [nonce, state] = [oidc.randomNonce(), oidc.randomState()];
    const body = await signIn(configuration, nonce, state);
    await expect(
      oidc.implicitAuthentication(configuration, callback(body), oidc.randomNonce(), { expectedState: state }),
    ).rejects.toThrow();
    const other = await signIn(configuration, oidc.randomNonce(), state);
    const [header = '', payload = ''] = (body['id_token'] ?? '').split('.');
    const forged = { ...body, id_token: `${header}.${payload}.${(other['id_token'] ?? '').split('.')[2] ?? ''}` };
    await expect(
      oidc.implicitAuthentication(configuration, callback(forged), nonce, { expectedState: state }),
    ).rejects.toThrow();
  });
});
