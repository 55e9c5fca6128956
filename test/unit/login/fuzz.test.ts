import fc from 'fast-check';
import type { FastifyInstance } from 'fastify';
import { beforeAll, expect, test } from 'vitest';
import { ask } from './support/ask.ts';
import { address, createWorld, type World } from './support/world.ts';
import { enrolled, unscanned } from './tables/record.ts';

let world: World;
let app: FastifyInstance;

beforeAll(async () => {
  world = await createWorld();
  app = world.replicas[0]!.app;
  world.given(enrolled);
  world.given(unscanned, 'ben@example.com');
});

const routes = fc.constantFrom('login', 'enroll', 'verify');

/** 4xx with a clear message, never a 5xx, nothing written. */
const isRefused = ({ status, body }: Awaited<ReturnType<typeof ask>>): void => {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(body['detail']).toMatch(/\S+ \S+/);
  expect(world.server.writes()).toEqual([]);
};

test('bodies that are no JSON', async () => {
  await fc.assert(
    fc.asyncProperty(routes, fc.string({ unit: 'binary' }), async (route, text) => {
      fc.pre(!text.trim().startsWith('{'));
      isRefused(await ask(app, route, { body: text }));
    }),
  );
});

test('JSON that is not as described', async () => {
  await fc.assert(
    fc.asyncProperty(routes, fc.jsonValue(), async (route, value) => {
      isRefused(await ask(app, route, { body: JSON.stringify(value) }));
    }),
  );
});

test('members of other types, too long, or not known', async () => {
  const wrong = fc.oneof(
    fc.record({ address: fc.oneof(fc.integer(), fc.constant(null), fc.array(fc.string())) }),
    fc.record({ address: fc.string({ minLength: 255, maxLength: 400 }) }),
    fc.record({ address: fc.constant(address), code: fc.oneof(fc.integer(), fc.constant(null), fc.object()) }),
    fc
      .record({ address: fc.constant(address), code: fc.constant('123456'), more: fc.anything({ maxDepth: 1 }) })
      .filter(({ more }) => more !== undefined && JSON.stringify({ more }) !== '{}'),
  );
  await fc.assert(
    fc.asyncProperty(wrong, async (body) => {
      const text = JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? 'big' : value));
      isRefused(await ask(app, 'verify', { body: text }));
    }),
  );
});

test('codes that are none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 64 }), async (typed) => {
      fc.pre(
        typed.length <= 64 && !/^(\d{6}|\d{8})$/.test(typed.normalize('NFKC').replace(/[\s\p{Zs}\p{Pd}\u2212]/gu, '')),
      );
      isRefused(await ask(app, 'verify', { body: { address, code: typed } }));
    }),
  );
});

test('headers', async () => {
  const strangers = (await createWorld()).replicas[0]!.app;
  const printable = fc.string({ minLength: 0, maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(printable, printable, async (authorization, contentType) => {
      fc.pre(authorization !== 'Bearer gateway-token');
      isRefused(await ask(strangers, 'login', { headers: { authorization } }));
      fc.pre(!/json/i.test(contentType));
      isRefused(await ask(app, 'login', { headers: { 'content-type': contentType } }));
    }),
  );
});

test('an idempotency key that is none', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ maxLength: 15 }), async (key) => {
      isRefused(await ask(app, 'verify', { key, body: { address, code: '123456' } }));
    }),
  );
});

test('addresses of every kind write nothing and meet no error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', minLength: 3, maxLength: 100 }), async (unknown) => {
      const { status } = await ask(app, 'login', { body: { address: unknown } });
      expect(status).toBe(200);
      expect(world.server.writes()).toEqual([]);
    }),
  );
});

test('a body that is too large', async () => {
  isRefused(await ask(app, 'login', { body: { address, deviceToken: 'x'.repeat(20_000) } }));
});
