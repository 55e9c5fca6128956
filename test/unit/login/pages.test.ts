import fc from 'fast-check';
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { Canary } from '../../support/canary.ts';
import { authorizeForm, configuration, hint } from '../pages/asking.ts';
import { hiddenFields, titleOf, Visitor } from '../pages/visitor.ts';
import { address, createWorld, type World } from './support/world.ts';
import {
  code,
  enrolled,
  enrollmentCode,
  enrollmentHash,
  failures,
  instant,
  now,
  seed,
  times,
  unscanned,
  type Short,
} from './tables/record.ts';

/** The pages over the real authenticator: Secrets in memory, two replicas. */
let world: World;
beforeEach(async () => {
  world = await createWorld(2, await configuration());
});

const hintNow = (): Promise<string> => hint({ email: address, iat: now / 1000, exp: now / 1000 + 300 });

const arrive = async (idTokenHint: string, replica = 0): Promise<Visitor> => {
  const visitor = new Visitor(world.replicas[replica]!);
  await visitor.arrive({ id_token_hint: idTokenHint });
  return visitor;
};

const type = async (visitor: Visitor, typed: string): Promise<void> => {
  await visitor.submit({ code: typed });
  await visitor.follow();
};

describe('one hint that is opened twice', () => {
  test('makes two sessions, of which one gets its code accepted', async () => {
    for (let round = 0; round < 20; round += 1) {
      world.given(enrolled);
      const idTokenHint = await hintNow();
      const visitors = await Promise.all([arrive(idTokenHint), arrive(idTokenHint, 1)]);
      expect(visitors[0].address).not.toBe(visitors[1].address);
      await Promise.all(visitors.map((visitor) => type(visitor, code(0))));
      const answers = visitors.map(({ last }) => hiddenFields(last.body)['id_token'] !== undefined);
      expect(answers.toSorted()).toEqual([false, true]);
      const [refused] = visitors.filter((_, index) => !answers[index]);
      expect(refused?.last.body).toContain('This code has been used already');
      expect(world.server.changes(address)).toBe(1);
    }
  });

  test('in one browser: two tabs that know nothing of each other', async () => {
    world.given(enrolled);
    const idTokenHint = await hintNow();
    const [first, second] = [await arrive(idTokenHint), await arrive(idTokenHint)];
    for (const [name, value] of first.cookies) second.cookies.set(name, value);
    await type(second, code(0));
    expect(hiddenFields(second.last.body)).toHaveProperty('id_token');
    // The other tab's session has no code, whatever the browser has.
    await second.get(`${first.address}/answer`);
    expect(second.last.statusCode).toBe(303);
  });
});

describe('an accepted code', () => {
  const typedLate = async (): Promise<Visitor> => {
    world.given(enrolled);
    const visitor = await arrive(await hintNow());
    world.clock.nowMs = now + 29 * 30_000;
    await visitor.submit({ code: code(29) });
    return visitor;
  };

  test('counts, though its session ends before its answer', async () => {
    const visitor = await typedLate();
    world.clock.nowMs += 60_000;
    await visitor.follow();
    expect(hiddenFields(visitor.last.body)).toHaveProperty('id_token');
  });

  test('is answered for five minutes', async () => {
    const visitor = await typedLate();
    world.clock.nowMs += 300_000;
    await visitor.follow();
    expect(visitor.last.statusCode).toBe(403);
    expect(hiddenFields(visitor.last.body)).not.toHaveProperty('id_token');
  });
});

test('strangers can not fill the log', async () => {
  for (let sent = 0; sent < 100; sent += 1) {
    const { statusCode } = await new Visitor(world.replicas[0]!).post('/authorize', { client_id: 'stranger' });
    expect(statusCode).toBe(400);
  }
  expect(world.log.lines.filter(({ message }) => message === 'authorize request refused')).toHaveLength(60);
});

test('a form that is too long for a code is not read', async () => {
  world.given(enrolled);
  const visitor = await arrive(await hintNow());
  await visitor.submit({ code: '0'.repeat(5_000) });
  expect([visitor.last.statusCode, titleOf(visitor.last)]).toEqual([413, 'Error: This request can’t be understood']);
});

test('what is beside the path of the issuer is answered with a page like any other', async () => {
  const { app } = (await createWorld(1, { ...(await configuration()), issuer: 'https://example.com/2fa' }))
    .replicas[0]!;
  const { statusCode, headers } = await app.inject('/elsewhere');
  expect(statusCode).toBe(404);
  expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
});

describe('a webmail in mode observe', () => {
  beforeEach(async () => {
    const { relyingParties, ...config } = await configuration();
    world = await createWorld(1, { ...config, relyingParties: [{ ...relyingParties[0]!, mode: 'observe' }] });
  });

  test('lets pass who has no Secret, says so, and counts and logs it', async () => {
    const visitor = await arrive(await hintNow());
    const claims = decodeJwt(hiddenFields(visitor.last.body)['id_token'] ?? '');
    expect(claims).toMatchObject({ second_factor: 'none', reason: 'NotManaged', amr: ['pwd'] });
    const figures = await world.replicas[0]!.metrics.registry.metrics();
    expect(figures).toContain('exchange2fa_login_would_refuse_total{relying_party="webmail"} 1');
    expect(world.log.lines.map(({ message }) => message)).toContain(
      'let pass in mode observe: there is no Secret, and enforce would refuse',
    );
  });

  test.each([
    ['asks for the code', enrolled, 'Enter your code'],
    ['shows the QR code', unscanned, 'Set up your phone'],
    ['refuses who is locked', { ...enrolled, ...failures({ row: 100 }) }, 'Error: Too many wrong codes'],
    ['refuses an orphan', { ...enrolled, 'orphaned-at': instant(-60) }, 'Error: You can’t sign in right now'],
  ])('%s all the same', async (_, short, title) => {
    world.given(short);
    expect(titleOf((await arrive(await hintNow())).last)).toBe(title);
  });
});

describe('the seed', () => {
  const windows: Readonly<Record<string, Short>> = {
    'asked for a code': enrolled,
    'told to wait': { ...enrolled, ...failures({ row: 5, unknown: times(5) }) },
    locked: { ...enrolled, ...failures({ row: 100 }) },
    suspended: { ...enrolled, suspended: `${instant(-60)}/${instant(60)}` },
    off: { ...enrolled, 'second-factor': 'off' },
    refused: { ...enrolled, 'second-factor': 'refused' },
    orphaned: { ...enrolled, 'orphaned-at': instant(-60) },
    unreadable: { ...enrolled, failures: 'x' },
    'too late to enrol': { ...unscanned, 'enroll-until': instant(-60) },
    'without an enrolment code': { ...unscanned, 'enrollment-code': 'required' },
    'asked for the enrolment code': { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` },
  };
  const canary = new Canary([seed]);
  const said = ({ last: { body, headers } }: Visitor): string => body + JSON.stringify(headers);
  const lines = (): string => JSON.stringify(world.log.lines);

  test.each(Object.entries(windows))('is in no page, header or line for who is %s', async (_, short) => {
    world.given(short);
    const visitor = await arrive(await hintNow());
    const all = [said(visitor)];
    for (const path of ['', '/answer', '/signed-in']) {
      await visitor.get(visitor.address + path);
      all.push(said(visitor));
    }
    const fields = { form_token: hiddenFields(visitor.last.body)['form_token'] ?? '' };
    for (const typed of ['000000', code(0), 'no code']) {
      await visitor.post(`${visitor.address}/code`, { ...fields, code: typed });
      all.push(said(visitor));
    }
    for (const text of [...all, lines()]) expect([...canary.foundIn(text)]).toEqual([]);
    expect(all.length).toBe(7);
  });

  test('is in the enrolment page alone, not in its headers, and not after the first code', async () => {
    world.given({ ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` });
    const visitor = await arrive(await hintNow());
    await visitor.submit({ enrollment_code: 'AAAA-BBBB-CCCC-DDDD' });
    const before = [said(visitor)];
    await visitor.follow();
    before.push(said(visitor));
    await visitor.submit({ enrollment_code: enrollmentCode });
    before.push(said(visitor));
    for (const text of before) expect([...canary.foundIn(text)]).toEqual([]);

    await visitor.follow();
    expect(titleOf(visitor.last)).toBe('Set up your phone');
    expect([...canary.foundIn(visitor.last.body)]).toEqual([seed]);
    expect([...canary.foundIn(JSON.stringify(visitor.last.headers))]).toEqual([]);

    await visitor.submit({ code: code(0) });
    const after = [said(visitor)];
    await visitor.follow();
    after.push(said(visitor), lines(), await world.replicas[0]!.metrics.registry.metrics());
    for (const text of after) expect([...canary.foundIn(text)]).toEqual([]);
    expect(hiddenFields(visitor.last.body)).toHaveProperty('id_token');
  });
});

test('strangers are told the same of every account, and no Secret is read for them', async () => {
  world.given(enrolled);
  world.given(unscanned, 'ben@example.com');
  const bodies = new Set<string>();
  for (const email of [address, 'ben@example.com', 'nobody@example.com']) {
    const expired = await hint({ email, iat: now / 1000 - 700, exp: now / 1000 - 400 });
    const answer = await new Visitor(world.replicas[0]!).post(
      '/authorize',
      await authorizeForm({ id_token_hint: expired }),
    );
    expect(answer.statusCode).toBe(400);
    bodies.add(answer.body);
  }
  expect(bodies.size).toBe(1);
  expect(world.server.requests).toEqual([]);
});

describe('whatever is typed into a page', () => {
  const text = fc.string({ unit: 'binary', maxLength: 100 });
  const forms = fc.record(
    {
      code: fc.oneof(text, fc.stringMatching(/^[0-9 -]{0,20}$/), fc.constant('000000')),
      minted_at: text,
      enrollment_code: text,
      more: text,
    },
    { requiredKeys: [] },
  );

  test.each([
    ['enrolled', enrolled],
    ['not enrolled', unscanned],
    ['to give an enrolment code', { ...unscanned, 'enrollment-code': `${enrollmentHash} ${instant(60)}` }],
  ])(
    '%s: back to the page, which says what was wrong; written is only what is a code for this seed',
    async (_, short) => {
      await fc.assert(
        fc.asyncProperty(fc.constantFrom('code', 'enrolment-code'), forms, async (path, typed) => {
          world.given(short);
          const visitor = await arrive(await hintNow());
          const minted = hiddenFields(visitor.last.body)['minted_at'] ?? '';
          const before = world.server.changes(address);
          const form = { ...hiddenFields(visitor.last.body), ...typed };
          const { statusCode } = await visitor.post(`${visitor.address}/${path}`, form);
          expect(statusCode).toBe(303);
          await visitor.follow();
          expect([200, 303, 403, 429]).toContain(visitor.last.statusCode);
          const digits = (typed.code ?? '').normalize('NFKC').replace(/[\s\p{Zs}\p{Pd}\u2212]/gu, '');
          const mayCount = path === 'code' && /^\d{6}$/.test(digits) && form['minted_at'] === minted && minted !== '';
          if (!mayCount) expect(world.server.changes(address)).toBe(before);
        }),
        { numRuns: 150 },
      );
    },
  );
});

test.each(['/s/%zz', '/s/%E0%A4%A', '/%', `/s/${'a'.repeat(500)}`])(
  '%s is answered with a page like any other',
  async (url) => {
    const { statusCode, headers, body } = await world.replicas[0]!.app.inject(url);
    expect(statusCode).toBeGreaterThanOrEqual(400);
    expect(statusCode).toBeLessThan(500);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).not.toContain(url);
  },
);
