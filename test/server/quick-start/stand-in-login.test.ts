import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { createStandInLogin, type StandInLogin } from '../../../dev/login/index.ts';
import { clientOf } from '../../../dev/quick-start/client.ts';
import { install } from '../../../dev/quick-start/install.ts';
import { writeIdentity } from '../../../dev/quick-start/kubeconfigs.ts';
import { parseFailures } from '../../../src/api/failures.ts';
import { formatMilliseconds, formatSeconds } from '../../../src/api/instants.ts';
import { secretNameFor } from '../../../src/api/names.ts';
import { systemClock } from '../../../src/host/clock.ts';
import { stepAt } from '../../../src/totp/code.ts';
import { kubectlOk } from '../../support/kubectl.ts';

const namespace = 'stand-in-login';
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const mintedAt = formatMilliseconds(Date.now() - 60_000);

let login: StandInLogin;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-login-'));
  await install((args, input) => kubectlOk(args, input === undefined ? {} : { input }), namespace);
  const kubeconfig = await writeIdentity((args) => kubectlOk(args), {
    from: inject('kubeconfig'),
    folder,
    name: 'exchange2fa-login',
  });
  const connected = clientOf(kubeconfig);
  login = createStandInLogin({ client: connected.client, clock: systemClock, namespace });
  return async () => {
    await connected.close();
    await rm(folder, { recursive: true });
    await kubectlOk(['delete', 'namespace', namespace]);
  };
});

/** A Secret as the operator leaves it after minting; what is different is said. */
async function mint(
  address: string,
  annotations: Record<string, string> = {},
  data: Record<string, string> = {},
): Promise<void> {
  const present = { 'minted-at': mintedAt, 'second-factor': 'required', ...annotations };
  const entries = Object.entries(present).map(([key, value]) => [`exchange2fa.io/${key}`, value] as const);
  const uri = `otpauth://totp/E:${address}?secret=${seed}&issuer=E`;
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'exchange2fa.io/totp',
    metadata: { name: secretNameFor(address), namespace, annotations: Object.fromEntries(entries) },
    stringData: { seed, algorithm: 'SHA1', digits: '6', period: '30', issuer: 'E', 'otpauth-uri': uri, ...data },
  };
  await kubectlOk(['create', '-f', '-'], { input: JSON.stringify(secret) });
}

async function annotationsOf(address: string): Promise<Readonly<Record<string, string>>> {
  const output = await kubectlOk([
    'get',
    'secret',
    secretNameFor(address) ?? '',
    '-n',
    namespace,
    '-o',
    'jsonpath={.metadata.annotations}',
  ]);
  const entries = Object.entries(JSON.parse(output) as Record<string, string>);
  return Object.fromEntries(entries.map(([key, value]) => [key.replace('exchange2fa.io/', ''), value]));
}

describe('the stand-in login, with the rights of a login service,', () => {
  test('shows the QR code, and notes the first time only', async () => {
    await mint('qr@example.com');
    expect(await login.showQr('qr@example.com')).toBe(`otpauth://totp/E:qr@example.com?secret=${seed}&issuer=E`);
    const { 'first-shown-at': first } = await annotationsOf('qr@example.com');
    expect(Date.parse(first ?? '')).toBeGreaterThan(Date.now() - 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await login.showQr('qr@example.com');
    expect((await annotationsOf('qr@example.com'))['first-shown-at']).toBe(first);
  });

  test('enrols with a first code, in one write', async () => {
    const wrong = [30, 20, 10].map((secondsAgo) => Math.floor(Date.now() / 1000) - secondsAgo);
    await mint('new@example.com', { failures: JSON.stringify({ row: 3, unknown: wrong, known: [] }) });
    const before = stepAt(30, Date.now());
    await login.enrol('new@example.com');
    const found = await annotationsOf('new@example.com');
    expect(Number(found['last-step'])).toBeGreaterThanOrEqual(before);
    expect(found['enrolled-at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(found['failures']).toBe(JSON.stringify({ row: 0, unknown: wrong, known: [] }));
    expect(found['attempt']).toMatch(/^[\w-]{24}:first:3:\d+$/);
    expect((await login.meets('new@example.com')).verdict).toEqual({ kind: 'code' });
  });

  test('accepts a code once', async () => {
    await mint('again@example.com', { 'enrolled-at': formatSeconds(Date.now()), 'last-step': '1' });
    await login.typeCode('again@example.com');
    await expect(login.typeCode('again@example.com')).rejects.toThrow('accepted before');
  });

  test('counts wrong codes, until they lock', async () => {
    await mint('guess@example.com', { 'enrolled-at': formatSeconds(Date.now()), 'last-step': '1' });
    await login.wrongCodes('guess@example.com', 3);
    expect(parseFailures((await annotationsOf('guess@example.com'))['failures'] ?? '')).toMatchObject({
      row: 3,
      known: [],
    });
    await login.wrongCodes('guess@example.com', 22);
    const { verdict, sentence } = await login.meets('guess@example.com');
    expect(verdict).toMatchObject({ kind: 'deny', reason: 'Locked' });
    expect(sentence).toMatch(/^refused, whatever is typed: too many wrong codes, until .*Z or an unlock$/);
    await expect(login.typeCode('guess@example.com')).rejects.toThrow('too many wrong codes');
  });

  test('says so where the data cannot be read', async () => {
    await mint('broken@example.com', {}, { seed: 'not base32' });
    await expect(login.enrol('broken@example.com')).rejects.toThrow('cannot be read');
    expect((await annotationsOf('broken@example.com'))['data-invalid']).toBe(mintedAt);
    expect((await login.meets('broken@example.com')).verdict).toMatchObject({ kind: 'deny', reason: 'SecretInvalid' });
  });

  test.each([
    ['off@example.com', { 'second-factor': 'off' }, 'the password is enough: there is no second factor'],
    [
      'mode@example.com',
      { 'enrollment-code': 'required' },
      'after the password, an enrolment code is asked for, and no valid one is issued',
    ],
    [
      'late@example.com',
      { 'enroll-until': formatSeconds(Date.now() - 1000) },
      'refused, whatever is typed: the QR code was not scanned in time',
    ],
    [
      'gone@example.com',
      { 'orphaned-at': formatSeconds(Date.now()) },
      'refused, whatever is typed: its account was deleted',
    ],
    ['said@example.com', { 'second-factor': 'refused' }, 'refused, whatever is typed: the operator says so'],
  ])('%s shows no QR code', async (address, annotations, sentence) => {
    await mint(address, annotations);
    expect((await login.meets(address)).sentence).toBe(sentence);
    await expect(login.showQr(address)).rejects.toThrow(sentence);
    await expect(login.enrol(address)).rejects.toThrow(sentence);
  });

  test('refuses an address without a Secret', async () => {
    expect((await login.meets('nobody@example.com')).sentence).toBe(
      'refused, whatever is typed: there is no Secret for this address',
    );
    await expect(login.wrongCodes('nobody@example.com', 1)).rejects.toThrow('no Secret');
  });
});
