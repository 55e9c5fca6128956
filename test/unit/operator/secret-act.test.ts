import { expect, test } from 'vitest';
import type { SecretAct } from '../../../src/core/decision.ts';
import { doSecretAct, type Hands } from '../../../src/operator/do/secret.ts';

const patch = { annotations: {} };
const seed = {
  issuer: 'Example',
  address: 'anna@example.com',
  algorithm: 'SHA1',
  digits: 6,
  periodSeconds: 30,
} as const;
/** Nothing of it is used: there is nothing to send. */
const hands = {} as Hands;
const ref = { namespace: 'mail', name: 'totp-0' };

test.each<SecretAct>([
  { kind: 'replace', patch, seed, over: false },
  { kind: 'annotate', patch },
  { kind: 'erase', patch },
  { kind: 'orphan', patch },
  { kind: 'delete' },
])('$kind without the Secret that it was decided on is a mistake, and not done', async (act) => {
  await expect(doSecretAct(hands, ref, act, undefined)).rejects.toThrow(
    `${act.kind} was decided for Secret totp-0, which is not there`,
  );
});

test('keep without a Secret is done', async () => {
  expect(await doSecretAct(hands, ref, { kind: 'keep' }, undefined)).toEqual({ kind: 'done', value: undefined });
});
