import { expect, test } from 'vitest';
import type { Cluster } from '../../../src/cli/cluster/connect.ts';
import { sentenceOf } from '../../../src/cli/cluster/sentences.ts';
import { success } from '../../../src/kube/client/errors.ts';

/** Every right is there, as far as RBAC goes. */
const cluster = (): Cluster => {
  const answer = success({ status: { allowed: true, userInfo: { username: 'carla' } } });
  return { client: { request: () => Promise.resolve(answer) } } as unknown as Cluster;
};

test.each([
  [{ because: 'permission' }, 'carla may not do this in namespace mail: ask its administrator'],
  [{ because: 'quota' }, 'a quota of namespace mail is used up: ask its administrator'],
  [{ because: 'namespaceTerminating' }, 'namespace mail is being deleted: nothing can change'],
  [
    { because: 'denied', denial: { by: 'policy', name: 'guard.example.io' } },
    'admission policy guard.example.io refuses it: carla may not do this in namespace mail: ask its administrator',
  ],
  [
    { because: 'denied', denial: { by: 'webhook', name: 'guard.example.io' } },
    'admission webhook guard.example.io refuses it: ask its administrator',
  ],
] as const)('403 says why: %j', async (why, sentence) => {
  const error = { kind: 'forbidden', text: 'PATCH: 403', ...why } as const;
  expect(await sentenceOf(cluster(), error, { verbs: ['patch'], namespace: 'mail' })).toBe(sentence);
});

const cause = { field: 'spec', reason: 'FieldValueInvalid', message: 'no' };

test.each([
  [{ status: 422, causes: [cause] }, 'the API server refuses it: spec: no'],
  [
    { status: 422, causes: [cause], denial: { by: 'policy', name: 'guard.example.io' } },
    'admission policy guard.example.io refuses it: spec: no',
  ],
  [
    { status: 400, causes: [], denial: { by: 'webhook', name: 'guard.example.io' } },
    'admission webhook guard.example.io refuses it: PATCH: 400',
  ],
] as const)('422 and 400 say what refuses it: %j', async (why, sentence) => {
  const error = { kind: 'invalid', text: `PATCH: ${why.status}`, ...why } as const;
  expect(await sentenceOf(cluster(), error, { verbs: ['patch'], namespace: 'mail' })).toBe(sentence);
});
