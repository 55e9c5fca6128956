import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import type { Clock } from '../../../src/host/clock.ts';
import { readKeys } from '../../../src/login/keys/key-files.ts';
import { KeyError, type KeyStore } from '../../../src/login/keys/keys.ts';
import { openKeys } from '../../../src/login/keys/open-keys.ts';
import { LoginMetrics } from '../../../src/login/metrics.ts';
import { KeptLog } from './support/world.ts';

let directory: string;
const opened: KeyStore[] = [];

const pem = (namedCurve = 'P-256'): string =>
  String(generateKeyPairSync('ec', { namedCurve }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
const now = Date.parse('2026-02-01T08:00:00Z');
const ageOf = (_kid: string, writtenMs: number): number => now - writtenMs;
/** A file that was written so many seconds ago. */
const write = async (name: string, text: string, secondsAgo = 0): Promise<void> => {
  const file = join(directory, name);
  await writeFile(file, text);
  await utimes(file, now / 1000, now / 1000 - secondsAgo);
};
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
    return now + this.#monotonicMs;
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

test('each file is a key by its name; the last by name is active', async () => {
  await write('signing-2026-02-01', pem(), 600);
  await write('.hidden', 'not a key');
  const { signing, session } = await readKeys(directory, now, ageOf);
  expect(signing.all.map(({ kid }) => kid)).toEqual(['signing-2026-02-01', 'signing-2026-01-01']);
  expect(signing.active.publicJwk).toMatchObject({ kid: 'signing-2026-02-01', alg: 'ES256', use: 'sig', crv: 'P-256' });
  expect(signing.active.publicJwk).not.toHaveProperty('d');
  expect(session.active.key.symmetricKeySize).toBe(32);
});

test.each([
  ['a stranger', 'readme.txt', 'hello', 'readme.txt: not the name of a key'],
  ['a key that was renamed', 'signing-old', pem(), 'signing-old: not the name of a key; names are signing-, session-'],
  ["an editor's copy", 'session-2026-01-01.bak', secret(), 'session-2026-01-01.bak: not the name of a key'],
  ['a number', 'device-2', secret(), 'device-2: not the name of a key'],
  ['no date of a calendar', 'device-2026-13-01', secret(), 'device-2026-13-01: not the name of a key'],
  [
    'no private key',
    'signing-2026-01-02',
    'hello',
    'signing-2026-01-02: not a private key in PEM; make one: openssl genpkey',
  ],
  ['another curve', 'signing-2026-01-02', pem('P-384'), 'signing-2026-01-02: a signing key is on the curve P-256'],
  [
    'too few bytes',
    'device-2026-01-02',
    randomBytes(16).toString('base64'),
    'device-2026-01-02: not 32 bytes in base64; make one: openssl rand',
  ],
  ['no base64', 'session-2026-01-02', '%%%', 'session-2026-01-02: not 32 bytes'],
])('%s is refused, with what to do', async (_, name, text, message) => {
  await write(name, text);
  const refused = readKeys(directory, now, ageOf);
  await expect(refused).rejects.toThrow(KeyError);
  await expect(refused).rejects.toThrow(message);
});

test('keys that are made here are read by their owner alone', async () => {
  const made = join(directory, 'made');
  await writeLoginKeys(made, '2026-01-01');
  const files = ['', ...(await readdir(made))].map((name) => join(made, name));
  const modes = await Promise.all(files.map(async (file) => ((await stat(file)).mode & 0o777).toString(8)));
  expect(modes).toEqual(['700', '600', '600', '600', '600']);
});

test('a directory that is not there, or is none, is refused', async () => {
  for (const place of ['nothing', 'signing-2026-01-01']) {
    const path = join(directory, place);
    await expect(readKeys(path, now, ageOf)).rejects.toThrow(
      `${path}: a directory with a file signing-DATE, session-DATE, device-DATE, attempt-DATE is expected; ENO`,
    );
  }
});

test('what is no file is refused, by its name', async () => {
  await mkdir(join(directory, 'device-2026-01-02'));
  await expect(readKeys(directory, now, ageOf)).rejects.toThrow(/^the keys cannot be read: EISDIR/);
});

test('a purpose without a key is refused', async () => {
  await rm(join(directory, 'device-2026-01-01'));
  await expect(readKeys(directory, now, ageOf)).rejects.toThrow('no key for device');
});

test('a file that is added checks within half a minute, and makes once every replica has it', async () => {
  const clock = new SteppedClock();
  const store = await open(clock);
  await write('signing-2026-02-01', pem());
  const kids = () => store.current().signing.all.map(({ kid }) => kid);
  clock.pass(30_000);
  await expect.poll(kids).toEqual(['signing-2026-02-01', 'signing-2026-01-01']);
  expect(store.current().signing.active.kid).toBe('signing-2026-01-01');
  await expect.poll(() => clock.waiting).toBe(1);
  clock.pass(569_999);
  await expect.poll(() => clock.waiting).toBe(1);
  expect(store.current().signing.active.kid).toBe('signing-2026-01-01');
  clock.pass(30_000);
  await expect.poll(() => store.current().signing.active.kid).toBe('signing-2026-02-01');
});

test('keys that are written anew with a new one, as a kubelet does it, stay as old as they are', async () => {
  const clock = new SteppedClock();
  await write('device-2026-01-15', secret());
  const store = await open(clock);
  clock.pass(600_000);
  await expect.poll(() => store.current().device.active.kid).toBe('device-2026-01-15');
  await expect.poll(() => clock.waiting).toBe(1);
  for (const date of ['01-01', '01-15']) await write(`device-2026-${date}`, secret(), -600);
  await write('session-2026-01-15', secret(), -600);
  clock.pass(30_000);
  await expect.poll(() => store.current().session.all).toHaveLength(2);
  expect(store.current().device.active.kid).toBe('device-2026-01-15');
});

test.each<[string, Record<string, number>, string]>([
  ['the newest that is old enough', { '2026-01-01': 9_000, '2026-01-02': 600, '2026-01-02-2': 599 }, '2026-01-02'],
  [
    'the newest of an old day, where a new pod got all of them just now',
    { '2026-01-01': 5, '2026-01-30': 5, '2026-02-01': 5 },
    '2026-01-30',
  ],
  [
    'the one before the newest, where a new pod got all of them just now and none is of an old day',
    { '2026-01-31': 5, '2026-02-01': 5, '2026-02-01a': 5 },
    '2026-02-01',
  ],
  ['the only one', { '2026-01-01': 5 }, '2026-01-01'],
  ['none from the future', { '2026-01-01': 9_000, '2026-01-02': -60 }, '2026-01-01'],
  ['that of today', { '2026-01-01': 9_000, '2026-02-01': 600 }, '2026-02-01'],
  ['none of tomorrow, however old the file', { '2026-01-01': 9_000, '2026-02-02': 9_000 }, '2026-01-01'],
  [
    'the newest that is not of next year',
    { '2026-01-01': 9_000, '2026-02-01': 600, '2027-01-01': 9_000 },
    '2026-02-01',
  ],
  [
    'none of next year, where a new replica got all of them just now',
    { '2026-01-01': 5, '2027-01-01': 5 },
    '2026-01-01',
  ],
  [
    'that of next year, until the first of today is known everywhere',
    { '2026-02-01': 599, '2027-01-01': 9_000 },
    '2027-01-01',
  ],
  ['the first of days to come, where there is no other', { '2026-02-02': 9_000, '2027-01-01': 9_000 }, '2026-02-02'],
])('active: %s', async (_, ages, date) => {
  await rm(join(directory, 'device-2026-01-01'));
  for (const [each, secondsAgo] of Object.entries(ages)) await write(`device-${each}`, secret(), secondsAgo);
  const { active, all } = (await readKeys(directory, now, ageOf)).device;
  expect(active.kid).toBe(`device-${date}`);
  // What does not make yet, or does not make any more, checks all the same.
  expect(all).toHaveLength(Object.keys(ages).length);
});

test('a key of a day to come is told of, and makes from that day on', async () => {
  const [clock, log] = [new SteppedClock(), new KeptLog()];
  for (const date of ['01-01', '02-02']) await write(`signing-2026-${date}`, pem(), 9_000);
  const store = await open(clock, log);
  const warned = () => log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
  expect(warned()).toEqual([{ key: 'signing-2026-02-02', now: '2026-02-01T08:00:00Z' }]);
  expect(log.lines[1]?.message).toContain('name the file after the day on which it was made');
  expect(store.current().signing.active.kid).toBe('signing-2026-01-01');
  clock.pass(16 * 3_600_000);
  await expect.poll(() => store.current().signing.active.kid).toBe('signing-2026-02-02');
  expect(warned()).toHaveLength(1);
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
  await expect.poll(() => log.lines).toHaveLength(2);
  expect(log.lines[1]).toMatchObject({ level: 'error', message: 'keys kept: cannot read them anew' });
  expect(store.current().device.active.kid).toBe('device-2026-01-01');
  const metrics = new LoginMetrics(() => 0, store.reads);
  const figure = async () => (await metrics.registry.metrics()).match(/^exchange2fa_login_keys_read_total.*$/gm);
  const counted = (succeeded: number, failed: number) =>
    Object.entries({ succeeded, failed }).map(
      ([outcome, count]) => `exchange2fa_login_keys_read_total{outcome="${outcome}"} ${count}`,
    );
  expect(await figure()).toEqual(counted(1, 1));
  await rm(join(directory, 'device-2026-02-01'));
  await expect.poll(() => clock.waiting).toBe(1);
  clock.pass(30_000);
  await expect.poll(figure).toEqual(counted(2, 1));
});

test('which keys there are and which one is active is told at the start and at each change, by name alone', async () => {
  const [clock, log] = [new SteppedClock(), new KeptLog()];
  const store = await open(clock, log);
  const told = () => log.lines.map(({ fields }) => (fields['keys'] as Record<string, unknown>)['device']);
  const [old, added] = ['device-2026-01-01', 'device-2026-02-01'];
  expect(told()).toEqual([{ active: old, all: [old] }]);
  expect(Object.keys(log.lines[0]?.fields['keys'] as object)).toEqual(['signing', 'session', 'device', 'attempt']);
  const text = secret();
  await write(added, text);
  clock.pass(30_000);
  await expect.poll(told).toHaveLength(2);
  await expect.poll(() => clock.waiting).toBe(1);
  clock.pass(600_000);
  await expect.poll(told).toHaveLength(3);
  await expect.poll(() => clock.waiting).toBe(1);
  clock.pass(30_000);
  await expect.poll(() => clock.waiting).toBe(1);
  await store.find('device', 'device-2026-03-01');
  expect(told().slice(1)).toEqual([
    { active: old, all: [added, old] },
    { active: added, all: [added, old] },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain(text.trim());
});
