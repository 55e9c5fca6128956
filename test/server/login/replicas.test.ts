import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Canary } from '../../support/canary.ts';
import {
  annotationsOf,
  anAddress,
  brief,
  code,
  enrolled,
  given,
  raise,
  reset,
  seed,
  type Stage,
  tokenOf,
  namespace,
  unscanned,
} from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await raise();
});
beforeEach(() => stage.proxy.reset());
afterAll(() => stage.lower());

const ask = (replica: number, route: 'login' | 'enroll' | 'verify', body: object, headers = {}) =>
  stage.replicas[replica % 2]!.ask(route, stage.gatewayToken, body, headers);

const verify = (address: string, typed: string, replica = 0, headers = {}) =>
  ask(replica, 'verify', { address, code: typed }, headers);

const isPatch = { method: 'PATCH', path: /\/secrets\// } as const;

test('first login by QR, later login, replayed code, wrong code', async () => {
  const address = anAddress();
  await given(address, unscanned);
  expect((await ask(0, 'login', { address })).body).toMatchObject({ result: 'enroll', enrollmentCode: 'none' });
  const { body: shown } = await ask(1, 'enroll', { address });
  expect(shown).toMatchObject({ result: 'shown', key: seed, shownBefore: false });
  expect((await ask(0, 'enroll', { address })).body).toMatchObject({ shownBefore: true });
  const typed = code(-1);
  const { body } = await verify(address, typed);
  expect(body).toMatchObject({ result: 'accepted', amr: ['otp'], firstCode: true });
  expect((await ask(1, 'login', { address })).body).toMatchObject({ result: 'code' });
  expect(brief(await verify(address, typed, 1))).toBe('code-replayed');
  expect(brief(await verify(address, '000000', 1))).toBe('wrong-code');
  expect((await verify(address, code(), 1)).body).toMatchObject({ result: 'accepted', wrongCodesBefore: 1 });
});

describe('races over two replicas', () => {
  test('the same code in the same moment: exactly one yes, each time', async () => {
    for (let round = 0; round < 40; round += 1) {
      const address = anAddress();
      await given(address);
      const typed = code();
      const answers = await Promise.all([0, 1, 0, 1].map((replica) => verify(address, typed, replica)));
      expect(answers.map(brief).toSorted()).toEqual(['accepted', 'code-replayed', 'code-replayed', 'code-replayed']);
    }
  });

  test('one key and code, as by a double click: the same yes twice, and one write', async () => {
    const address = anAddress();
    await given(address);
    const headers = { 'idempotency-key': 'an-unguessable-key-of-a-page' };
    const typed = code();
    const answers = await Promise.all([0, 1].map((replica) => verify(address, typed, replica, headers)));
    expect(answers.map(brief)).toEqual(['accepted', 'accepted']);
    const committed = stage.proxy.requests.filter(({ method, status }) => method === 'PATCH' && status === 200);
    expect(committed).toHaveLength(1);
  });

  test('200 parallel guesses: as many answers "wrong" as committed writes, then a right code waits too', async () => {
    const address = anAddress();
    await given(address);
    const guesses = Array.from({ length: 200 }, (_, index) => verify(address, String(900_000 + index), index));
    const answers = (await Promise.all(guesses)).map(brief);
    const { row } = JSON.parse((await annotationsOf(address))['failures'] ?? '') as { readonly row: number };
    expect(answers.filter((each) => each === 'wrong-code')).toHaveLength(row);
    expect(row).toBe(5);
    // A busy machine may not have time for all of them; nobody is let in.
    expect(new Set(answers).difference(new Set(['wrong-code', 'waiting', 'unavailable']))).toEqual(new Set());
    expect(brief(await verify(address, code()))).toBe('waiting');
  });

  test('a first code against a reset: the old seed enrols nobody', async () => {
    for (let round = 0; round < 15; round += 1) {
      const address = anAddress();
      await given(address, unscanned);
      const newSeed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
      const mintedAt = '2026-11-01T10:00:00.000Z';
      const [answer] = await Promise.all([
        ask(round, 'verify', { address, code: code(), mintedAt }),
        reset(address, newSeed),
      ]);
      expect(['accepted', 'seed-changed']).toContain(brief(answer));
      expect(await annotationsOf(address)).not.toHaveProperty('enrolled-at');
    }
  });
});

describe('the answer of the API server', () => {
  test.each([
    ['is lost after the write', { do: 'drop-after' }],
    ['is lost before the write', { do: 'drop-before' }],
    ['is 504 after the write', { do: 'respond', status: 504, afterForwarding: true }],
    ['is 504 without the write', { do: 'respond', status: 504 }],
  ] as const)('%s: a right code is a yes, once', async (_, act) => {
    const address = anAddress();
    await given(address);
    stage.proxy.add({ ...isPatch, nth: 1, act });
    const typed = code();
    expect(brief(await verify(address, typed))).toBe('accepted');
    stage.proxy.reset();
    expect(brief(await verify(address, typed, 1))).toBe('code-replayed');
  });

  test('does not come: nobody gets in, and it is said when to try again', async () => {
    const address = anAddress();
    await given(address, { ...enrolled, suspended: '2026-01-01T00:00:00Z/2199-01-01T00:00:00Z' });
    expect((await ask(0, 'login', { address })).body).toMatchObject({ result: 'none', reason: 'Suspended' });
    stage.proxy.add({ method: 'GET', path: /\/secrets\//, act: { do: 'respond', status: 503 } });
    expect(brief(await ask(0, 'login', { address }))).toBe('unavailable');
  });
});

describe('callers', () => {
  test.each([
    ['a token for another audience', () => tokenOf(namespace, 'gateway')],
    ['a stranger’s token for our audience', () => tokenOf(namespace, 'stranger', 'exchange2fa-login')],
    ['no token', () => Promise.resolve('nothing')],
  ])('%s is refused', async (_, token) => {
    const answer = await stage.replicas[0].ask('login', await token(), { address: anAddress() });
    expect([answer.status, brief(answer)]).toEqual([401, 'unauthorized']);
    expect(stage.proxy.requests.filter(({ resource }) => resource === 'tokenreviews')).toEqual([]);
  });

  test('a token that says all it must and is forged is asked about, for our audience, and refused', async () => {
    const [head = '', claims = '', signature = ''] = stage.gatewayToken.split('.');
    const forged = [head, claims, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join('.');
    const answer = await stage.replicas[0].ask('login', forged, { address: anAddress() });
    expect([answer.status, brief(answer)]).toEqual([401, 'unauthorized']);
    const reviews = stage.proxy.requests.filter(({ resource }) => resource === 'tokenreviews');
    expect(reviews.map(({ body }) => (JSON.parse(body) as { spec: { audiences: unknown } }).spec.audiences)).toEqual([
      ['exchange2fa-login'],
    ]);
  });
});

test('the seed is in no line, figure, argument or variable of the replicas', async () => {
  const canary = new Canary([seed]);
  for (const replica of stage.replicas) {
    const visible = ['cmdline', 'environ'].map((file) => readFileSync(`/proc/${replica.pid}/${file}`, 'utf8'));
    const said = [...replica.lines, await replica.figures(), ...visible];
    expect(said.length).toBeGreaterThan(20);
    expect(said.flatMap((text) => [...canary.foundIn(text)])).toEqual([]);
  }
});
