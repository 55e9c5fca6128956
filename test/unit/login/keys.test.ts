import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clock } from '../../../src/host/clock.ts';
import { KeyError, type KeyStore, openKeys, readKeys } from '../../../src/login/keys.ts';
import { KeptLog } from './support/world.ts';

let directory: string;
const opened: KeyStore[] = [];

const pem = (namedCurve = 'P-256'): string =>
  String(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
const write = (name: string, text: string) => writeFile(join(directory, name), text);
const secret = (): string => `${randomBytes(32).toString('base64')}\n`;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'exchange2fa-keys-'));
  await write('signing-2026-01-01', pem());
  for (const purpose of ['session', 'device', 'attempt']) await write(`${purpose}-2026-01-01`, secret());
});
afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  await rm(directory, { recursive: true });
});

/** A clock whose timers fire when the test says. */
class SteppedClock implements Clock {
  #monotonicMs = 0;
  #waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
  now(): number {
    return 0;
  }
  monotonic(): number {
    return this.#monotonicMs;
  }
  after(delayMs: number, wake: () => void): () => void {
    const timer = { atMs: this.#monotonicMs + delayMs, wake };
    this.#waiting.push(timer);
    return () => (this.#waiting = this.#waiting.filter((each) => each !== timer));
  }
  pass(ms: number): void {
    this.#monotonicMs += ms;
    const due = this.#waiting.filter(({ atMs }) => atMs <= this.#monotonicMs);
    this.#waiting = this.#waiting.filter(({ atMs }) => atMs > this.#monotonicMs);
    for (const { wake } of due) wake();
  }
  get waiting(): number {
    return this.#waiting.length;
  }
}

const open = async (clock = new SteppedClock(), log = new KeptLog()): Promise<KeyStore> => {
  const store = await openKeys({ directory, clock, log });
  opened.push(store);
  return store;
};

test('each file is a key by its name; the last by name makes', async () => {
  await write('signing-2026-02-01', pem());
  await write('.hidden', 'not a key');
  const { signing, session } = await readKeys(directory);
  expect(signing.all.map(({ kid }) => kid)).toEqual(['signing-2026-02-01', 'signing-2026-01-01']);
  expect(signing.newest.publicJwk).toMatchObject({ kid: 'signing-2026-02-01', alg: 'ES256', use: 'sig', crv: 'P-256' });
  expect(signing.newest.publicJwk).not.toHaveProperty('d');
  expect(session.newest.key.symmetricKeySize).toBe(32);
});

test.each([
  ['a stranger', 'readme.txt', 'hello', 'readme.txt: not the name of a key'],
  ['no private key', 'signing-2', 'hello', 'signing-2: not a private key in PEM; make one: openssl genpkey'],
  ['another curve', 'signing-2', pem('P-384'), 'signing-2: a signing key is on the curve P-256'],
  [
    'too few bytes',
    'device-2',
    randomBytes(16).toString('base64'),
    'device-2: not 32 bytes in base64; make one: openssl rand',
  ],
  ['no base64', 'session-2', '%%%', 'session-2: not 32 bytes'],
])('%s is refused, with what to do', async (_, name, text, message) => {
  await write(name, text);
  const refused = readKeys(directory);
  await expect(refused).rejects.toThrow(KeyError);
  await expect(refused).rejects.toThrow(message);
});

test('a directory that is not there is refused', async () => {
  await expect(readKeys(join(directory, 'nothing'))).rejects.toThrow(/^the keys cannot be read: ENOENT.*nothing/);
});

test('a purpose without a key is refused', async () => {
  await rm(join(directory, 'device-2026-01-01'));
  await expect(readKeys(directory)).rejects.toThrow('no key for device');
});

test('a file that is added is in use within half a minute', async () => {
  const clock = new SteppedClock();
  const store = await open(clock);
  await write('device-2026-02-01', secret());
  clock.pass(30_000);
  await expect.poll(() => store.current().device.newest.kid).toBe('device-2026-02-01');
  await expect.poll(() => clock.waiting).toBe(1);
});

test('a key that another replica uses already is looked for, at most once a second', async () => {
  const clock = new SteppedClock();
  const store = await open(clock);
  await write('session-2026-02-01', secret());
  expect(await store.find('session', 'session-2026-02-01')).toBeUndefined();
  clock.pass(1_000);
  expect((await store.find('session', 'session-2026-02-01'))?.kid).toBe('session-2026-02-01');
  expect(await store.find('session', 'device-2026-01-01')).toBeUndefined();
});

test('what can not be read later is logged, and the keys stay', async () => {
  const [clock, log] = [new SteppedClock(), new KeptLog()];
  const store = await open(clock, log);
  await write('device-2026-02-01', 'broken');
  clock.pass(30_000);
  await expect.poll(() => log.lines).toHaveLength(1);
  expect(log.lines[0]).toMatchObject({ level: 'error', message: 'keys kept: cannot read them anew' });
  expect(store.current().device.newest.kid).toBe('device-2026-01-01');
});
