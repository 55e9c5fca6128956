import { expect, test } from 'vitest';
import type { KubeError } from '../../../src/kube/client/errors.ts';
import { outcomeOf } from '../../../src/operator/do/outcome.ts';

const text = 'PATCH secrets';

const rows: readonly { says: string; error: KubeError; outcome: object }[] = [
  {
    says: '409: the facts are read again',
    error: { kind: 'conflict', fields: [], text },
    outcome: { kind: 'lookAgain' },
  },
  { says: 'the name is taken: read again', error: { kind: 'alreadyExists', text }, outcome: { kind: 'lookAgain' } },
  {
    says: 'an unknown outcome means look again',
    error: { kind: 'unknownOutcome', status: 504, text },
    outcome: { kind: 'lookAgain' },
  },
  {
    says: '403 for want of a right is WriteFailed',
    error: { kind: 'forbidden', because: 'permission', text },
    outcome: { kind: 'refused', status: 403, field: 'the operator lacks the permission' },
  },
  {
    says: '403 for a quota is WriteFailed',
    error: { kind: 'forbidden', because: 'quota', text },
    outcome: { kind: 'refused', status: 403, field: 'a quota of the namespace is used up' },
  },
  {
    says: '403 names the policy, where one denied it',
    error: { kind: 'forbidden', because: 'denied', denial: { by: 'policy', name: 'totp.example.io' }, text },
    outcome: { kind: 'refused', status: 403, field: 'admission policy totp.example.io' },
  },
  {
    says: '403 names the webhook, where one denied it',
    error: { kind: 'forbidden', because: 'denied', denial: { by: 'webhook', name: 'guard.example.io' }, text },
    outcome: { kind: 'refused', status: 403, field: 'admission webhook guard.example.io' },
  },
  {
    says: '400, what a webhook denies with unless it says otherwise, stays 400',
    error: { kind: 'invalid', causes: [], denial: { by: 'webhook', name: 'guard.example.io' }, status: 400, text },
    outcome: { kind: 'refused', status: 400, field: 'admission webhook guard.example.io' },
  },
  {
    says: '422 names the policy',
    error: {
      kind: 'invalid',
      causes: [{ field: '', reason: '' }],
      denial: { by: 'policy', name: 'totp.example.io' },
      status: 422,
      text,
    },
    outcome: { kind: 'refused', status: 422, field: 'admission policy totp.example.io' },
  },
  {
    says: '422 names the fields, and nothing that was in them',
    error: { kind: 'invalid', causes: [{ field: 'data', reason: 'Immutable', message: 'echo' }], status: 422, text },
    outcome: { kind: 'refused', status: 422, field: 'data' },
  },
  {
    says: '429 waits as long as it says',
    error: { kind: 'tooManyRequests', retryAfterMs: 7_000, text },
    outcome: { kind: 'failed', retryAfterMs: 7_000 },
  },
  {
    says: '503 is tried again',
    error: { kind: 'unavailable', status: 503, text },
    outcome: { kind: 'failed', retryAfterMs: 0 },
  },
  { says: 'the end of leadership ends it', error: { kind: 'aborted', text }, outcome: { kind: 'aborted' } },
];

test.each(rows)('$says', ({ error, outcome }) => {
  expect(outcomeOf(error)).toMatchObject(outcome);
});
