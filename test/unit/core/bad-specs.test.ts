import { describe, expect, test } from 'vitest';
import type { ExchangePlatformSpec } from '../../../src/api/generated/exchange-platform.ts';
import type { MailAccountSpec } from '../../../src/api/generated/mail-account.ts';
import { readAccount, readPlatform, understood, type Misunderstood } from '../../../src/core/wishes.ts';
import { account, codeHash, enrolled, hours, platform, remembered, unscanned } from './given.ts';
import { sentences } from './rows.ts';

const specOf = (twoFactor: unknown, more = {}) =>
  ({ ...account().spec, ...(twoFactor !== undefined && { twoFactor }), ...more }) as MailAccountSpec;
const junk = (twoFactor: unknown, more = {}) => ({ account: { spec: specOf(twoFactor, more) } });
const complaint = (read: object | Misunderstood) => ('misunderstood' in read ? read.misunderstood : undefined);

sentences('an object that was stored before the schema could refuse it: SpecInvalid, the rest stays as it was', [
  {
    ...junk({ state: 'Off' }),
    says: 'field, value and what is allowed are named; the Secret is left alone',
    secret: enrolled,
    status: remembered,
    wants: {
      act: 'keep',
      phase: 'Enforced',
      ready: 'False SpecInvalid',
      stalled: 'True SpecInvalid',
      readyMessage: 'spec.twoFactor.state: found "Off"; allowed is Enabled, Removed',
      events: ['SpecInvalid'],
    },
  },
  {
    ...junk({ state: 'Off' }),
    says: 'without a Secret: Blocked alone',
    wants: { act: 'keep', phase: 'Blocked', enforced: 'True SpecInvalid', enrolled: 'False NotEnrolled' },
  },
  {
    ...junk({ state: 'Off' }),
    says: 'a window that is open still ends',
    secret: { ...unscanned, suspended: `${hours(-1)}/${hours(1)}` },
    wants: { act: 'keep', phase: 'Suspended', requeueAt: hours(1) },
  },
  {
    ...junk({ state: 'Off' }),
    says: 'the refusal of a Secret keeps its own reason',
    secret: { ...enrolled, failures: '?' },
    wants: { ready: 'False SpecInvalid', enforced: 'True SecretInvalid' },
  },
  {
    ...junk(undefined, { address: 'änna@example.com' }),
    says: 'an address without a Secret name: nothing is written',
    wants: {
      act: 'keep',
      phase: 'Blocked',
      ready: 'False SpecInvalid',
      enrolled: 'False NotEnrolled',
      secretName: undefined,
    },
  },
  {
    account: { spec: undefined as never },
    says: 'no spec at all',
    wants: { act: 'keep', phase: 'Blocked', ready: 'False SpecInvalid' },
  },
]);

describe('an account’s fields', () => {
  test.each<[string, unknown, object?]>([
    ['spec.twoFactor: found 7', 7],
    ['spec.twoFactor: found null', null],
    ['spec.twoFactor: found []', []],
    ['spec.twoFactor.state: found "Disabled"', { state: 'Disabled' }],
    ['spec.twoFactor.suspension: found "1h"', { suspension: '1h' }],
    ['spec.twoFactor.suspension.requestedAt: found nothing', { suspension: { hours: 1 } }],
    [
      'spec.twoFactor.suspension.requestedAt: found "2026-02-30T00:00:00Z"',
      { suspension: { requestedAt: '2026-02-30T00:00:00Z', hours: 1 } },
    ],
    ['spec.twoFactor.suspension.hours: found nothing', { suspension: { requestedAt: hours(0) } }],
    ['spec.twoFactor.suspension.hours: found 0', { suspension: { requestedAt: hours(0), hours: 0 } }],
    ['spec.twoFactor.suspension.hours: found 8761', { suspension: { requestedAt: hours(0), hours: 8761 } }],
    ['spec.twoFactor.suspension.hours: found 1.5', { suspension: { requestedAt: hours(0), hours: 1.5 } }],
    ['spec.twoFactor.suspension.hours: found "2"', { suspension: { requestedAt: hours(0), hours: '2' } }],
    ['spec.twoFactor.reset.requestedAt: found 1', { reset: { requestedAt: 1 } }],
    ['spec.twoFactor.unlock.requestedAt: found ""', { unlock: { requestedAt: '' } }],
    ['spec.twoFactor.enrollmentCode.expiresAt: found nothing', { enrollmentCode: { hash: codeHash } }],
    ['spec.platformRef: found "hosted"', undefined, { platformRef: 'hosted' }],
    ['spec.platformRef.name: found nothing', undefined, { platformRef: {} }],
    ['spec.platformRef.name: found ""', undefined, { platformRef: { name: '' } }],
    ['spec.address: found "anna"', undefined, { address: 'anna' }],
    ['spec.address: found "an:na@example.com"', undefined, { address: 'an:na@example.com' }],
    ['spec.address: found "an na@example.com"', undefined, { address: 'an na@example.com' }],
    ['spec.address: found "a@b@example.com"', undefined, { address: 'a@b@example.com' }],
    ['spec.address: found nothing', undefined, { address: undefined }],
  ])('%s', (words, twoFactor, more) => {
    expect(complaint(readAccount(specOf(twoFactor, more)))).toContain(`${words}; allowed is `);
  });

  test('a hash that is none is not repeated: it may be the code itself', () => {
    const read = readAccount(specOf({ enrollmentCode: { hash: 'K7Q2-9XWB', expiresAt: hours(1) } }));
    expect(complaint(read)).toMatch(/^spec\.twoFactor\.enrollmentCode\.hash: found /);
    expect(complaint(read)).not.toContain('K7Q2');
  });

  test('what is long is quoted in part', () => {
    const read = complaint(readAccount(specOf({ state: 'x'.repeat(100_000) })))!;
    expect(read.length).toBeLessThan(200);
  });

  test('absent: the platform decides, nothing is asked for', () => {
    expect(readAccount(specOf(undefined))).toMatchObject({
      state: undefined,
      suspension: undefined,
      resetAt: undefined,
      unlockAt: undefined,
      enrollmentCode: undefined,
    });
  });
});

const platformSpec = (twoFactor: unknown, more = {}) =>
  ({ issuer: 'Example Mail', twoFactor, ...more }) as ExchangePlatformSpec;

describe('a platform’s fields', () => {
  test('defaults, in code and not in the schema', () => {
    expect(readPlatform(platform({ accountDefault: 'Disabled' }).spec)).toEqual({
      state: 'Enabled',
      accountDefault: 'Disabled',
      maxSuspensionHours: 24,
      suspension: undefined,
      resetAt: undefined,
      codeRequired: false,
      windowHours: undefined,
      retainDeletedHours: 720,
      totp: { issuer: 'Example Mail', algorithm: 'SHA1', digits: 6, periodSeconds: 30 },
    });
    expect(readPlatform(platformSpec({ state: 'Enabled' }))).toMatchObject({ accountDefault: 'Disabled' });
  });

  test.each<[string, object]>([
    ['spec.twoFactor.state: found nothing', {}],
    ['spec.twoFactor.state: found "On"', { state: 'On' }],
    ['spec.twoFactor.accountDefault: found "Removed"', { accountDefault: 'Removed' }],
    ['spec.twoFactor.maxSuspensionHours: found 0', { maxSuspensionHours: 0 }],
    ['spec.twoFactor.retainDeletedHours: found -1', { retainDeletedHours: -1 }],
    ['spec.twoFactor.suspension.hours: found nothing', { suspension: { requestedAt: hours(0) } }],
    ['spec.twoFactor.reset.requestedAt: found nothing', { reset: {} }],
    ['spec.twoFactor.enrollment: found 1', { enrollment: 1 }],
    ['spec.twoFactor.enrollment.mode: found "code"', { enrollment: { mode: 'code' } }],
    ['spec.twoFactor.enrollment.windowHours: found 0', { enrollment: { windowHours: 0 } }],
    ['spec.twoFactor.totp.algorithm: found "MD5"', { totp: { algorithm: 'MD5' } }],
    ['spec.twoFactor.totp.digits: found 7', { totp: { digits: 7 } }],
    ['spec.twoFactor.totp.periodSeconds: found "30"', { totp: { periodSeconds: '30' } }],
  ])('%s', (words, twoFactor) => {
    const spec = platformSpec(
      words.startsWith('spec.twoFactor.state') ? twoFactor : { state: 'Enabled', ...twoFactor },
    );
    expect(complaint(readPlatform(spec))).toContain(`${words}; allowed is `);
  });

  test.each(['Example Mail', 'Übermäßig & Söhne', 'Почта', '1', 'a'.repeat(64), '\u{1F600}'.repeat(64)])(
    'issuer %j',
    (issuer) => {
      expect(readPlatform(platformSpec({ state: 'Enabled' }, { issuer }))).toMatchObject({ totp: { issuer } });
    },
  );

  test.each(['', 'a'.repeat(65), 'a:b', ' a', 'a ', 'a\nb', 'a\u0000', 'a\u200b', 7, undefined])(
    'not issuer %j',
    (issuer) => {
      expect(complaint(readPlatform(platformSpec({ state: 'Enabled' }, { issuer })))).toMatch(/^spec\.issuer: found /);
    },
  );

  test.each([undefined, null, 7, 'x', []])('spec %j', (spec) => {
    expect(complaint(readPlatform(spec as never))).toMatch(/^spec/);
  });

  test('retainDeletedHours may be 0', () => {
    expect(readPlatform(platformSpec({ state: 'Enabled', retainDeletedHours: 0 }))).toMatchObject({
      retainDeletedHours: 0,
    });
  });
});

test('who has nothing to say of a spec that is not understood takes it for none', () => {
  const read = readAccount(specOf({ state: 'Removed' }));
  expect(understood(read)).toBe(read);
  expect(understood(readAccount(specOf({ state: 'Off' })))).toBeUndefined();
  expect(understood(undefined)).toBeUndefined();
});
