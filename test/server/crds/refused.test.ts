import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../../support/api-request.ts';
import { applyYaml, installCrds } from '../../support/kubectl.ts';
import { type Kind, collectionPath, creationRefusal, namespace, refusal, valid } from './objects.ts';
import { refusedCases } from './refused-cases.ts';

beforeAll(async () => {
  await installCrds();
  await applyYaml(JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
});

/** Messages of a field inside the one that was set carry their own path. */
const atPath = (path: string, message: string): string =>
  message.startsWith('spec.') || message.startsWith('unknown field') ? message : `${path}: ${message}`;

describe('refused at creation', () => {
  test.each(
    refusedCases.map(([kind, path, value, message]) => ({
      sentence: `${kind} with ${path} ${value === undefined ? 'missing' : JSON.stringify(value)}`.slice(0, 120),
      ...{ kind, path, value, message: atPath(path, message) },
    })),
  )('$sentence', async ({ kind, path, value, message }) => {
    expect(await creationRefusal(kind, path, value)).toBe(message);
  });

  test('a platform whose name is no label value', async () => {
    const create = (name: string) =>
      refusal({ method: 'POST', path: collectionPath('ExchangePlatform'), body: valid('ExchangePlatform', name) });
    expect(await create('p'.repeat(63))).toBe('');
    expect(await create('p'.repeat(64))).toMatch(
      /: metadata.name must be at most 63 characters long, because it becomes a label value$/,
    );
  });
});

describe('refused at an update', () => {
  const otherPlatform = "can't be changed; delete this MailAccount and create another that names the other platform";
  const otherAddress =
    "can't be changed; another address is another account with a new enrolment, so create another MailAccount and delete this one";

  beforeAll(async () => {
    await Promise.all(
      (['ExchangePlatform', 'MailAccount'] as readonly Kind[]).map((kind) =>
        ask({ method: 'POST', path: collectionPath(kind), body: valid(kind, 'kept') }),
      ),
    );
  });

  test.each([
    [
      'another platform',
      { platformRef: { name: 'other' } },
      `spec.platformRef.name: Invalid value: "other": ${otherPlatform}`,
    ],
    [
      'another address',
      { address: 'ben@example.com' },
      `spec.address: Invalid value: "ben@example.com": ${otherAddress}`,
    ],
    ['no platform', { platformRef: null }, 'spec.platformRef: Required value'],
    ['a platform without its name', { platformRef: { name: null } }, 'spec.platformRef.name: Required value'],
    ['no address', { address: null }, 'spec.address: Required value'],
    [
      'a reset without its instant',
      { twoFactor: { reset: { reason: 'lost' } } },
      'spec.twoFactor.reset.requestedAt: Required value',
    ],
  ])('an account with %s', async (_, spec, message) => {
    expect(await refusal({ method: 'PATCH', path: `${collectionPath('MailAccount')}/kept`, body: { spec } })).toBe(
      message,
    );
  });

  test('an account without its spec', async () => {
    const path = `${collectionPath('MailAccount')}/kept`;
    expect(await refusal({ method: 'PATCH', path, body: { spec: null } })).toBe('spec: Required value');
  });

  test.each([
    ['issuer', { issuer: 'Other Mail' }],
    ['state', { twoFactor: { state: 'Disabled' } }],
  ])('but not a platform with another %s', async (_, spec) => {
    expect(await refusal({ method: 'PATCH', path: `${collectionPath('ExchangePlatform')}/kept`, body: { spec } })).toBe(
      '',
    );
  });
});
