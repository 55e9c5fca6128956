import { beforeEach, describe, expect, it } from 'vitest';
import { type Client, type ServerTimeSample } from '../../../src/kube/client.ts';
import { createClient } from '../../../src/kube/create-client.ts';
import { type KubeError, KubeFailure, orThrow, type Result } from '../../../src/kube/errors.ts';
import { type KubeObject, keyOf, pathOf, refOf, secretsResource } from '../../../src/kube/resource.ts';
import { TransportFailure } from '../../../src/kube/transport.ts';
import { type StorageWentBack, Tripwire } from '../../../src/kube/tripwire.ts';
import { FakeServer, status, steadyRandom } from './fake-server.ts';
import { page, thing, things } from './reflector-world.ts';
import { VirtualClock } from './virtual-clock.ts';

const canary = 'JBSWY3DPEHPK3PXP';
const ref = { namespace: 'ns', name: 'a' };

let clock: VirtualClock;
let server: FakeServer;
let client: Client;
let alarms: StorageWentBack[];
let times: ServerTimeSample[];

beforeEach(() => {
  clock = new VirtualClock();
  server = new FakeServer();
  alarms = [];
  times = [];
  const tripwire = new Tripwire(clock);
  tripwire.onStorageWentBack((event) => void alarms.push(event));
  const onServerTime = (sample: ServerTimeSample): void => void times.push(sample);
  client = createClient({
    transport: server,
    clock,
    random: steadyRandom,
    userAgent: 'test/1',
    tripwire,
    onServerTime,
  });
});

/** Lets time pass until the call ends. */
const finish = async <T>(call: Promise<Result<T>>): Promise<Result<T>> => {
  await clock.advance(60_000);
  return call;
};

const errorOf = <T>(result: Result<T>): KubeError => {
  if (result.ok) throw new Error('expected a failure');
  return result.error;
};

const patchAt = (resourceVersion: string) => ({ metadata: { resourceVersion } });

const causes = (...list: readonly object[]): object => ({ details: { causes: list } });

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
    'a refused field',
    422,
    status(422, 'Invalid', causes({ field: 'spec.x', reason: 'FieldValueInvalid', message: 'must be 1' })),
    { kind: 'invalid', causes: [{ field: 'spec.x', reason: 'FieldValueInvalid', message: 'must be 1' }] },
  ],
  [
    'a denying policy',
    422,
    status(422, 'Invalid', { message: "x is forbidden: ValidatingAdmissionPolicy 'guard.example.io' with binding" }),
    { kind: 'invalid', policy: 'guard.example.io', causes: [] },
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
    client.request({ method: 'PATCH', resource: things, address: ref, body: [{ op, path: '/spec/x', value: 1 }] });

  it.each([
    ['with a test, and 422 without a field: a conflict', 'test', undefined, 'conflict'],
    ['with a test, and a field refused: invalid', 'test', causes({ field: 'spec.x' }), 'invalid'],
    ['without a test: invalid', 'replace', undefined, 'invalid'],
  ])('%s', async (_what, op, more, kind) => {
    server.answer(422, status(422, 'Invalid', more));
    expect(errorOf(await finish(jsonPatch(op))).kind).toBe(kind);
  });
});

describe('a write that is answered by', () => {
  it.each(answers)('%s', async (_what, code, body, expected) => {
    server.answer(code, body);
    const error = errorOf(await finish(client.mergePatch(things, ref, patchAt('5'))));
    expect(error).toMatchObject(expected);
    expect(error.text).toContain('PATCH things.example.io ns/a');
    expect(server.requests).toHaveLength(1);
  });

  it('429 is repeated when the server says, as it did not run it', async () => {
    server.answer(429, status(429, 'TooManyRequests'), { 'retry-after': '2' }).answer(200, thing('a', '6'));
    const call = client.mergePatch(things, ref, patchAt('5'));
    await clock.advance(1_900);
    expect(server.requests).toHaveLength(1);
    expect((await finish(call)).ok).toBe(true);
  });

  it('429 until its deadline ends as that', async () => {
    for (let round = 0; round < 9; round++) server.answer(429, '', { 'retry-after': '3' });
    expect(errorOf(await finish(client.mergePatch(things, ref, patchAt('5'))))).toMatchObject({
      kind: 'tooManyRequests',
      retryAfterMs: 3_000,
    });
    expect(server.requests).toHaveLength(4);
  });

  it.each([
    ['nothing, after it was sent', new TransportFailure('connection', true, 'x'), 'unknownOutcome'],
    ['nothing in time, after it was sent', new TransportFailure('timeout', true, 'x'), 'unknownOutcome'],
    ['nobody', new TransportFailure('connection', false, 'x'), 'unavailable'],
    ['the caller, who ended it', new TransportFailure('aborted', true, 'x'), 'aborted'],
  ])('%s is not repeated', async (_what, failure, kind) => {
    server.fail(failure);
    expect(errorOf(await finish(client.create(things, thing('a', '1')))).kind).toBe(kind);
    expect(server.requests).toHaveLength(1);
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
    prepare(server).answer(200, thing('a', '6'));
    expect(orThrow(await finish(client.get(things, ref))).metadata.resourceVersion).toBe('6');
  });

  it('failures only ends at its deadline', async () => {
    server.respond = () => ({ status: 503, body: '' });
    const startedMs = clock.monotonic();
    const call = client.get(things, ref, { deadlineMs: 5_000 }).then((result) => ({ result, atMs: clock.monotonic() }));
    await clock.advance(60_000);
    const { result, atMs } = await call;
    expect(errorOf(result)).toMatchObject({ kind: 'unavailable', status: 503 });
    expect(atMs - startedMs).toBeLessThanOrEqual(5_000);
    expect(server.requests.length).toBeGreaterThan(3);
  });

  it('a failure is the result of a read that is to be tried once', async () => {
    server.answer(503, '').answer(200, thing('a', '6'));
    expect(errorOf(await finish(client.get(things, ref, { once: true })))).toMatchObject({ kind: 'unavailable' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['HTML', '<html>'],
    ['a truncated body', '{"metadata":{"name":"a"'],
    ['a list in place of an object', page('5', [])],
  ])('%s is malformed', async (_what, body) => {
    server.answer(200, body);
    expect(errorOf(await finish(client.get(things, ref))).kind).toBe('malformed');
  });
});

describe('a list', () => {
  it.each([
    ['whose items are null is empty', { ...page('5', []), items: null }, true],
    ['without items is malformed, not empty', { ...page('5', []), items: undefined }, false],
    ['that is an object is malformed, not empty', thing('a', '5'), false],
  ])('%s', async (_what, body, ok) => {
    server.answer(200, body);
    const result = await finish(client.list(things));
    expect(result.ok ? result.value.items : result.error.kind).toEqual(ok ? [] : 'malformed');
  });

  it('at an exact version says so, and proves nothing of where storage is', async () => {
    server.answer(200, page('354', [])).answer(200, page('5', []));
    await client.list(things);
    await client.list(things, { exactly: '5' });
    expect(server.query).toEqual({ resourceVersion: '5', resourceVersionMatch: 'Exact' });
    expect(alarms).toEqual([]);
  });
});

describe('never sent is', () => {
  const secret = { metadata: { namespace: 'ns', name: 's' } };
  const body = { data: { seed: canary } };
  it.each([
    ['a patch of a Secret without resourceVersion', () => client.mergePatch(secretsResource, ref, body)],
    ['one with an empty resourceVersion', () => client.mergePatch(secretsResource, ref, patchAt(''))],
    ['an apply of a Secret without it', () => client.apply(secretsResource, secret, { fieldManager: 'f' })],
    [
      'a JSON patch of a Secret',
      () => client.request({ method: 'PATCH', resource: secretsResource, address: ref, body: [] }),
    ],
    [
      'a PUT without it',
      () => client.request({ method: 'PUT', resource: secretsResource, address: ref, body: secret }),
    ],
    ['a delete without uid', () => client.delete(things, ref, { uid: '', resourceVersion: '5' })],
    ['a delete without resourceVersion', () => client.delete(things, ref, { uid: 'u', resourceVersion: '' })],
    ['a delete of a collection', () => client.request({ method: 'DELETE', resource: things, address: {} })],
    ['a list at version 0', () => client.list(things, { notOlderThan: '0' })],
  ] as readonly (readonly [string, () => Promise<unknown>])[])('%s', async (_what, send) => {
    await expect((async () => send())()).rejects.toThrow('refused to send');
    expect(server.requests).toEqual([]);
  });
});

describe('on the wire', () => {
  it('a write of a Secret asks for metadata only, so that no data comes back', async () => {
    server.answer(201, thing('s', '6'));
    await client.create(secretsResource, { metadata: { namespace: 'ns', name: 's' } });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/ns/secrets',
      headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'user-agent': 'test/1' },
    });
  });

  it('a status is a merge patch at a version', async () => {
    server.answer(200, thing('a', '6'));
    await client.patchStatus(things, ref, '5', { phase: 'x' });
    expect(server.requests[0]).toMatchObject({
      method: 'PATCH',
      path: '/apis/example.io/v1/namespaces/ns/things/a/status',
      body: '{"metadata":{"resourceVersion":"5"},"status":{"phase":"x"}}',
      headers: { accept: 'application/json', 'content-type': 'application/merge-patch+json' },
    });
  });

  it('a delete carries uid and version', async () => {
    server.answer(200, status(200, ''));
    expect((await client.delete(things, ref, { uid: 'u', resourceVersion: '5' })).ok).toBe(true);
    expect(server.requests[0]?.body).toBe('{"preconditions":{"uid":"u","resourceVersion":"5"}}');
  });

  it('a list of metadata asks for a list of it, and names are encoded', async () => {
    server.answer(200, page('5', []));
    await client.list(things, { metadataOnly: true, fieldSelector: 'type=a/b&c', limit: 500 });
    expect(server.requests[0]).toMatchObject({
      path: '/apis/example.io/v1/things?fieldSelector=type%3Da%2Fb%26c&limit=500',
      headers: { accept: expect.stringContaining('as=PartialObjectMetadataList;') as string },
    });
    expect(pathOf(things, { namespace: 'a/../b', name: 'x?y' })).toBe(
      '/apis/example.io/v1/namespaces/a%2F..%2Fb/things/x%3Fy',
    );
  });
});

it('an error never carries what the server echoed of a Secret', async () => {
  const echo = `Invalid value: "${canary}"`;
  const detail = { field: 'data[seed]', reason: 'FieldValueInvalid', message: echo };
  server.respond = () => ({ status: 422, body: status(422, 'Invalid', { message: echo, ...causes(detail) }) });
  const secret = { metadata: { namespace: 'ns', name: 's' }, data: { seed: canary } } as KubeObject;
  const error = errorOf(await client.create(secretsResource, secret));
  expect(JSON.stringify(error)).not.toContain(canary);
  expect(error).toMatchObject({ causes: [{ field: 'data[seed]', reason: 'FieldValueInvalid' }] });
  expect(() => orThrow({ ok: false, error })).toThrow(KubeFailure);
  expect(() => orThrow({ ok: false, error })).toThrow('POST secrets: 422 Invalid, data[seed]');
});

describe('storage that went back is noticed', () => {
  const seen354 = async (): Promise<void> => {
    server.answer(200, page('354', []));
    await client.list(things);
  };

  it.each([
    ['by a consistent list', () => client.list(things), page('291', []), 1],
    ['not by a list that asked for less', () => client.list(things, { notOlderThan: '200' }), page('291', []), 0],
    ['by a create', () => client.create(things, thing('a', '')), thing('a', '291'), 1],
    ['by a write that changed something', () => client.mergePatch(things, ref, patchAt('200')), thing('a', '291'), 1],
    ['not by a write that changed nothing', () => client.mergePatch(things, ref, patchAt('291')), thing('a', '291'), 0],
    ['not by a write that may have changed nothing', () => client.mergePatch(things, ref, {}), thing('a', '291'), 0],
    ['not by a get: an object may be old', () => client.get(things, ref), thing('a', '291'), 0],
  ] as readonly (readonly [string, () => Promise<unknown>, object, number])[])(
    '%s',
    async (_what, call, body, rings) => {
      await seen354();
      server.answer(200, body);
      await call();
      expect(alarms).toHaveLength(rings);
    },
  );
});

it('the server time is told once for each second of it', async () => {
  const date = new Date(clock.now() + 30_000).toUTCString();
  for (let round = 0; round < 2; round++) server.answer(200, thing('a', '5'), { date });
  await client.get(things, ref);
  await client.get(things, ref);
  expect(times).toEqual([{ offsetMs: 30_500, roundTripMs: 0 }]);
});

it.each([
  ['ns/a', { namespace: 'ns', name: 'a' }],
  ['a', { name: 'a' }],
])('key %s', (key, address) => {
  expect(keyOf(address)).toBe(key);
  expect(refOf(key)).toEqual(address);
});
