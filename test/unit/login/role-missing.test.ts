import { beforeEach, describe, expect, test } from 'vitest';
import type { RawRequest } from '../../../src/kube/transport/transport.ts';
import { ask, brief } from './support/ask.ts';
import { code, enrolled } from './tables/record.ts';
import { address, createWorld, testConfig, tokens, type World } from './support/world.ts';

const remedy = 'kubectl apply -k manifests/tenant-login -n tenant';
let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const forbid = (method: string): void => {
  world.server.fault = (request: RawRequest) =>
    request.method === method && request.path.includes('/secrets/') ? { kind: 'answer', status: 403 } : undefined;
};
const asked = () => world.server.requests.map(({ method, path }) => `${method} ${path}`);

test('a namespace is tried once at the start, however many it is served to', async () => {
  await world.replicas[0]!.tryOut();
  expect(asked()).toEqual([
    'GET /api/v1/namespaces/tenant/secrets/totp-none',
    'POST /apis/authentication.k8s.io/v1/tokenreviews',
  ]);
  expect(world.log.lines).toEqual([]);
});

test.each<[string, () => void, object]>([
  ['a Role that is missing, with what gives it', () => forbid('GET'), { namespace: 'tenant', remedy }],
  [
    'an API server that is away',
    () => (world.server.fault = () => ({ kind: 'drop' })),
    { namespace: 'tenant', error: expect.any(String) as string },
  ],
])('is told of at the start: %s', async (_, give, fields) => {
  give();
  await world.replicas[0]!.tryOut();
  const lines = world.log.lines.filter(({ message }) => message === 'nobody of this namespace can be judged');
  expect(lines).toMatchObject([{ level: 'warn', fields }]);
  expect('remedy' in lines[0]!.fields).toBe('remedy' in fields);
});

describe('the right to ask whose token it is', () => {
  const reviewsRemedy = 'kubectl apply -k manifests/login';
  const message = 'no caller of the API can be known by a ServiceAccount’s token';
  const told = () => world.log.lines.filter((line) => line.message === message);
  const forbidReviews = (): void => {
    world.server.fault = ({ path }: RawRequest) =>
      path.includes('/tokenreviews') ? { kind: 'answer', status: 403 } : undefined;
  };

  test('is tried once at the start, and told of where it is missing', async () => {
    forbidReviews();
    await world.replicas[0]!.tryOut();
    expect(told()).toMatchObject([{ level: 'error', fields: { remedy: reviewsRemedy } }]);
  });

  test('who is refused as it is missing finds the remedy in the log, and no token', async () => {
    forbidReviews();
    expect(brief(await ask(world.replicas[0]!.app, 'login'))).toBe('503 unavailable');
    expect(told()).toMatchObject([{ level: 'error', fields: { remedy: reviewsRemedy } }]);
    expect(JSON.stringify(world.log.lines)).not.toContain(tokens['gateway-token']!.token);
  });

  test('is not tried where no caller has a ServiceAccount', async () => {
    world = await createWorld(1, { ...testConfig, apiCallers: [] });
    await world.replicas[0]!.tryOut();
    expect(asked()).toEqual([]);
  });
});

test('who is refused as a Role is missing finds the remedy in the log', async () => {
  forbid('GET');
  expect(brief(await ask(world.replicas[0]!.app, 'login'))).toBe('503 unavailable');
  expect(world.log.lines).toContainEqual(
    expect.objectContaining({ message: 'nobody can be judged', fields: expect.objectContaining({ remedy }) as object }),
  );
});

test('a write that is refused, as a policy may do, means no Role', async () => {
  world.given(enrolled);
  forbid('PATCH');
  await ask(world.replicas[0]!.app, 'verify', { body: { address, code: code(0) } });
  const line = world.log.lines.find(({ message }) => message === 'nobody can be judged');
  expect(line?.fields).toHaveProperty('error');
  expect(line?.fields).not.toHaveProperty('remedy');
});
