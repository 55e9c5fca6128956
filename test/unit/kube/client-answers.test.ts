import { describe, expect, it } from 'vitest';
import { type KubeError, orThrow } from '../../../src/kube/client/errors.ts';
import { TransportFailure } from '../../../src/kube/transport/transport.ts';
import { causes, clientFixture, errorOf, patchAt, ref } from './client-fixture.ts';
import { type FakeServer, status } from './fake-server.ts';
import { page, thing, things } from './reflector-world.ts';

const stage = clientFixture();

const answers: readonly (readonly [string, number, unknown, Partial<KubeError>])[] = [
  ['a missing object', 404, status(404, 'NotFound'), { kind: 'notFound' }],
  ['a resource that is not served', 404, '404 page not found\n', { kind: 'unknownResource' }],
  ['a stale version', 409, status(409, 'Conflict'), { kind: 'conflict', fields: [] }],
  [
    'a field of another manager',
    409,
    status(409, 'Conflict', causes({ reason: 'FieldManagerConflict', field: '.spec.x' })),
    { kind: 'conflict', fields: ['.spec.x'] },
  ],
  ['an existing name', 409, status(409, 'AlreadyExists'), { kind: 'alreadyExists' }],
  ['an expired version', 410, status(410, 'Expired'), { kind: 'gone' }],
  ['a missing right', 403, status(403, 'Forbidden'), { kind: 'forbidden', because: 'permission' }],
  [
    'a namespace that ends',
    403,
    status(403, 'Forbidden', causes({ reason: 'NamespaceTerminating' })),
    { kind: 'forbidden', because: 'namespaceTerminating' },
  ],
  [
    'a quota',
    403,
    status(403, 'Forbidden', { message: 'secrets "a" is forbidden: exceeded quota: q, used: secrets=1' }),
    { kind: 'forbidden', because: 'quota' },
  ],
  [
    'a policy with reason Forbidden, which may quote anything',
    403,
    status(403, 'Forbidden', {
      message:
        `secrets "a" is forbidden: ValidatingAdmissionPolicy 'guard.example.io' with binding 'b' denied request: ` +
        'exceeded quota',
    }),
    {
      kind: 'forbidden',
      because: 'denied',
      denial: { by: 'policy', name: 'guard.example.io' },
      text: 'PATCH things.example.io ns/a: 403 Forbidden, denied by admission policy guard.example.io',
    },
  ],
  [
    'a webhook, which may quote anything',
    403,
    status(403, 'Forbidden', {
      message:
        'admission webhook "guard.example.io" denied the request: ' +
        "x is forbidden: ValidatingAdmissionPolicy 'a' denied request: exceeded quota",
    }),
    {
      kind: 'forbidden',
      because: 'denied',
      denial: { by: 'webhook', name: 'guard.example.io' },
      text: 'PATCH things.example.io ns/a: 403 Forbidden, denied by admission webhook guard.example.io',
    },
  ],
  [
    'a webhook, in the words of other versions',
    403,
    status(403, 'Forbidden', {
      message: 'secrets "a" is forbidden: admission webhook "guard.example.io" denied the request: no',
    }),
    { kind: 'forbidden', because: 'denied', denial: { by: 'webhook', name: 'guard.example.io' } },
  ],
  [
    'a webhook that gives no status: 400',
    400,
    status(400, '', { message: 'admission webhook "guard.example.io" denied the request without explanation' }),
    {
      kind: 'invalid',
      status: 400,
      denial: { by: 'webhook', name: 'guard.example.io' },
      text: 'PATCH things.example.io ns/a: 400, denied by admission webhook guard.example.io',
    },
  ],
  [
    'a webhook that is down, which the server quotes',
    500,
    status(500, 'InternalError', {
      message:
        'Internal error occurred: failed calling webhook "guard.example.io": failed to call webhook: ' +
        'Post "https://guard.example.svc:443/?timeout=10s": connection refused',
    }),
    {
      kind: 'unknownOutcome',
      status: 500,
      text: 'PATCH things.example.io ns/a: 500 InternalError, webhook guard.example.io could not be called',
    },
  ],
  [
    'a missing right of somebody who has the name of a policy',
    403,
    status(403, 'Forbidden', {
      message: `secrets "a" is forbidden: User "ValidatingAdmissionPolicy 'x'" cannot patch resource "secrets"`,
    }),
    { kind: 'forbidden', because: 'permission' },
  ],
  [
    'a refused field',
    422,
    status(422, 'Invalid', causes({ field: 'spec.x', reason: 'FieldValueInvalid', message: 'must be 1' })),
    { kind: 'invalid', status: 422, causes: [{ field: 'spec.x', reason: 'FieldValueInvalid', message: 'must be 1' }] },
  ],
  [
    'a denying policy',
    422,
    status(422, 'Invalid', { message: "x is forbidden: ValidatingAdmissionPolicy 'guard.example.io' with binding" }),
    { kind: 'invalid', denial: { by: 'policy', name: 'guard.example.io' }, causes: [] },
  ],
  ['no credentials', 401, status(401, 'Unauthorized'), { kind: 'unauthorized' }],
  ['500: etcd may have done it', 500, status(500, 'InternalError'), { kind: 'unknownOutcome', status: 500 }],
  ['502 of a proxy', 502, '<html>', { kind: 'unknownOutcome', status: 502 }],
  ['504', 504, status(504, 'Timeout'), { kind: 'unknownOutcome', status: 504 }],
  ['503', 503, '<html>', { kind: 'unavailable', status: 503 }],
  ['an answer that is no object', 200, '<html>', { kind: 'unknownOutcome', status: 200 }],
  ['an object without a version', 200, { metadata: { name: 'a' } }, { kind: 'unknownOutcome' }],
  ['a redirect', 302, '', { kind: 'unexpected', status: 302 }],
];

describe('a JSON patch', () => {
  const jsonPatch = (op: string) =>
    stage.client.request({
      method: 'PATCH',
      resource: things,
      address: ref,
      body: [{ op, path: '/spec/x', value: 1 }],
    });

  it.each([
    ['with a test, and 422 without a field: a conflict', 'test', undefined, 'conflict'],
    ['with a test, and a field refused: invalid', 'test', causes({ field: 'spec.x' }), 'invalid'],
    ['without a test: invalid', 'replace', undefined, 'invalid'],
  ])('%s', async (_what, op, more, kind) => {
    stage.server.answer(422, status(422, 'Invalid', more));
    expect(errorOf(await stage.finish(jsonPatch(op))).kind).toBe(kind);
  });
});

describe('a write that is answered by', () => {
  it.each(answers)('%s', async (_what, code, body, expected) => {
    stage.server.answer(code, body);
    const error = errorOf(await stage.finish(stage.client.mergePatch(things, ref, patchAt('5'))));
    expect(error).toMatchObject(expected);
    expect(error.text).toContain('PATCH things.example.io ns/a');
    expect(stage.server.requests).toHaveLength(1);
  });

  it('429 is repeated when the server says, as it did not run it', async () => {
    stage.server.answer(429, status(429, 'TooManyRequests'), { 'retry-after': '2' }).answer(200, thing('a', '6'));
    const call = stage.client.mergePatch(things, ref, patchAt('5'));
    await stage.clock.advance(1_900);
    expect(stage.server.requests).toHaveLength(1);
    expect((await stage.finish(call)).ok).toBe(true);
  });

  it('429 until its deadline ends as that', async () => {
    for (let round = 0; round < 9; round++) stage.server.answer(429, '', { 'retry-after': '3' });
    expect(errorOf(await stage.finish(stage.client.mergePatch(things, ref, patchAt('5'))))).toMatchObject({
      kind: 'tooManyRequests',
      retryAfterMs: 3_000,
    });
    expect(stage.server.requests).toHaveLength(4);
  });

  it.each([
    ['nothing, after it was sent', new TransportFailure('connection', true, 'x'), 'unknownOutcome'],
    ['nothing in time, after it was sent', new TransportFailure('timeout', true, 'x'), 'unknownOutcome'],
    ['nobody', new TransportFailure('connection', false, 'x'), 'unavailable'],
    ['the caller, who ended it', new TransportFailure('aborted', true, 'x'), 'aborted'],
  ])('%s is not repeated', async (_what, failure, kind) => {
    stage.server.fail(failure);
    expect(errorOf(await stage.finish(stage.client.create(things, thing('a', '1')))).kind).toBe(kind);
    expect(stage.server.requests).toHaveLength(1);
  });
});

describe('a read that is answered by', () => {
  it.each([
    ['500', (s: FakeServer) => s.answer(500, status(500, 'InternalError'))],
    ['503', (s: FakeServer) => s.answer(503, '')],
    ['504', (s: FakeServer) => s.answer(504, status(504, 'Timeout'))],
    ['429', (s: FakeServer) => s.answer(429, '', { 'retry-after': '1' })],
    ['a lost connection', (s: FakeServer) => s.fail(new TransportFailure('connection', true, 'x'))],
    ['silence', (s: FakeServer) => s.fail(new TransportFailure('timeout', true, 'x'))],
  ])('%s is repeated', async (_what, prepare) => {
    prepare(stage.server).answer(200, thing('a', '6'));
    expect(orThrow(await stage.finish(stage.client.get(things, ref))).metadata.resourceVersion).toBe('6');
  });

  it('failures only ends at its deadline', async () => {
    stage.server.respond = () => ({ status: 503, body: '' });
    const startedMs = stage.clock.monotonic();
    const call = stage.client
      .get(things, ref, { deadlineMs: 5_000 })
      .then((result) => ({ result, atMs: stage.clock.monotonic() }));
    await stage.clock.advance(60_000);
    const { result, atMs } = await call;
    expect(errorOf(result)).toMatchObject({ kind: 'unavailable', status: 503 });
    expect(atMs - startedMs).toBeLessThanOrEqual(5_000);
    expect(stage.server.requests.length).toBeGreaterThan(3);
  });

  it('a failure is the result of a read that is to be tried once', async () => {
    stage.server.answer(503, '').answer(200, thing('a', '6'));
    expect(errorOf(await stage.finish(stage.client.get(things, ref, { once: true })))).toMatchObject({
      kind: 'unavailable',
    });
    expect(stage.server.requests).toHaveLength(1);
  });

  it.each([
    ['HTML', '<html>'],
    ['a truncated body', '{"metadata":{"name":"a"'],
    ['a list in place of an object', page('5', [])],
  ])('%s is malformed', async (_what, body) => {
    stage.server.answer(200, body);
    expect(errorOf(await stage.finish(stage.client.get(things, ref))).kind).toBe('malformed');
  });
});

describe('a list', () => {
  it.each([
    ['whose items are null is empty', { ...page('5', []), items: null }, true],
    ['without items is malformed, not empty', { ...page('5', []), items: undefined }, false],
    ['that is an object is malformed, not empty', thing('a', '5'), false],
  ])('%s', async (_what, body, ok) => {
    stage.server.answer(200, body);
    const result = await stage.finish(stage.client.list(things));
    expect(result.ok ? result.value.items : result.error.kind).toEqual(ok ? [] : 'malformed');
  });

  it('at an exact version says so, and proves nothing of where storage is', async () => {
    stage.server.answer(200, page('354', [])).answer(200, page('5', []));
    await stage.client.list(things);
    await stage.client.list(things, { exactly: '5' });
    expect(stage.server.query).toEqual({ resourceVersion: '5', resourceVersionMatch: 'Exact' });
    expect(stage.alarms).toEqual([]);
  });
});
