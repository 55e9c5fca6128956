import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { Canary } from '../../support/canary.ts';
import { expectDescribed } from '../../support/openapi.ts';
import { ask, brief } from './support/ask.ts';
import { address, callerKey, createWorld, tokenOf, tokens, type World } from './support/world.ts';
import {
  code,
  enrolled,
  enrollmentCode,
  enrollmentHash,
  failures,
  instant,
  mintedAt,
  now,
  seed,
  times,
  unscanned,
} from './tables/record.ts';

let world: World;
let app: FastifyInstance;

beforeEach(async () => {
  world = await createWorld();
  app = world.replicas[0]!.app;
});

describe('login says what an account’s login needs', () => {
  test.each([
    ['off', { ...enrolled, 'second-factor': 'off' }, { result: 'none', reason: 'Off' }],
    [
      'suspended',
      { ...enrolled, suspended: `${instant(-60)}/${instant(60)}` },
      { result: 'none', reason: 'Suspended', until: instant(60) },
    ],
    ['enrolled', enrolled, { result: 'code', mintedAt, wrongCodes: 0, suspensionIgnored: false }],
    [
      'enrolled, after five wrong codes',
      { ...enrolled, ...failures({ row: 5, unknown: times(5) }) },
      { result: 'code', mintedAt, wrongCodes: 5, suspensionIgnored: false, notBefore: instant(29) },
    ],
    [
      'not enrolled',
      unscanned,
      {
        result: 'enroll',
        enrollmentCode: 'none',
        mintedAt,
        wrongCodes: 0,
        suspensionIgnored: false,
        replacesEarlier: false,
      },
    ],
    [
      'not enrolled, with a code, after a reset, shown before',
      {
        ...unscanned,
        'minted-at': '2026-07-10T10:00:00.000Z',
        'enrollment-code': `${enrollmentHash} ${instant(60)}`,
        'first-shown-at': instant(-90),
      },
      { result: 'enroll', enrollmentCode: 'needed', replacesEarlier: true, firstShownAt: instant(-90) },
    ],
    ['locked', { ...enrolled, ...failures({ row: 100 }) }, { result: 'deny', reason: 'Locked' }],
    ['orphaned', { ...enrolled, 'orphaned-at': instant(-1) }, { result: 'deny', reason: 'Orphaned' }],
  ])('%s', async (_, short, wanted) => {
    world.given(short);
    const { status, body } = await ask(app, 'login');
    expect(status).toBe(200);
    expect(body).toMatchObject(wanted);
    expect(world.server.writes()).toEqual([]);
  });

  test.each(['nobody@example.com', 'ünknown@example.com', 'no address'])('no Secret: %s', async (unknown) => {
    expect((await ask(app, 'login', { body: { address: unknown } })).body).toEqual({
      result: 'deny',
      reason: 'NoSecret',
      suspensionIgnored: false,
    });
  });
});

describe('mode observe', () => {
  const observer = { token: 'observer-token' } as const;

  test('lets pass, counts and logs what has no Secret', async () => {
    expect((await ask(app, 'login', observer)).body).toEqual({ result: 'none', reason: 'NotManaged' });
    expect((await ask(app, 'verify', { ...observer, body: { address, code: '123456' } })).body).toEqual({
      result: 'none',
      reason: 'NotManaged',
    });
    const figures = await world.replicas[0]!.metrics.registry.metrics();
    expect(figures).toContain('exchange2fa_login_would_refuse_total{relying_party="observer"} 2');
    expect(world.log.lines.filter(({ message }) => message.includes('enforce would refuse'))).toHaveLength(2);
  });

  test.each([
    ['a code is asked for', enrolled, 'code'],
    ['an orphan is refused', { ...enrolled, 'orphaned-at': instant(-1) }, 'deny'],
    ['what is unreadable is refused', { ...enrolled, failures: '' }, 'deny'],
  ])('is as enforce in everything else: %s', async (_, short, result) => {
    world.given(short);
    expect((await ask(app, 'login', observer)).body).toMatchObject({ result });
  });
});

describe('enroll', () => {
  const enroll = (body: object = {}) => ask(app, 'enroll', { body: { address, ...body } });

  test('shows QR, key and URI, and notes the first time', async () => {
    world.given(unscanned);
    const { body } = await enroll();
    expect(body).toMatchObject({
      result: 'shown',
      key: seed,
      digits: 6,
      periodSeconds: 30,
      shownBefore: false,
      mintedAt,
    });
    expect(body['otpauthUri']).toMatch(/^otpauth:\/\/totp\//);
    expect(body['qrSvg']).toMatch(/^<svg /);
    world.clock.nowMs += 60_000;
    expect((await enroll()).body).toMatchObject({ shownBefore: true, firstShownAt: instant(0) });
    expect(world.server.writes()).toHaveLength(1);
  });

  test.each([
    ['enrolled', enrolled, '409 already-enrolled'],
    ['off', { ...unscanned, 'second-factor': 'off' }, '409 not-asked'],
    ['too late', { ...unscanned, 'enroll-until': instant(0) }, '403 enrollment-expired'],
    [
      'without a code',
      { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` },
      '403 enrollment-code-missing',
    ],
    ['not issued', { ...unscanned, 'enrollment-code': 'required' }, '403 enrollment-code-not-issued'],
    [
      'expired',
      { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(0)}` },
      '403 enrollment-code-not-issued',
    ],
  ])('is refused: %s', async (_, short, wanted) => {
    world.given(short);
    const answered = await enroll();
    expect(brief(answered)).toBe(wanted);
    expect(answered.text).not.toContain(seed);
    expect(world.server.writes()).toEqual([]);
  });

  test('asks for the enrolment code; a wrong one writes nothing and counts nowhere', async () => {
    world.given({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` });
    expect(brief(await enroll({ enrollmentCode: 'WRONG' }))).toBe('403 enrollment-code-wrong');
    expect(world.server.writes()).toEqual([]);
    expect(brief(await enroll({ enrollmentCode: enrollmentCode.toLowerCase() }))).toBe('200 shown');
    expect(brief(await ask(app, 'verify', { body: { address, code: code(0) } }))).toBe('403 enrollment-code-missing');
    expect(brief(await ask(app, 'verify', { body: { address, code: code(0), enrollmentCode } }))).toBe('200 accepted');
  });

  test.each([
    ['enroll', {}],
    ['verify', { code: code(0) }],
  ] as const)('a wrong enrolment code makes %s wait for a second', async (route, more) => {
    world.given({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` });
    const before = world.clock.monotonic();
    const answered = await ask(app, route, { body: { address, enrollmentCode: 'WRONG', ...more } });
    expect(brief(answered)).toBe('403 enrollment-code-wrong');
    expect(world.clock.monotonic() - before).toBeGreaterThanOrEqual(1_000);
  });

  test('of two who are shown it in the same second, one is told of the other', async () => {
    const two = await createWorld(2);
    two.given(unscanned);
    const answers = await Promise.all(two.replicas.map((replica) => ask(replica.app, 'enroll')));
    expect(answers.map(({ body }) => body['shownBefore']).toSorted()).toEqual([false, true]);
  });

  // A published schema that refuses them would make a strict client refuse the login of an imported account.
  test.each([128, 256, 512])('a seed of %d bits that is not enrolled is answered as described', async (bits) => {
    world.given(unscanned);
    const imported = 'A'.repeat(Math.ceil(bits / 5));
    const [name, secret] = [...world.server.secrets][0]!;
    const data = { ...secret.data, seed: Buffer.from(imported).toString('base64') };
    world.server.secrets.set(name, { ...secret, data });
    expect((await enroll()).body).toMatchObject({ result: 'shown', key: imported });
  });

  test('the seed is in its answer only', async () => {
    world.given(unscanned);
    const canary = new Canary([seed]);
    expect([...canary.foundIn((await enroll()).text)]).toEqual([seed]);
    const others = [
      await ask(app, 'login'),
      await ask(app, 'verify', { body: { address, code: '000000' } }),
      await ask(app, 'verify', { body: { address, code: code(0) } }),
      await enroll(),
    ];
    const said = [
      ...others.map(({ text, headers }) => text + JSON.stringify(headers)),
      JSON.stringify(world.log.lines),
    ];
    expect(said.flatMap((text) => [...canary.foundIn(text)])).toEqual([]);
    expect([...canary.foundIn(await world.replicas[0]!.metrics.registry.metrics())]).toEqual([]);
  });
});

describe('callers', () => {
  const assertion = (claims: object = {}, key: KeyObject = callerKey, seconds = now / 1000) =>
    new SignJWT({
      iss: 'outside',
      sub: 'outside',
      aud: 'https://login.example.com',
      jti: 'once',
      iat: seconds,
      exp: seconds + 300,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(key);

  test.each(['', 'no-token', 'stranger-token', 'default-token', 'a.b.c', 'x'.repeat(20_000)])(
    'a token that is not for us, or of a stranger: %s',
    async (token) => {
      world.given(enrolled);
      const answered = await ask(app, 'login', { token });
      expect(brief(answered)).toBe('401 unauthorized');
      expect(answered.headers['www-authenticate']).toBe('Bearer');
      expect(world.server.requests.filter(({ path }) => path.includes('/secrets/'))).toEqual([]);
    },
  );

  const forged = tokenOf('system:serviceaccount:mail:gateway', 'exchange2fa-login', 'Zm9yZ2Vk');
  const heedsNone = tokenOf('system:serviceaccount:mail:gateway', 'exchange2fa-login', 'aGVlZHNOb25l');
  const over = [{ alg: 'RS256' }, { sub: 'system:serviceaccount:mail:gateway', aud: 'exchange2fa-login', exp: 1 }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .concat('Zm9yZ2Vk')
    .join('.');
  const otherKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

  test.each<[string, () => string | Promise<string>, object]>([
    ['NoToken', () => '', { detail: 'the header Authorization has no bearer token' }],
    ['NoJwt', () => 'a.b.c', {}],
    ['UnknownSubject', () => 'stranger-token', { subject: 'system:serviceaccount:mail:other' }],
    ['WrongAudience', () => 'default-token', { detail: 'aud lacks exchange2fa-login' }],
    ['NotAuthenticated', () => forged, { detail: '[invalid bearer token TOKEN]' }],
    ['WrongAudience', () => heedsNone, { detail: 'the API server names other audiences' }],
    ['Expired', () => over, { detail: '[invalid bearer token TOKEN]' }],
    ['WrongAudience', () => assertion({ aud: 'https://x.example' }), { detail: 'unexpected "aud" claim value' }],
    ['Expired', () => assertion({ exp: now / 1000 - 100 }), { subject: 'outside' }],
    ['BadClaim', () => assertion({ jti: undefined }), { detail: 'missing required "jti" claim' }],
    ['BadSignature', () => assertion({}, otherKey()), { detail: 'signed with none of the configured keys' }],
    ['LivesTooLong', () => assertion({ exp: now / 1000 + 301 }), { detail: 'exp is more than 300 s after iat' }],
  ])('why a caller is refused is told in the log and counted, never the token: %s', async (reason, make, about) => {
    const token = await make();
    world.server.tokens.set(heedsNone, { user: 'system:serviceaccount:mail:gateway', audiences: [], heedsNone: true });
    const answered = await ask(app, 'login', { token });
    expect(world.log.lines).toMatchObject([{ message: 'API caller refused', fields: { reason, ...about } }]);
    const figures = await world.replicas[0]!.metrics.registry.metrics();
    expect(figures).toContain(`exchange2fa_login_callers_refused_total{reason="${reason}"} 1`);
    for (const part of (tokens[token]?.token ?? token).split('.').filter((text) => text.length > 1)) {
      expect(JSON.stringify(world.log.lines) + figures).not.toContain(part);
    }
    expect(answered.text).not.toContain(reason);
    if (reason !== 'LivesTooLong') expect(answered.body['detail']).toContain('for the audience exchange2fa-login');
  });

  test('many strangers fill no log', async () => {
    for (let count = 0; count < 70; count += 1) await ask(app, 'login', { token: 'a.b.c' });
    expect(world.log.lines).toHaveLength(60);
  });

  test('a token is asked about with our audience, and not again for 10 s', async () => {
    world.given(enrolled);
    const reviews = () => world.server.requests.filter(({ path }) => path.includes('tokenreviews'));
    await ask(app, 'login');
    await ask(app, 'login');
    expect(reviews()).toHaveLength(1);
    expect(JSON.parse(reviews()[0]!.body ?? '')).toMatchObject({ spec: { audiences: ['exchange2fa-login'] } });
    world.clock.skip(10_000);
    world.server.tokens.clear();
    expect(brief(await ask(app, 'login'))).toBe('401 unauthorized');
    expect(reviews()).toHaveLength(2);
  });

  test('while nobody can be asked, nobody gets in', async () => {
    world.server.fault = () => ({ kind: 'answer', status: 500 });
    expect(brief(await ask(app, 'login'))).toBe('503 unavailable');
  });

  test('no scope enroll: no QR', async () => {
    world.given(unscanned);
    const answered = await ask(app, 'enroll', { token: 'observer-token' });
    expect(brief(answered)).toBe('403 missing-scope');
    expect(answered.body['scope']).toBe('enroll');
    expect(brief(await ask(app, 'enroll', { token: 'observer-token' })), 'known a moment ago').toBe(
      '403 missing-scope',
    );
  });

  test('who was known goes on for 10 s while nobody can be asked', async () => {
    world.given(enrolled);
    await ask(app, 'login');
    world.server.fault = ({ path }) => (path.includes('tokenreviews') ? { kind: 'answer', status: 500 } : undefined);
    world.clock.skip(5_000);
    expect(brief(await ask(app, 'login'))).toMatch(/^200/);
    world.clock.skip(5_000);
    expect(brief(await ask(app, 'login'))).toBe('503 unavailable');
  });

  test('only about its own mail domains', async () => {
    const body = { address: 'anna@example.org' };
    expect(brief(await ask(app, 'login', { token: 'observer-token', body }))).toBe('403 address-not-served');
  });

  test('private_key_jwt', async () => {
    world.given(enrolled);
    expect(brief(await ask(app, 'login', { token: await assertion() }))).toBe('200 code');
    expect(world.server.requests.filter(({ path }) => path.includes('tokenreviews'))).toEqual([]);
  });

  test.each([
    ['of another audience', { aud: 'https://other.example.com' }],
    ['about somebody else', { sub: 'gateway' }],
    ['that is over', { iat: now / 1000 - 400, exp: now / 1000 - 100 }],
    ['that was made long ago', { iat: now / 1000 - 400, exp: now / 1000 + 4000 }],
    ['that lives too long', { exp: now / 1000 + 301 }],
    ['without jti', { jti: undefined }],
    ['without exp', { exp: undefined }],
    ['from the future', { iat: now / 1000 + 100 }],
  ])('an assertion %s is refused', async (_, claims) => {
    expect(brief(await ask(app, 'login', { token: await assertion(claims) }))).toBe('401 unauthorized');
  });

  test('only who could have made a good one is told that an assertion lives too long', async () => {
    const claims = { exp: now / 1000 + 31_536_000 };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const [own, forged] = [await assertion(claims), await assertion(claims, privateKey)];
    expect((await ask(app, 'login', { token: own })).body['detail']).toContain('at most 300 s after its iat');
    expect((await ask(app, 'login', { token: forged })).body['detail']).not.toContain('iat');
  });

  test('an assertion with another key, and one with none, is refused', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(brief(await ask(app, 'login', { token: await assertion({}, privateKey) }))).toBe('401 unauthorized');
    const [, payload = ''] = (await assertion()).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    expect(brief(await ask(app, 'login', { token: none }))).toBe('401 unauthorized');
  });

  test('not more often than configured, each by itself', async () => {
    world.given(enrolled);
    const token = await assertion();
    const answers = [];
    for (let count = 0; count < 7; count += 1) answers.push(await ask(app, 'login', { token }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(Number(answers.at(-1)!.headers['retry-after'])).toBeGreaterThan(0);
    expect(brief(await ask(app, 'login'))).toBe('200 code');
    world.clock.skip(60_000);
    expect(brief(await ask(app, 'login', { token }))).toBe('200 code');
  });

  describe('bad tokens', () => {
    const gateway = 'system:serviceaccount:mail:gateway';
    const forged = (count: number) => tokenOf(gateway, 'exchange2fa-login', `Zm9yZ2Vk${count}`);
    const reviews = () => world.server.requests.filter(({ path }) => path.includes('tokenreviews')).length;
    const all = (count: number, token: (index: number) => string) =>
      Promise.all(Array.from({ length: count }, (_, index) => ask(app, 'login', { token: token(index) })));

    test('that do not say that they are for us and of a caller are not worth a question', async () => {
      world.given(enrolled);
      const foreign = [
        tokenOf(gateway, 'https://kubernetes'),
        tokenOf('system:serviceaccount:mail:x', 'exchange2fa-login'),
      ];
      const answers = await all(200, (index) => foreign[index] ?? `bad-${index}`);
      expect(new Set(answers.map(brief))).toEqual(new Set(['401 unauthorized']));
      expect(reviews()).toBe(0);
      // Nor do they keep anybody behind the same proxy from calling.
      expect(brief(await ask(app, 'login'))).toBe('200 code');
    });

    test('many at once: no more questions than one after the other', async () => {
      const answers = (await all(200, forged)).map(brief);
      expect(answers.filter((answer) => answer === '401 unauthorized')).toHaveLength(60);
      expect(answers.filter((answer) => answer === '429 rate-exceeded')).toHaveLength(140);
      expect(reviews()).toBe(60);
    });

    test('a caller that was admitted before still gets through, also after 10 s', async () => {
      world.given(enrolled);
      await ask(app, 'login');
      await all(100, forged);
      expect(brief(await ask(app, 'login', { token: forged(100) }))).toBe('429 rate-exceeded');
      world.clock.skip(10_000);
      expect(brief(await ask(app, 'login'))).toBe('200 code');
    });

    test('a good token costs nothing: many callers may begin in the same minute', async () => {
      world.given(enrolled);
      const genuine = (index: number) => tokenOf(gateway, 'exchange2fa-login', `Z2VudWluZQ${index}`);
      for (let index = 0; index < 100; index += 1) {
        world.server.tokens.set(genuine(index), { user: gateway, audiences: ['exchange2fa-login'] });
        expect(brief(await ask(app, 'login', { token: genuine(index) }))).toBe('200 code');
      }
    });

    test('one question for all who send the same token at once', async () => {
      world.given(enrolled);
      const answers = await all(100, () => 'gateway-token');
      expect(new Set(answers.map(brief))).toEqual(new Set(['200 code']));
      expect(reviews()).toBe(1);
    });
  });
});

test.each(['/v1/%zz', '/v1/verify%'])('%s is answered with a problem that repeats nothing', async (url) => {
  const answered = await app.inject({ method: 'POST', url });
  expect([answered.statusCode, answered.headers['content-type']]).toEqual([400, 'application/problem+json']);
  expect(answered.json()).toMatchObject({ type: 'https://exchange2fa.io/problems/bad-request' });
  expect(answered.headers['cache-control']).toBe('no-store');
  expect(answered.body).not.toContain('%');
});

test.each([
  ['GET', 'login'],
  ['HEAD', 'login'],
  ['PUT', 'enroll'],
  ['DELETE', 'verify'],
  ['OPTIONS', 'verify'],
] as const)('%s %s: 405 before anybody is asked who calls, with what is allowed', async (method, route) => {
  const payload = method === 'PUT' ? { headers: { 'content-type': 'text/plain' }, payload: 'x' } : {};
  const answered = await app.inject({ method, url: `/v1/${route}`, ...payload });
  expect(answered.statusCode).toBe(405);
  expect(answered.headers).toMatchObject({ allow: 'POST', 'cache-control': 'no-store' });
  if (method === 'HEAD') return;
  const contentType = String(answered.headers['content-type']);
  expectDescribed(route, { status: 405, contentType, body: answered.json() });
  expect(world.server.requests).toEqual([]);
});

test('the description is served, and nothing is cached', async () => {
  const served = await app.inject('/v1/openapi.json');
  expect(served.json()).toMatchObject({ openapi: '3.1.0' });
  expect(served.headers['cache-control']).toBe('no-store');
  const posted = await app.inject({ method: 'POST', url: '/v1/openapi.json' });
  expect([posted.statusCode, posted.headers['allow']]).toEqual([405, 'GET, HEAD']);
  const nothing = await app.inject('/v1/nothing');
  expect([nothing.statusCode, nothing.headers['content-type']]).toEqual([404, 'application/problem+json']);
});
