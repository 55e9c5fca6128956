import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeLoginKeys } from '../../../dev/login/key-files.ts';
import { answerable, isAlive, openSession, sealSession, type PageSession } from '../../../src/login/pages/session.ts';
import { newSessionId } from '../../../src/login/pages/session-cookies.ts';
import { openSite, type Site } from './site.ts';

const minuteMs = 60_000;
const session: PageSession = {
  id: '0mwvj91v6-sFUsV3yv',
  startedAt: 1_000_000,
  key: 'k',
  formToken: 'f',
  clientId: 'webmail',
  redirectUri: 'https://webmail.example.com/second-factor',
  nonce: 'n',
  sub: 's',
  address: 'anna@example.com',
  amr: ['pwd'],
};

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

test('the id of a session is made of the chance that is given, in the order of time', () => {
  const random = { bytes: (count: number) => new Uint8Array(count), fraction: () => 0 };
  expect([1, 1000].map((nowMs) => newSessionId(nowMs, random))).toEqual(['000000001-AAAAAAAA', '0000000rs-AAAAAAAA']);
});

describe('a page session', () => {
  test('comes out of its cookie as it went in, and shows nothing of itself', async () => {
    const sealed = await sealSession(session, site.keys);
    expect(await openSession(sealed, session.id, site.keys)).toEqual(session);
    const [header = ''] = sealed.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: 'session-2026-01-01',
    });
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('anna');
  });

  test('is none if it was changed, cut, or is for another address', async () => {
    const sealed = await sealSession(session, site.keys);
    const middle = Math.floor(sealed.length / 2);
    const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
    for (const [text, id] of [
      [changed, session.id],
      [sealed.slice(0, -4), session.id],
      ['', session.id],
      ['a.b.c.d.e', session.id],
      [sealed, '0mwvj91v6-otherone'],
    ] as const) {
      expect(await openSession(text, id, site.keys)).toBeUndefined();
    }
  });

  test('survives the adding of a key, and fits into a cookie at its largest', async () => {
    const largest = {
      ...session,
      nonce: 'n'.repeat(256),
      state: 's'.repeat(768),
      sub: 'u'.repeat(255),
      address: `${'a'.repeat(64)}@${'b'.repeat(185)}.com`,
      enrollmentCode: 'c'.repeat(64),
      redirectUri: `https://webmail.example.com/${'r'.repeat(200)}`,
    };
    const before = await sealSession(largest, site.keys);
    expect(before.length).toBeLessThan(4000);
    await writeLoginKeys(site.directory, '2026-01-02');
    site.forward(11 * minuteMs);
    await site.keys.find('session', 'session-2026-01-02');
    expect(await sealSession(session, site.keys)).not.toContain(before.split('.')[0]);
    expect(await openSession(before, session.id, site.keys)).toEqual(largest);
  });

  test('lives for 15 minutes, and for 60 while a phone is set up', () => {
    const at = (minutes: number) => session.startedAt + minutes * minuteMs;
    expect(isAlive(session, at(14.9))).toBe(true);
    expect(isAlive(session, at(15))).toBe(false);
    expect(isAlive({ ...session, enrolling: true }, at(59.9))).toBe(true);
    expect(isAlive({ ...session, enrolling: true }, at(60))).toBe(false);
    // A clock that was set back far makes none alive again.
    expect(isAlive(session, at(-2))).toBe(false);
  });

  test('gives its answer for five minutes after the code', () => {
    const passed = { at: session.startedAt, guesses: 0 };
    expect(answerable({ ...session, passed }, passed.at + 4.9 * minuteMs)).toEqual(passed);
    expect(answerable({ ...session, passed }, passed.at + 5 * minuteMs)).toBeUndefined();
    expect(answerable(session, passed.at)).toBeUndefined();
  });
});
