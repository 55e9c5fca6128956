// @module-tag seed-safety
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallOptions } from '../../../src/kube/client/client.ts';
import { orThrow, type Result } from '../../../src/kube/client/errors.ts';
import { secretsResource } from '../../../src/kube/client/resource.ts';
import type { ActiveRule, Act } from '../../support/fault-proxy-rules.ts';
import { kubeStage } from './kube-stage.ts';
import { statusBody } from './requests.ts';
import { configMaps, errorOf, thing } from './world.ts';

const stage = kubeStage();

beforeEach(() => stage.world.put(stage.space, 'a', 'old'));
afterEach(() => stage.world.proxy.reset());

/** The first request of this method meets this. */
const on = (method: string, act: Act): ActiveRule =>
  stage.world.proxy.add({ method, path: /configmaps|secrets/, nth: 1, act });

const asked = (method: string): number =>
  stage.world.proxy.requests.filter((request) => request.method === method).length;

const respond = (status: number, reason: string, more: object = {}) =>
  ({ do: 'respond', status, body: statusBody(status, reason), ...more }) as const;

const textOf = async (name: string): Promise<string | undefined> => {
  const found = await stage.world.direct.get(configMaps, stage.named(name));
  return found.ok ? (await stage.world.look(stage.space, name)).data?.['text'] : undefined;
};

interface Write {
  readonly method: string;
  readonly run: (how: CallOptions) => Promise<Result<unknown>>;
  readonly isDone: () => Promise<boolean>;
}

const writes: Readonly<Record<string, Write>> = {
  'a create': {
    method: 'POST',
    run: (how) => stage.client.create(configMaps, thing(stage.space, 'b', 'new'), how),
    isDone: async () => (await textOf('b')) === 'new',
  },
  'a merge patch': {
    method: 'PATCH',
    run: (how) => stage.client.mergePatch(configMaps, stage.named('a'), { data: { text: 'new' } }, how),
    isDone: async () => (await textOf('a')) === 'new',
  },
  'a delete': {
    method: 'DELETE',
    run: async (how) =>
      stage.client.delete(configMaps, stage.named('a'), (await stage.world.look(stage.space, 'a')).metadata, how),
    isDone: async () => (await textOf('a')) === undefined,
  },
};

/** What can become of an answer, and whether the write was done all the same. */
const losses: readonly (readonly [string, Act, boolean])[] = [
  ['is lost with the connection', { do: 'drop-after' }, true],
  ['never comes, as the request was lost', { do: 'drop-before' }, false],
  ['is 500 although it was done', respond(500, 'InternalError', { afterForwarding: true }), true],
  ['is 502 of a proxy', respond(502, 'BadGateway', { afterForwarding: true }), true],
  ['is 504 although it was done', respond(504, 'Timeout', { afterForwarding: true }), true],
  ['is HTML with 200', { do: 'respond', status: 200, body: '<html>', afterForwarding: true }, true],
  ['is broken off', { do: 'respond', status: 200, body: '{"metadata":{"na', afterForwarding: true }, true],
  ['does not come in time', { do: 'stall' }, false],
];

describe.each(Object.entries(writes))('%s whose answer', (_name, { method, run, isDone }) => {
  it.each(losses)('%s has an unknown outcome and is not sent again', async (_loss, act, done) => {
    on(method, act);
    expect((await errorOf(run({ deadlineMs: 1_500 }))).kind).toBe('unknownOutcome');
    await expect.poll(isDone).toBe(done);
    expect(asked(method)).toBe(1);
  });

  it('is 429 was not done, and is sent again after as long as the server asks', async () => {
    on(method, respond(429, 'TooManyRequests', { headers: { 'retry-after': '1' } }));
    const startedMs = performance.now();
    expect((await run({})).ok).toBe(true);
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
    expect([await isDone(), asked(method)]).toEqual([true, 2]);
  });

  it('is 503 was not done, and is left to the caller', async () => {
    on(method, respond(503, 'ServiceUnavailable'));
    expect(await errorOf(run({}))).toMatchObject({ kind: 'unavailable', status: 503 });
    expect([await isDone(), asked(method)]).toEqual([false, 1]);
  });

  it('comes later than the deadline happens all the same', async () => {
    on(method, { do: 'delay', ms: 600 });
    expect((await errorOf(run({ deadlineMs: 300 }))).kind).toBe('unknownOutcome');
    await expect.poll(isDone, { timeout: 5_000 }).toBe(true);
  });
});

describe('a write', () => {
  it('repeated after its answer was lost finds what it had made', async () => {
    on('POST', { do: 'drop-after' });
    await stage.client.create(configMaps, thing(stage.space, 'b', 'mine'));
    expect((await errorOf(stage.client.create(configMaps, thing(stage.space, 'b', 'mine')))).kind).toBe(
      'alreadyExists',
    );
  });

  it('at a version, repeated after its answer was lost, does not happen twice', async () => {
    const { metadata } = await stage.world.look(stage.space, 'a');
    const patch = { metadata: { resourceVersion: metadata.resourceVersion }, data: { text: 'new' } };
    on('PATCH', { do: 'drop-after' });
    expect((await errorOf(stage.client.mergePatch(configMaps, stage.named('a'), patch))).kind).toBe('unknownOutcome');
    await stage.world.put(stage.space, 'a', 'of another since');
    expect((await errorOf(stage.client.mergePatch(configMaps, stage.named('a'), patch))).kind).toBe('conflict');
    expect(await textOf('a')).toBe('of another since');
  });

  it('ended by its caller ends at once', async () => {
    on('PATCH', { do: 'stall' });
    const signal = AbortSignal.timeout(200);
    const call = stage.client.mergePatch(configMaps, stage.named('a'), { data: { text: 'new' } }, { signal });
    expect((await errorOf(call)).kind).toBe('aborted');
  });

  it('on a connection that was lost while nothing happened on it goes through', async () => {
    orThrow(await stage.client.get(configMaps, stage.named('a')));
    stage.world.proxy.cutAll();
    await expect.poll(() => stage.world.proxy.requests.length).toBeGreaterThan(0);
    orThrow(await stage.client.mergePatch(configMaps, stage.named('a'), { data: { text: 'new' } }));
  });

  it('of a Secret without a version is not sent at all', async () => {
    await expect(
      (async () => stage.client.mergePatch(secretsResource, stage.named('s'), { data: {} }))(),
    ).rejects.toThrow('refused to send');
    expect(stage.world.proxy.requests).toEqual([]);
  });
});

describe('a read whose answer', () => {
  it.each([
    ['is lost', { do: 'drop-after' }],
    ['does not come in time', { do: 'stall' }],
    ['is 500', respond(500, 'InternalError')],
    ['is 503 in HTML', { do: 'respond', status: 503, body: '<html>' }],
    ['is 504', respond(504, 'Timeout')],
    ['is 429', respond(429, 'TooManyRequests', { headers: { 'retry-after': '1' } })],
  ] as const)('%s is asked for again', async (_what, act) => {
    on('GET', act);
    const result = await stage.client.get(configMaps, stage.named('a'), { deadlineMs: 4_000 });
    expect([result.ok, asked('GET')]).toEqual([true, 2]);
  });

  it.each([
    ['HTML with 200', '<html>'],
    ['broken off', '{"kind":"ConfigMapList","metadata":{"resourceVersion":"5"},"items":[{"meta'],
    ['a single object', '{"kind":"ConfigMap","metadata":{"name":"a","uid":"u","resourceVersion":"5"}}'],
    ['of another kind', '{"kind":"Status","metadata":{},"status":"Success"}'],
  ])('is %s is malformed, and no empty list', async (_what, body) => {
    on('GET', { do: 'respond', status: 200, body });
    expect((await errorOf(stage.client.list(configMaps, { namespace: stage.space }))).kind).toBe('malformed');
  });

  it('never comes ends at its deadline', async () => {
    stage.world.proxy.add({ path: /configmaps/, act: { do: 'stall' } });
    const startedMs = performance.now();
    const error = await errorOf(stage.client.get(configMaps, stage.named('a'), { deadlineMs: 800 }));
    expect(error).toMatchObject({ kind: 'unavailable', status: 0 });
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});
