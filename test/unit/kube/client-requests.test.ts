import { describe, expect, it } from 'vitest';
import { type KubeObject, keyOf, pathOf, refOf, secretsResource } from '../../../src/kube/client/resource.ts';
import { KubeFailure, orThrow } from '../../../src/kube/client/errors.ts';
import { canary, causes, clientFixture, errorOf, patchAt, ref } from './client-fixture.ts';
import { status } from './fake-server.ts';
import { page, thing, things } from './reflector-world.ts';

const stage = clientFixture();

describe('never sent is', () => {
  const secret = { metadata: { namespace: 'ns', name: 's' } };
  const body = { data: { seed: canary } };
  it.each([
    ['a patch of a Secret without resourceVersion', () => stage.client.mergePatch(secretsResource, ref, body)],
    ['one with an empty resourceVersion', () => stage.client.mergePatch(secretsResource, ref, patchAt(''))],
    [
      'a JSON patch of a Secret',
      () => stage.client.request({ method: 'PATCH', resource: secretsResource, address: ref, body: [] }),
    ],
    [
      'a PUT without it',
      () => stage.client.request({ method: 'PUT', resource: secretsResource, address: ref, body: secret }),
    ],
    ['a delete without uid', () => stage.client.delete(things, ref, { uid: '', resourceVersion: '5' })],
    ['a delete without resourceVersion', () => stage.client.delete(things, ref, { uid: 'u', resourceVersion: '' })],
    ['a delete of a collection', () => stage.client.request({ method: 'DELETE', resource: things, address: {} })],
    ['a list at version 0', () => stage.client.list(things, { notOlderThan: '0' })],
  ] as readonly (readonly [string, () => Promise<unknown>])[])('%s', async (_what, send) => {
    await expect((async () => send())()).rejects.toThrow('refused to send');
    expect(stage.server.requests).toEqual([]);
  });
});

describe('on the wire', () => {
  it('a write of a Secret asks for metadata only, so that no data comes back', async () => {
    stage.server.answer(201, thing('s', '6'));
    await stage.client.create(secretsResource, { metadata: { namespace: 'ns', name: 's' } });
    expect(stage.server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/namespaces/ns/secrets',
      headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', 'user-agent': 'test/1' },
    });
  });

  it('a status is a merge patch at a version', async () => {
    stage.server.answer(200, thing('a', '6'));
    await stage.client.patchStatus(things, ref, '5', { phase: 'x' });
    expect(stage.server.requests[0]).toMatchObject({
      method: 'PATCH',
      path: '/apis/example.io/v1/namespaces/ns/things/a/status',
      body: '{"metadata":{"resourceVersion":"5"},"status":{"phase":"x"}}',
      headers: { accept: 'application/json', 'content-type': 'application/merge-patch+json' },
    });
  });

  it('a delete carries uid and version', async () => {
    stage.server.answer(200, status(200, ''));
    expect((await stage.client.delete(things, ref, { uid: 'u', resourceVersion: '5' })).ok).toBe(true);
    expect(stage.server.requests[0]?.body).toBe('{"preconditions":{"uid":"u","resourceVersion":"5"}}');
  });

  it('a list of metadata asks for a list of it, and names are encoded', async () => {
    stage.server.answer(200, page('5', []));
    await stage.client.list(things, { metadataOnly: true, fieldSelector: 'type=a/b&c', limit: 500 });
    expect(stage.server.requests[0]).toMatchObject({
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
  stage.server.respond = () => ({ status: 422, body: status(422, 'Invalid', { message: echo, ...causes(detail) }) });
  const secret = { metadata: { namespace: 'ns', name: 's' }, data: { seed: canary } } as KubeObject;
  const error = errorOf(await stage.client.create(secretsResource, secret));
  expect(JSON.stringify(error)).not.toContain(canary);
  expect(error).toMatchObject({ causes: [{ field: 'data[seed]', reason: 'FieldValueInvalid' }] });
  expect(() => orThrow({ ok: false, error })).toThrow(KubeFailure);
  expect(() => orThrow({ ok: false, error })).toThrow('POST secrets: 422 Invalid, data[seed]');
});

it.each([
  ['ns/a', { namespace: 'ns', name: 'a' }],
  ['a', { name: 'a' }],
])('key %s', (key, address) => {
  expect(keyOf(address)).toBe(key);
  expect(refOf(key)).toEqual(address);
});
