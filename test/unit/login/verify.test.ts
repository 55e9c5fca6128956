import { beforeEach, describe, expect, test } from 'vitest';
import type { RawRequest } from '../../../src/kube/transport/transport.ts';
import { ask, brief } from './support/ask.ts';
import type { Fault } from './support/memory-server.ts';
import { address, createWorld, type World } from './support/world.ts';
import {
  code,
  day,
  enrolled,
  failures,
  instant,
  mintedAt,
  now,
  presentStep,
  seed,
  type Short,
  times,
  unscanned,
} from './tables/record.ts';

const key = 'a-key-that-nobody-guesses';
let world: World;

beforeEach(async () => {
  world = await createWorld(2);
});

const verify = (
  typed: string,
  more: { readonly key?: string; readonly replica?: number; readonly body?: object } = {},
) =>
  ask(world.replicas[more.replica ?? 0]!.app, 'verify', {
    ...(more.key !== undefined && { key: more.key }),
    body: { address, code: typed, ...more.body },
  });

const annotation = (name: string): string | undefined => world.server.annotations(address)[`exchange2fa.io/${name}`];
const isPatch = ({ method }: RawRequest): boolean => method === 'PATCH';

/** Our next PATCH meets the fault, and the read after it is held back until another replica has written. */
const otherWritesAfter = (fault: Fault): void => {
  world.server.fault = (request) => {
    if (!isPatch(request)) return undefined;
    world.server.fault = async () => {
      world.server.fault = () => undefined;
      expect(brief(await verify('000000', { replica: 1 }))).toBe('403 wrong-code');
      return undefined;
    };
    return fault;
  };
};

describe('a verdict', () => {
  test('is one GET by name and one PATCH with the resourceVersion', async () => {
    world.given(enrolled);
    expect(brief(await verify(code(0)))).toBe('200 accepted');
    const requests = world.server.requests.filter(({ path }) => path.includes('/secrets/'));
    expect(requests.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
    expect(requests[0]!.path).not.toContain('?');
    expect(JSON.parse(requests[1]!.body ?? '')).toMatchObject({ metadata: { resourceVersion: '1001' } });
  });

  test('is written before it is answered: no write, no yes', async () => {
    world.given(enrolled);
    world.server.fault = (request) => (isPatch(request) ? { kind: 'answer', status: 503 } : undefined);
    const answered = await verify(code(0));
    expect(brief(answered)).toBe('503 unavailable');
    expect(answered.headers['retry-after']).toBe('5');
    expect(annotation('last-step')).toBe('59000000');
  });

  test.each(['12345', '1234567', '12345O', '-'])('is none of %j: it says how many digits to ask for', async (typed) => {
    world.given(enrolled);
    const answered = await verify(typed);
    expect(brief(answered)).toBe('400 malformed-code');
    expect(answered.body['digits']).toBe(6);
    expect(world.server.writes()).toEqual([]);
  });

  test('is none of what is no code, also where nothing can be read', async () => {
    world.server.fault = ({ path }) => (path.includes('/secrets/') ? { kind: 'drop' } : undefined);
    const answered = await verify('12345');
    expect(brief(answered)).toBe('400 malformed-code');
    expect(answered.body).not.toHaveProperty('digits');
  });

  test('an API server that is away lets nobody in', async () => {
    world.given({ ...enrolled, suspended: `${instant(-60)}/${instant(60)}` });
    world.server.fault = ({ path }) => (path.includes('/secrets/') ? { kind: 'drop' } : undefined);
    expect(brief(await verify(code(0)))).toBe('503 unavailable');
    expect(brief(await ask(world.replicas[0]!.app, 'login'))).toBe('503 unavailable');
  });

  test('the first code enrols', async () => {
    world.given(unscanned);
    const { body } = await verify(code(0));
    expect(body).toMatchObject({ result: 'accepted', amr: ['otp'], firstCode: true, wrongCodesBefore: 0 });
    expect(annotation('enrolled-at')).toBe(instant(0));
  });

  test('the next good login says how many wrong codes there were', async () => {
    world.given(enrolled);
    await verify('000000');
    await verify('000001');
    expect((await verify(code(0))).body).toMatchObject({ wrongCodesBefore: 2 });
    expect((await verify(code(1))).body).toMatchObject({ wrongCodesBefore: 0 });
  });

  test('a slow phone is told so', async () => {
    world.given(enrolled);
    const { body } = await verify(code(-4));
    expect(body).toMatchObject({ wrongCodes: 1, clock: { phoneIs: 'slow', minutes: 2 } });
  });

  test('of unreadable data is told to the operator once', async () => {
    world.given(enrolled);
    const [name, secret] = [...world.server.secrets][0]!;
    world.server.secrets.set(name, { ...secret, data: { ...secret.data, seed: 'bm90aGluZw==' } });
    expect((await verify(code(0))).body).toMatchObject({ reason: 'SecretInvalid' });
    expect(annotation('data-invalid')).toBe(mintedAt);
    expect((await verify(code(0))).body).toMatchObject({ reason: 'SecretInvalid' });
    expect(world.server.writes()).toHaveLength(1);
  });
});

describe('races', () => {
  test('of two replicas given the same code in the same millisecond exactly one says yes', async () => {
    for (let round = 0; round < 50; round += 1) {
      world.given(enrolled);
      const answers = await Promise.all([verify(code(0)), verify(code(0), { replica: 1 })]);
      expect(answers.map(brief).toSorted()).toEqual(['200 accepted', '403 code-replayed']);
    }
  });

  test('the same with one key, as by a double click: both the same yes, and one write', async () => {
    world.given(enrolled);
    const answers = await Promise.all([verify(code(0), { key }), verify(code(0), { key, replica: 1 })]);
    expect(answers.map(brief)).toEqual(['200 accepted', '200 accepted']);
    expect(annotation('last-step')).toBe(String(presentStep));
    expect(world.server.changes(address)).toBe(1);
  });

  test('parallel guesses cost a committed write each, until they wait; then a right code is refused too', async () => {
    world.given(enrolled);
    const guesses = Array.from({ length: 40 }, (_, index) =>
      verify(String(index).padStart(6, '0'), { replica: index % 2 }),
    );
    const answers = (await Promise.all(guesses)).map(brief);
    const counted = answers.filter((answer) => answer === '403 wrong-code').length;
    expect(counted).toBe(5);
    expect(answers.filter((answer) => answer === '429 waiting')).toHaveLength(35);
    expect(JSON.parse(annotation('failures') ?? '')).toMatchObject({ row: 5 });
    expect(brief(await verify(code(0)))).toBe('429 waiting');
  });

  test('a reset between the page and the code refuses the old code', async () => {
    world.given({ ...unscanned, 'minted-at': '2026-07-21T08:59:00.000Z' });
    expect(brief(await verify(code(0), { body: { mintedAt } }))).toBe('409 seed-changed');
    expect(world.server.writes()).toEqual([]);
  });

  test('a reset between the read and the write refuses the old code', async () => {
    world.given(enrolled);
    world.server.fault = (request) => {
      if (isPatch(request)) {
        world.server.fault = () => undefined;
        world.given({ ...unscanned, 'minted-at': '2026-07-21T08:59:00.000Z' });
      }
      return undefined;
    };
    expect(brief(await verify(code(0), { body: { mintedAt } }))).toBe('409 seed-changed');
    expect(annotation('enrolled-at')).toBeUndefined();
  });
});

describe('an answer that was lost', () => {
  const meetFirst = (fault: Fault): void => {
    world.server.fault = (request) => {
      if (!isPatch(request)) return undefined;
      world.server.fault = () => undefined;
      return fault;
    };
  };
  /** How the first PATCH fares, and how many it takes. */
  const faults: readonly (readonly [string, Fault, number])[] = [
    ['written, and the answer lost', { kind: 'lose' }, 1],
    ['answered by 504, and not written', { kind: 'answer', status: 504 }, 2],
    ['written, and answered by 503', { kind: 'lose', status: 503 }, 1],
    ['answered by 503, and not written', { kind: 'answer', status: 503 }, 2],
  ];

  test.each(faults)('%s: a right code is a yes all the same, once', async (_, fault, patches) => {
    world.given(enrolled);
    meetFirst(fault);
    expect(brief(await verify(code(0)))).toBe('200 accepted');
    expect([world.server.writes().length, world.server.changes(address)]).toEqual([patches, 1]);
    expect(brief(await verify(code(0)))).toBe('403 code-replayed');
  });

  test.each(faults)('%s: a wrong code counts once', async (_, fault, patches) => {
    world.given(enrolled);
    meetFirst(fault);
    expect((await verify('000000')).body).toMatchObject({ wrongCodes: 1 });
    expect([world.server.writes().length, world.server.changes(address)]).toEqual([patches, 1]);
    expect(JSON.parse(annotation('failures') ?? '')).toMatchObject({ row: 1 });
  });

  test('a wrong code that locks, and its answer is lost: it was wrong, and what is next is the lock', async () => {
    world.given({ ...enrolled, ...failures({ row: 0, unknown: times(24, -7200) }) });
    meetFirst({ kind: 'lose' });
    const answered = await verify('000000');
    expect(brief(answered)).toBe('403 wrong-code');
    expect(answered.body).toMatchObject({ wrongCodes: 1, reason: 'Locked' });
    expect(brief(await verify('000001'))).toBe('403 locked');
  });

  test('lost, and somebody else wrote meanwhile: our own is not the last any more, and a used code is no yes', async () => {
    world.given(enrolled);
    otherWritesAfter({ kind: 'lose' });
    expect(brief(await verify(code(0)))).toBe('403 code-replayed');
    expect(annotation('last-step')).toBe(String(presentStep));
    expect(world.server.changes(address)).toBe(2);
  });

  test('not written, and somebody else wrote meanwhile: it is judged anew, and counted once', async () => {
    world.given(enrolled);
    otherWritesAfter({ kind: 'answer', status: 504 });
    expect((await verify(code(0))).body).toMatchObject({ result: 'accepted', wrongCodesBefore: 1 });
    expect(world.server.changes(address)).toBe(2);
  });

  test('again and again: refused in the end, and the server was not pressed', async () => {
    world.given(enrolled);
    world.server.fault = (request) => (isPatch(request) ? { kind: 'answer', status: 500 } : undefined);
    expect(brief(await verify(code(0)))).toBe('503 unavailable');
    expect(world.server.writes().length).toBeLessThan(20);
    expect(annotation('last-step')).toBe(enrolled['last-step']);
  });

  test('the QR was shown for the first time all the same', async () => {
    world.given(unscanned);
    meetFirst({ kind: 'lose' });
    const { body } = await ask(world.replicas[0]!.app, 'enroll');
    expect(body).toMatchObject({ result: 'shown', shownBefore: false, key: seed });
    expect((await ask(world.replicas[0]!.app, 'enroll')).body).toMatchObject({ shownBefore: true });
  });

  test('also where the lost write comes only after it was looked for, and the second one conflicts', async () => {
    world.given(unscanned);
    let late: RawRequest | undefined;
    const { server } = world;
    server.fault = async (request) => {
      if (request.method !== 'PATCH') return undefined;
      if (!late) {
        late = request;
        return { kind: 'answer', status: 504 };
      }
      server.fault = () => undefined;
      await server.send(late);
      return undefined;
    };
    const { body } = await ask(world.replicas[0]!.app, 'enroll');
    expect(body).toMatchObject({ result: 'shown', shownBefore: false });
    expect(server.requests.filter(({ method }) => method === 'PATCH')).toHaveLength(3);
  });
});

describe('the same key and code', () => {
  test('within a minute: the same answer, without another write', async () => {
    world.given({ ...enrolled, ...failures({ row: 3, unknown: [-9, -8, -7] }) });
    const first = await verify(code(0), { key });
    world.clock.nowMs += 50_000;
    const again = await verify(code(0), { key, replica: 1 });
    expect(again.body).toMatchObject({ result: 'accepted', wrongCodesBefore: 3, firstCode: false });
    expect(first.body).toMatchObject({ wrongCodesBefore: 3 });
    expect(world.server.writes()).toHaveLength(1);
  });

  test('later: judged anew, and refused', async () => {
    world.given(enrolled);
    await verify(code(1), { key });
    world.clock.nowMs += 61_000;
    expect(brief(await verify(code(1), { key }))).toBe('403 code-replayed');
  });

  test('later: a wrong code is counted again', async () => {
    world.given(enrolled);
    await verify('000000', { key });
    world.clock.nowMs += 61_000;
    expect((await verify('000000', { key })).body).toMatchObject({ wrongCodes: 2 });
  });

  test('a wrong code counts once', async () => {
    world.given(enrolled);
    const answers = [await verify('000000', { key }), await verify('000000', { key, replica: 1 })];
    expect(answers.map(({ body }) => body['wrongCodes'])).toEqual([1, 1]);
    expect(world.server.writes()).toHaveLength(1);
  });

  test('another key: no', async () => {
    world.given(enrolled);
    await verify(code(0), { key });
    expect(brief(await verify(code(0), { key: 'another-key-of-somebody' }))).toBe('403 code-replayed');
  });

  test('still the same after the attempt key was rotated', async () => {
    world.given(enrolled);
    await verify(code(0), { key });
    world.keys.rotate('attempt');
    expect(brief(await verify(code(0), { key }))).toBe('200 accepted');
    expect(world.server.writes()).toHaveLength(1);
  });

  test('not for an account that is refused meanwhile', async () => {
    world.given(enrolled);
    await verify(code(0), { key });
    world.server.put(address, { ...world.server.annotations(address), 'exchange2fa.io/orphaned-at': instant(1) }, {});
    expect(brief(await verify(code(0), { key }))).toBe('403 orphaned');
  });
});

describe('a known browser', () => {
  const guess = (count: number): void => {
    const wrong = failures({ row: count, unknown: times(count, -7200) });
    world.server.put(
      address,
      { ...world.server.annotations(address), 'exchange2fa.io/failures': wrong['failures']! },
      {},
    );
  };
  const tokenFrom = async (): Promise<string> => String((await verify(code(0))).body['deviceToken']);
  const rightCode = async (deviceToken: string) => brief(await verify(code(1), { body: { deviceToken } }));

  test('is not locked by a thief at full budget', async () => {
    world.given(enrolled);
    const deviceToken = await tokenFrom();
    const { data } = [...world.server.secrets.values()][0]!;
    guess(25);
    const [name, secret] = [...world.server.secrets][0]!;
    world.server.secrets.set(name, { ...secret, data });
    expect(brief(await verify(code(1)))).toBe('403 locked');
    expect(await rightCode(deviceToken)).toBe('200 accepted');
  });

  test('is known by a token that an older key made', async () => {
    world.given({ ...enrolled, ...failures({ row: 0, unknown: times(24, -7200) }) });
    const deviceToken = await tokenFrom();
    world.keys.rotate('device');
    await verify('000000', { body: { deviceToken } });
    expect(JSON.parse(annotation('failures') ?? '')).toMatchObject({ known: [now / 1000] });
  });

  test.each([
    ['nonsense', (token: string) => `${token}x`],
    ['another end', (token: string) => token.replace(/\.(\d+)\./, (_, end: string) => `.${Number(end) + 1}.`)],
    ['nothing', () => ''],
    ['another key', (token: string) => token.replace('device-1', 'device-9')],
  ])('is not known by %s', async (_, change) => {
    world.given(enrolled);
    const deviceToken = change(await tokenFrom());
    await verify('000000', { body: { deviceToken } });
    expect(JSON.parse(annotation('failures') ?? '')).toMatchObject({ known: [], unknown: [now / 1000] });
  });

  test('a token is for one account, one seed and 90 days', async () => {
    world.given(enrolled);
    const deviceToken = await tokenFrom();
    const counts = async (of = address) => {
      await ask(world.replicas[0]!.app, 'verify', { body: { address: of, code: '000000', deviceToken } });
      return JSON.parse(world.server.annotations(of)['exchange2fa.io/failures'] ?? '') as { known: [] };
    };
    world.given(enrolled, 'ben@example.com');
    expect((await counts('ben@example.com')).known).toEqual([]);
    expect((await counts()).known).toHaveLength(1);
    world.given({ ...enrolled, 'minted-at': '2026-07-02T10:00:00.000Z' });
    expect((await counts()).known).toEqual([]);
    world.given(enrolled);
    world.clock.nowMs = now + 90 * day * 1000;
    expect((await counts()).known).toEqual([]);
  });
});

describe('this machine’s clock', () => {
  const suspended = { ...enrolled, suspended: `${instant(-60)}/${instant(60)}` };
  const login = async () => (await ask(world.replicas[0]!.app, 'login')).body;

  test('a little wrong: suspensions hold, and it is logged from 5 s on', async () => {
    world.given(suspended);
    world.server.nowMs = () => world.clock.nowMs + 10_000;
    expect(await login()).toEqual({ result: 'none', reason: 'Suspended', until: instant(60) });
    expect(world.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test.each([45_000, -45_000])(
    'wrong by %d ms: no suspension is honoured, and the page can say why',
    async (offset) => {
      world.given(suspended);
      world.server.nowMs = () => world.clock.nowMs + offset;
      expect(await login()).toMatchObject({ result: 'code', suspensionIgnored: true });
    },
  );

  test('compared with nothing, as answers come without a Date: no suspension is honoured', async () => {
    world.given(suspended);
    world.server.nowMs = () => NaN;
    expect(await login()).toMatchObject({ result: 'code', suspensionIgnored: true });
  });

  test('compared long ago only: no suspension is honoured', async () => {
    world.given(suspended);
    expect(await login()).toMatchObject({ result: 'none' });
    world.server.nowMs = () => NaN;
    world.clock.skip(61_000);
    expect(await login()).toMatchObject({ result: 'code', suspensionIgnored: true });
  });

  describe('wrong: each answer says that a suspension is not honoured', () => {
    const tooLate = { ...unscanned, 'enroll-until': instant(-60) };
    const locked = { ...enrolled, ...failures({ row: 100 }) };
    const waiting = { ...enrolled, ...failures({ row: 5, unknown: times(5) }) };
    test.each<['login' | 'enroll' | 'verify', string, Short]>([
      ['login', '200 code', enrolled],
      ['login', '200 enroll', unscanned],
      ['login', '200 deny', locked],
      ['login', '200 deny', tooLate],
      ['login', '200 deny', { 'second-factor': 'required' }],
      ['enroll', '200 shown', unscanned],
      ['enroll', '403 enrollment-expired', tooLate],
      ['enroll', '403 enrollment-code-not-issued', { ...unscanned, 'enrollment-code': 'required' }],
      ['verify', '403 enrollment-code-not-issued', { ...unscanned, 'enrollment-code': 'required' }],
      ['verify', '403 seed-lost', { 'second-factor': 'required' }],
      ['verify', '403 locked', locked],
      ['verify', '429 waiting', waiting],
      ['verify', '403 wrong-code', enrolled],
    ])('%s: %s', async (route, expected, short) => {
      world.server.nowMs = () => world.clock.nowMs + 45_000;
      const body = route === 'verify' ? { address, code: '000000' } : { address };
      const asked = () => ask(world.replicas[0]!.app, route, { body });
      world.given({ ...short, suspended: `${instant(-60)}/${instant(60)}` });
      const told = await asked();
      expect(brief(told)).toBe(expected);
      expect(told.body).toMatchObject({ suspensionIgnored: true });
      // None that could be: nothing is said.
      world.given(short);
      const { body: without } = await asked();
      expect(without['suspensionIgnored'] ?? false).toBe(false);
    });
  });

  test('right: nothing is logged', async () => {
    world.given(suspended);
    await login();
    expect(world.log.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});

test('one audit line a verdict, and never a code, token or seed in any line', async () => {
  world.given(enrolled);
  const { body } = await verify(code(0), { key });
  await verify('123456');
  await ask(world.replicas[0]!.app, 'login');
  const audit = world.log.lines.filter(({ fields }) => 'audit' in fields);
  expect(audit.map(({ fields }) => fields)).toEqual([
    { audit: 'verify', namespace: 'tenant', address, relyingParty: 'gateway', verdict: 'accepted' },
    { audit: 'verify', namespace: 'tenant', address, relyingParty: 'gateway', verdict: 'wrong' },
    { audit: 'login', namespace: 'tenant', address, relyingParty: 'gateway', verdict: 'code' },
  ]);
  const said = JSON.stringify(world.log.lines);
  for (const secret of [code(0), '123456', String(body['deviceToken']), seed, key]) expect(said).not.toContain(secret);
});
