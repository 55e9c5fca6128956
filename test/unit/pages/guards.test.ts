import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { authorizeForm, hintSaying, issuer, webmail } from './asking.ts';
import { accepted, code, deny } from './script.ts';
import { openSite, type Site } from './site.ts';
import { hiddenFields, titleOf, Visitor } from './visitor.ts';

let site: Site;
let visitor: Visitor;
beforeEach(async () => {
  site = await openSite();
  visitor = new Visitor(site);
});
afterEach(() => site.close());

const judged = (): number => site.script.asked.filter(([name]) => name === 'verify').length;

describe('a form', () => {
  test.each([
    ['without its token', {}, { form_token: '' }],
    ['with another token', {}, { form_token: 'forged' }],
    ['from another origin', { origin: 'https://evil.example' }, {}],
    ['from no origin', { origin: 'null' }, {}],
    ['from another site, as the browser says', { 'sec-fetch-site': 'cross-site' }, {}],
    ['from a neighbour', { 'sec-fetch-site': 'same-site' }, {}],
  ])('%s is refused, and nothing is judged', async (_what, headers, fields) => {
    await visitor.arrive();
    const stranger = new Visitor(site, headers);
    for (const [name, value] of visitor.cookies) stranger.cookies.set(name, value);
    const form = { ...hiddenFields(visitor.last.body), code: '123456', ...fields };
    const answer = await stranger.post(`${visitor.address}/code`, form);
    expect(answer.statusCode).toBe(403);
    expect(titleOf(answer)).toBe('Error: This page is no longer current');
    expect(judged()).toBe(0);
  });

  test('of one session is none of another, in the same browser', async () => {
    await visitor.arrive();
    const first = { address: visitor.address, fields: hiddenFields(visitor.last.body) };
    await visitor.arrive();
    const answer = await visitor.post(`${visitor.address}/code`, { ...first.fields, code: '123456' });
    expect(answer.statusCode).toBe(403);
    expect((await visitor.post(`${first.address}/code`, { ...first.fields, code: '123456' })).statusCode).toBe(303);
  });

  test('from our own origin is taken', async () => {
    const honest = new Visitor(site, { origin: 'https://login.example.com', 'sec-fetch-site': 'same-origin' });
    await honest.arrive();
    expect((await honest.submit({ code: '123456' })).statusCode).toBe(303);
    expect(judged()).toBe(1);
  });

  test('comes at most so often in a session', async () => {
    await visitor.arrive();
    const statuses = new Set<number>();
    for (let count = 0; count < 61; count += 1) statuses.add((await visitor.get(visitor.address)).statusCode);
    expect([...statuses]).toEqual([200, 429]);
    expect(titleOf(visitor.last)).toBe('Error: Too many requests');
  });
});

describe('a session without a code', () => {
  test('has no answer by any route', async () => {
    await visitor.arrive();
    const { address } = visitor;
    for (const path of ['/answer', '/signed-in']) {
      const answer = await visitor.get(address + path);
      expect(answer.statusCode).toBe(303);
      expect(answer.headers['location']).toBe(address);
      expect(answer.body).not.toContain('id_token');
    }
  });

  test('cannot use the cookie of one with a code under its own name', async () => {
    await visitor.arrive();
    const open = visitor.address;
    await visitor.arrive();
    site.script.verdict = accepted;
    await visitor.submit({ code: '123456' });
    const [name, other] = [open, visitor.address].map((path) => `__Host-2fa-session-${path.slice('/s/'.length)}`);
    visitor.cookies.set(name!, visitor.cookies.get(other!)!);
    expect((await visitor.get(`${open}/answer`)).statusCode).toBe(403);
  });

  test.each([
    ['a code is asked for', code],
    ['none is', { kind: 'none', reason: 'Off' }],
    ['it is refused', { ...deny, reason: 'Locked' }],
  ] as const)('leaves at most three cookies of its kind, where %s', async (_, requirement) => {
    site.script.requirement = requirement;
    for (let count = 0; count < 8; count += 1) {
      site.forward(1);
      await visitor.arrive();
    }
    const sessions = [...visitor.cookies.keys()].filter((name) => name.startsWith('__Host-2fa-session-'));
    expect(sessions).toHaveLength(3);
    expect(sessions).toContain(`__Host-2fa-session-${visitor.address.slice('/s/'.length)}`);
  });
});

describe('every answer', () => {
  test('is kept by nobody, framed by nobody, and loads nothing', async () => {
    await visitor.arrive();
    const answers = [visitor.last, await visitor.submit({ code: '1' }), await visitor.get('/nothing')];
    site.script.verdict = accepted;
    await visitor.get(visitor.address);
    answers.push(await visitor.submit({ code: '123456' }), await visitor.follow());
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
    const policies = answers.map(({ headers }) => headers['content-security-policy']);
    expect(policies[0]).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; img-src data:; form-action 'self'; frame/,
    );
    // Only the page that goes back to the webmail has a script, and may send a form there.
    expect(policies.at(-1)).toMatch(/script-src 'sha256-[^']+';.*form-action 'self' https:\/\/webmail\.example\.com;/);
    expect(policies.at(-1)).not.toContain('unsafe');
  });

  test('sets cookies only for this host, out of reach of scripts and other sites', async () => {
    await visitor.post('/authorize', await authorizeForm());
    await visitor.follow();
    site.script.verdict = accepted;
    const { headers } = await visitor.submit({ code: '123456' });
    const cookies = [headers['set-cookie'] ?? []].flat();
    expect(cookies).toHaveLength(2);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-2fa-/);
      for (const attribute of ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Lax']) expect(cookie).toContain(attribute);
      expect(cookie).not.toContain('Domain');
    }
  });
});

describe('whatever is sent', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const form = fc.dictionary(
    fc.oneof(text, fc.constantFrom('client_id', 'redirect_uri', 'nonce', 'state', 'id_token_hint', '__proto__')),
    fc.oneof(text, fc.constantFrom('webmail', `${webmail}/second-factor`)),
  );

  test('is a page that says what to do, never a fault, and nothing is judged', async () => {
    await visitor.arrive();
    const { address } = visitor;
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
    const body = fc.oneof(
      bytes,
      form.map((fields) => Buffer.from(new URLSearchParams(fields).toString())),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('/authorize', `${address}/code`, `${address}/enrolment-code`, '/s/%00', '/s/..%2f/code'),
        body,
        fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'multipart/form-data', ''),
        fc.string({ maxLength: 60 }),
        async (url, payload, type, header) => {
          const printable = header.replace(/[^\x20-\x7e]/g, '');
          const answer = await site.app.inject({
            method: 'POST',
            url,
            payload,
            headers: {
              ...(type !== '' && { 'content-type': type }),
              cookie: `__Host-2fa-session-${address.slice(3)}=${printable}; ${printable}`,
              'accept-language': printable,
              origin: printable,
            },
          });
          expect(answer.statusCode).toBeGreaterThanOrEqual(400);
          expect(answer.statusCode).toBeLessThan(500);
          expect(answer.body).toContain('<h1>');
        },
      ),
      { numRuns: 300 },
    );
    expect(judged()).toBe(0);
  });

  test('in a hint that is well signed: a page of the session or a refusal, never a fault, and a cookie that fits', async () => {
    const now = Math.floor(Date.now() / 1000);
    const good = { iss: webmail, aud: issuer, sub: 'id-4711', email: 'anna@example.com', iat: now, exp: now + 300 };
    const long = fc.string({ unit: 'binary', maxLength: 5_000 });
    const anything = fc.oneof(fc.jsonValue(), long, fc.array(long, { maxLength: 12 }));
    const names = ['sub', 'email', 'amr', 'acr', 'preferred_username', 'iss', 'aud', 'iat', 'exp', 'nbf', 'jti'];
    const claims = fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, text), anything, {
      maxKeys: 4,
    });
    const parameter = fc.oneof(text, fc.string({ maxLength: 800 }));
    await fc.assert(
      fc.asyncProperty(claims, parameter, parameter, async (more, nonce, state) => {
        const id_token_hint = await hintSaying({ ...good, ...more });
        const stranger = new Visitor(site);
        const { statusCode, body, headers } = await stranger.post(
          '/authorize',
          await authorizeForm({ id_token_hint, nonce, state }),
        );
        expect([303, 400]).toContain(statusCode);
        if (statusCode === 400) expect(body).toContain('<h1>');
        else {
          const [pair = ''] = String(headers['set-cookie']).split(';');
          expect(pair.length).toBeLessThan(4096);
          expect((await stranger.follow()).statusCode).toBe(200);
        }
      }),
      { numRuns: 300 },
    );
  });
});
