import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hint, webmail } from './asking.ts';
import { accepted, code, codeRefused, deny, enroll, shown, type Script } from './script.ts';
import { openSite, type Site } from './site.ts';
import { hiddenFields, titleOf, Visitor } from './visitor.ts';

let site: Site;
let visitor: Visitor;
beforeEach(async () => {
  site = await openSite();
  visitor = new Visitor(site);
});
afterEach(() => site.close());

const alerts = (): string => {
  const [, markup = ''] = /role="alert"[^>]*>(.*?)<\/div>/s.exec(visitor.last.body) ?? [];
  return markup
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
};

const type = async (text: string): Promise<void> => {
  await visitor.submit({ code: text });
  expect(visitor.last.statusCode).toBe(303);
  await visitor.follow();
};

describe('a code', () => {
  test('is judged with what the session and the page know', async () => {
    await visitor.arrive();
    await type('123 456');
    const [, subject, asker, typed] = site.script.asked.find(([name]) => name === 'verify') ?? [];
    expect(subject).toEqual({ namespace: 'tenant', address: 'anna@example.com' });
    expect(asker).toEqual({ relyingParty: 'webmail', mode: 'enforce', deviceToken: undefined });
    expect(typed).toMatchObject({ code: '123 456', mintedAt: code.mintedAt, enrollmentCode: undefined });
    const { idempotencyKey } = typed as { idempotencyKey: string };
    expect(idempotencyKey).toMatch(/^[\w-]{24}$/);
    await type('123456');
    // The same session: the same key. Another: another.
    const keys = site.script.asked.filter(([name]) => name === 'verify').map(([, , , of]) => of);
    expect(keys[1]).toMatchObject({ idempotencyKey });
    await visitor.arrive();
    await type('123456');
    expect(site.script.asked.at(-2)?.[3]).not.toMatchObject({ idempotencyKey });
  });

  test('accepted: the answer, with otp beside what the first factor was, and a device token for this account', async () => {
    await visitor.arrive();
    site.script.verdict = accepted;
    await type('123456');
    expect(visitor.last.body).toContain(`<form method="post" action="${webmail}/second-factor">`);
    const { id_token: idToken = '', state } = hiddenFields(visitor.last.body);
    expect(state).toBe('a-state');
    const claims = decodeJwt(idToken);
    expect(claims).toMatchObject({
      iss: 'https://login.example.com',
      aud: 'webmail',
      sub: 'id-4711',
      nonce: 'a-nonce',
      amr: ['pwd', 'otp'],
      acr: 'possessionorinherence',
      second_factor: 'otp',
    });
    expect(claims.exp! - claims.iat!).toBe(30);
    const device = [...visitor.cookies].find(([name]) => name.startsWith('__Host-2fa-device-'));
    expect(device?.[1]).toBe('a-device-token');
    await visitor.arrive();
    expect(site.script.asked.at(-1)?.[2]).toMatchObject({ deviceToken: 'a-device-token' });

    // Nobody else's: an account's cookie is its own.
    await visitor.arrive({ id_token_hint: await hint({ email: 'ben@example.com' }) });
    expect(site.script.asked.at(-1)?.[2]).toMatchObject({ deviceToken: undefined });
  });

  test('accepted: the device token is for the account of this namespace; another may have the same address', async () => {
    const two = await openSite(({ relyingParties: [one], ...config }) => ({
      ...config,
      relyingParties: [one!, { ...one!, clientId: 'other', namespace: 'other-tenant' }],
    }));
    visitor = new Visitor(two);
    two.script.verdict = accepted;
    await visitor.arrive();
    await type('123456');
    const tokenOf = async (clientId: string) => {
      await visitor.arrive({ client_id: clientId });
      return two.script.asked.at(-1)?.[2];
    };
    expect(await tokenOf('other')).toMatchObject({ relyingParty: 'other', deviceToken: undefined });
    expect(await tokenOf('webmail')).toMatchObject({ deviceToken: 'a-device-token' });
    await two.close();
  });

  test('accepted: a reload answers with the same jti, and after five minutes not at all', async () => {
    await visitor.arrive();
    const page = visitor.address;
    const { form_token: formToken = '' } = hiddenFields(visitor.last.body);
    site.script.verdict = accepted;
    await type('123456');
    const jti = () => decodeJwt(hiddenFields(visitor.last.body)['id_token'] ?? '').jti;
    const first = jti();
    await visitor.get(page);
    await visitor.follow();
    expect(jti()).toBe(first);
    // The page with the form, as the back button may show it: no second code is judged.
    const judged = site.script.asked.length;
    await visitor.post(`${page}/code`, { form_token: formToken, code: '654321' });
    await visitor.follow();
    expect([jti(), site.script.asked.length]).toEqual([first, judged]);
    site.forward(5 * 60_000);
    await visitor.get(`${page}/answer`);
    expect(titleOf(visitor.last)).toBe('Error: This sign-in is finished');
    expect(visitor.last.body).not.toContain('id_token');
  });

  test('accepted after wrong ones of others: says how many first', async () => {
    await visitor.arrive();
    await type('000000');
    site.script.verdict = { ...accepted, wrongCodesBefore: 4 };
    await type('123456');
    expect(titleOf(visitor.last)).toBe('Wrong codes since your last sign-in');
    // One of the four was typed just now.
    expect(visitor.last.body).toContain('3 wrong codes were typed');
    expect(visitor.last.body).not.toContain('id_token');
    await visitor.get(`${visitor.address.replace('/signed-in', '')}/answer`);
    expect(hiddenFields(visitor.last.body)).toHaveProperty('id_token');
  });

  test.each<[string, readonly number[], number, number]>([
    ['own wrong ones', [1, 2], 2, 0],
    ['an own one that was typed twice and counted once, and one of others', [1, 1], 2, 1],
    ['others before and after an own one', [3], 5, 4],
    ['own ones, a good login elsewhere, and one of others', [1, 2, 3], 1, 1],
    ['own ones, a good login elsewhere, one of others and an own one', [2, 3, 2], 2, 1],
  ])('accepted after %s: tells of those of others', async (_what, counted, before, told) => {
    await visitor.arrive();
    for (const wrongCodes of counted) {
      site.script.verdict = { kind: 'wrong', wrongCodes, next: code };
      await type('000000');
    }
    site.script.verdict = { ...accepted, wrongCodesBefore: before };
    await type('123456');
    const found = /(\d+) wrong codes? (?:was|were) typed/.exec(visitor.last.body)?.[1] ?? '0';
    expect(Number(found)).toBe(told);
  });

  test.each([
    [{ kind: 'wrong', wrongCodes: 1, next: code }, /^This code is not right/],
    [
      { kind: 'wrong', wrongCodes: 1, next: code, clock: { phoneIs: 'slow', minutes: 2 } },
      /Your phone’s clock is about 2 minutes slow/,
    ],
    [{ kind: 'replayed' }, /used already/],
    [{ kind: 'malformed', digits: 8 }, /^A code has 8 digits/],
    [{ kind: 'malformed', digits: undefined }, /^A code has digits only/],
    [{ kind: 'seedChanged' }, /was reset in the meantime/],
    [{ kind: 'unavailable', retryAfterSeconds: 5 }, /Codes can’t be checked right now/],
  ] as const)('%o is said by the page that follows, also when that is reloaded', async (verdict, expected) => {
    await visitor.arrive();
    site.script.verdict = verdict;
    await type('123456');
    expect(alerts()).toMatch(expected);
    expect(titleOf(visitor.last)).toBe('Error: Enter your code');
    expect(visitor.last.body).toMatch(/<input[^>]*id="code"[^>]*aria-invalid="true" aria-describedby="problem"/s);
    await visitor.get(visitor.address);
    expect(alerts()).toMatch(expected);
    await visitor.get(`${visitor.address}/answer`);
    expect(visitor.last.statusCode).toBe(303);
  });
});

describe('what a login meets', () => {
  test('none: the answer at once, without otp, with the reason and the end', async () => {
    site.script.requirement = { kind: 'none', reason: 'Suspended', until: Date.parse('2026-12-01T08:00:00Z') };
    await visitor.arrive();
    const claims = decodeJwt(hiddenFields(visitor.last.body)['id_token'] ?? '');
    expect(claims).toMatchObject({
      amr: ['pwd'],
      second_factor: 'none',
      reason: 'Suspended',
      until: '2026-12-01T08:00:00Z',
    });
    expect(claims).not.toHaveProperty('acr');
  });

  test.each(['Off', 'NotManaged'] as const)('none because of %s: says so', async (reason) => {
    site.script.requirement = { kind: 'none', reason };
    await visitor.arrive();
    const claims = decodeJwt(hiddenFields(visitor.last.body)['id_token'] ?? '');
    expect(claims).toMatchObject({ second_factor: 'none', reason });
    expect(claims).not.toHaveProperty('until');
  });

  test.each([
    [{ ...deny, reason: 'Locked', until: Date.parse('2026-12-01T08:00:00Z') }, 403, /an unlock\.[\s\S]*1 December/],
    [{ ...deny, reason: 'Locked' }, 403, /a reset\./],
    [{ ...deny, reason: 'EnrollmentExpired' }, 403, /a new QR code is shown/],
    [{ ...deny, reason: 'NoSecret' }, 403, /can’t be completed/],
    [{ ...deny, reason: 'SeedLost' }, 403, /can’t be completed/],
    [{ kind: 'unavailable', retryAfterSeconds: 7 }, 503, /Try again/],
    [{ ...enroll, enrollmentCode: 'notIssued' }, 403, /None is valid for this address/],
    [{ ...code, notBefore: Date.now() + 28_000 }, 429, /can be tried in 2\d seconds/],
  ] as const)('%o: a page that says what to do, and links back', async (requirement, status, text) => {
    site.script.requirement = requirement;
    await visitor.arrive();
    expect(visitor.last.statusCode).toBe(status);
    expect(visitor.last.body).toMatch(text);
    expect(visitor.last.body).toContain(`href="${webmail}/"`);
    expect(visitor.last.body).not.toContain('name="code"');
    if (status >= 429) expect(Number(visitor.last.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('tells none of the refusals apart that only the help desk should', async () => {
    const bodies = new Set<string>();
    for (const reason of ['NoSecret', 'Orphaned', 'SecretInvalid', 'Refused', 'SeedLost'] as const) {
      site.script.requirement = { ...deny, reason };
      await visitor.arrive();
      bodies.add(visitor.last.body);
    }
    expect(bodies.size).toBe(1);
  });
});

describe('a suspension that is not honoured, as the clocks differ, is told', () => {
  const ignored = { suspensionIgnored: true } as const;
  const says = {
    en: 'the suspension does not count for now: our clock can’t be trusted',
    fr: 'la suspension ne compte pas pour l’instant : notre horloge n’est pas fiable',
  } as const;

  test.each<[string, Script['requirement'], Script['enrollment']?]>([
    ['where a code is asked for', { ...code, ...ignored }],
    ['where it has to wait', { ...code, ...ignored, notBefore: Date.now() + 28_000 }],
    ['to who is locked', { ...deny, ...ignored, reason: 'Locked' }],
    ['to who comes too late to enrol', { ...deny, ...ignored, reason: 'EnrollmentExpired' }],
    ['to whose seed is lost', { ...deny, ...ignored, reason: 'SeedLost' }],
    ['where the QR code is shown', enroll, { ...shown, ...ignored }],
    ['where an enrolment code is asked for', { ...enroll, ...ignored, enrollmentCode: 'needed' }],
    ['where none is issued', { ...enroll, ...ignored, enrollmentCode: 'notIssued' }],
    ['where one is asked for meanwhile', enroll, { ...codeRefused, ...ignored, problem: 'missing' }],
    ['where none is issued any more', enroll, { ...codeRefused, ...ignored, problem: 'notIssued' }],
  ])('%s', async (_, requirement, enrollment = shown) => {
    Object.assign(site.script, { requirement, enrollment });
    for (const [language, sentence] of Object.entries(says)) {
      visitor = new Visitor(site, { 'accept-language': language });
      await visitor.arrive();
      expect(visitor.last.body.split(sentence)).toHaveLength(2);
    }
  });

  test.each<[string, Script['requirement']]>([
    ['a code is asked for', code],
    ['the QR code is shown', enroll],
    ['it is locked', { ...deny, reason: 'Locked' }],
  ])('only where there is one: not where %s', async (_, requirement) => {
    Object.assign(site.script, { requirement, enrollment: shown });
    await visitor.arrive();
    expect(visitor.last.body).not.toContain(says.en);
  });
});

describe('enrolling', () => {
  beforeEach(() => {
    site.script.requirement = enroll;
    site.script.enrollment = shown;
  });

  test('shows the QR code, the link and the key in groups of four, and lasts for an hour', async () => {
    await visitor.arrive();
    expect(visitor.last.body).toContain(shown.qrSvg);
    expect(visitor.last.body).toContain(`href="${shown.otpauthUri.replaceAll('&', '&amp;')}"`);
    expect(visitor.last.body).toMatch(/<span>GEZD<\/span>/);
    expect(visitor.last.body).not.toContain('first shown');
    expect(visitor.last.body).not.toContain('delete that entry');
    site.forward(50 * 60_000);
    site.script.verdict = accepted;
    await type('123456');
    expect(hiddenFields(visitor.last.body)).toHaveProperty('id_token');
  });

  test('says when it was shown to somebody before, and that an older entry has to go', async () => {
    site.script.enrollment = { ...shown, shownBefore: true, replacesEarlier: true };
    await visitor.arrive();
    expect(visitor.last.body).toMatch(/first shown on 24 November 2026 at 10:05 UTC/);
    expect(visitor.last.body).toContain('already has an entry “Example” for this address, delete that entry first');
  });

  test('does not warn of what this very session was shown first', async () => {
    await visitor.arrive();
    site.script.enrollment = { ...shown, shownBefore: true };
    await visitor.get(visitor.address);
    expect(visitor.last.body).not.toContain('first shown');
    // Another seed: another first time.
    site.script.enrollment = { ...shown, shownBefore: true, mintedAt: '2026-11-25T03:00:00.000Z' };
    await visitor.get(visitor.address);
    expect(visitor.last.body).toContain('first shown');
  });

  test('asks for the enrolment code where one is needed, and keeps it for the code', async () => {
    site.script.requirement = { ...enroll, enrollmentCode: 'needed' };
    await visitor.arrive();
    expect(titleOf(visitor.last)).toBe('Enter your enrolment code');
    expect(visitor.last.body).not.toContain('otpauth');
    await visitor.submit({ enrollment_code: ' ' });
    await visitor.follow();
    expect(alerts()).toBe('Type the enrolment code.');
    site.script.enrollment = { ...codeRefused, problem: 'wrong' };
    await visitor.submit({ enrollment_code: 'AAAA-BBBB' });
    await visitor.follow();
    expect(alerts()).toMatch(/^This is not your enrolment code/);
    site.script.enrollment = shown;
    await visitor.submit({ enrollment_code: 'CCCC-DDDD' });
    await visitor.follow();
    expect(titleOf(visitor.last)).toBe('Set up your phone');
    await type('123456');
    const [, , , typed] = site.script.asked.find(([name]) => name === 'verify') ?? [];
    expect(typed).toMatchObject({ enrollmentCode: 'CCCC-DDDD' });
  });

  test('waits an hour for the enrolment code, which somebody may have to ask for', async () => {
    site.script.requirement = { ...enroll, enrollmentCode: 'needed' };
    await visitor.arrive();
    site.forward(50 * 60_000);
    await visitor.submit({ enrollment_code: 'CCCC-DDDD' });
    await visitor.follow();
    expect(titleOf(visitor.last)).toBe('Set up your phone');
  });

  test('forgets an enrolment code that was replaced meanwhile', async () => {
    site.script.requirement = { ...enroll, enrollmentCode: 'needed' };
    await visitor.arrive();
    await visitor.submit({ enrollment_code: 'CCCC-DDDD' });
    await visitor.follow();
    site.script.enrollment = { ...codeRefused, problem: 'wrong' };
    await visitor.get(visitor.address);
    expect(titleOf(visitor.last)).toBe('Error: Enter your enrolment code');
    site.script.enrollment = { ...codeRefused, problem: 'notIssued' };
    await visitor.submit({ enrollment_code: 'CCCC-DDDD' });
    await visitor.follow();
    expect(titleOf(visitor.last)).toBe('Error: You need an enrolment code');
  });

  test('says what is wrong with a code beside its field, and what is wrong with the page at its top', async () => {
    await visitor.arrive();
    await type('000000');
    expect(visitor.last.body).toMatch(/<ol class="steps">.*role="alert".*aria-describedby="problem"/s);
    site.script.verdict = { kind: 'seedChanged' };
    await type('000000');
    expect(visitor.last.body).toMatch(/role="alert".*<ol class="steps">/s);
    expect(visitor.last.body).not.toMatch(/<input[^>]*aria-invalid/);
  });

  test('shows the QR code but no field while wrong codes have to wait', async () => {
    site.script.enrollment = { ...shown, notBefore: Date.now() + 28_000 };
    await visitor.arrive();
    expect(visitor.last.body).toContain(shown.qrSvg);
    expect(visitor.last.body).toMatch(/can be tried in 2\d seconds/);
    expect(visitor.last.body).not.toContain('name="code"');
    expect(visitor.last.body).toContain(`href="${visitor.address}">Try again`);
  });
});
