import { describe, expect, test } from 'vitest';
import type { MailAccountTwoFactor } from '../../../src/api/generated/mail-account.ts';
import type { Account } from '../../../src/cli/cluster/objects.ts';
import { assumedAmong, assumedSetbacks } from '../../../src/cli/explain/assume.ts';
import { effectsOn } from '../../../src/cli/explain/effects-on-login.ts';
import { explanationOf, sentence } from '../../../src/cli/explain/explain.ts';
import { liveFrom } from '../../../src/cli/explain/live.ts';
import { effectsOnPlatform } from '../../../src/cli/explain/refused-suspension.ts';
import { simulate } from '../../../src/cli/explain/simulate.ts';
import { summaryOf } from '../../../src/cli/explain/summary.ts';
import { stepsOf } from '../../../src/cli/explain/why.ts';
import { meetsNow } from '../../../src/cli/cluster/meets.ts';
import {
  account as accountFacts,
  codeHash,
  enrolled,
  enrolledAt,
  factsOf,
  hours,
  inStep,
  mintedAt,
  now,
  platform,
  remembered,
  unscanned,
  type Given,
} from '../core/given.ts';

const anna: Given = { secret: enrolled, status: remembered };
const facts = (asks?: MailAccountTwoFactor, more: Given = {}) => factsOf({ ...anna, ...more, ...(asks && { asks }) });

describe('the timeline of an account', () => {
  test.each<readonly [string, MailAccountTwoFactor | undefined, readonly string[]]>([
    ['without requests', undefined, ['Enforced']],
    [
      'with a suspension to come',
      { suspension: { requestedAt: hours(2), hours: 3 } },
      ['Enforced', `Suspended ${hours(2)}`, `Enforced ${hours(5)}`],
    ],
    [
      'with a suspension that runs',
      { suspension: { requestedAt: hours(-1), hours: 3 } },
      ['Suspended', `Enforced ${hours(2)}`],
    ],
    ['with a reset to come', { reset: { requestedAt: hours(2) } }, ['Enforced', `Enrolling ${hours(2)}`]],
    [
      'with both, the QR code at the end',
      { suspension: { requestedAt: hours(-1), hours: 3 }, reset: { requestedAt: hours(1) } },
      ['Suspended', `Suspended ${hours(1)}`, `Enrolling ${hours(2)}`],
    ],
  ])('%s', (_, asks, wanted) => {
    const moments = simulate(facts(asks), now);
    const text = moments.map(({ at, decision }, index) => {
      const phase = decision.status.phase ?? '';
      return index === 0 ? phase : `${phase} ${new Date(at).toISOString().replace('.000', '')}`;
    });
    expect(text).toEqual(wanted);
  });
});

describe('what a file changes for a login', () => {
  const suspension = { requestedAt: hours(0), hours: 4 };
  const none: readonly string[] = [];
  test.each<readonly [string, Given, readonly string[], string]>([
    ['nothing', {}, none, 'nothing changes for any login'],
    ['a reset', { asks: { reset: { requestedAt: hours(0) } } }, ['newQr'], '1 login will meet a new QR'],
    ['a reset to come', { asks: { reset: { requestedAt: hours(9) } } }, ['newQr'], '1 login will meet a new QR'],
    [
      'an old reset',
      { asks: { reset: { requestedAt: '2026-01-01T00:00:00Z' } } },
      none,
      'nothing changes for any login',
    ],
    ['a suspension', { asks: { suspension } }, ['suspended'], '1 login will be suspended'],
    [
      'one too long',
      { asks: { suspension: { ...suspension, hours: 400 } } },
      ['suspensionRefused'],
      '1 suspension of 400 h is refused',
    ],
    [
      'a maximum under what runs',
      { asks: { suspension: { ...suspension, hours: 20 } }, platform: { maxSuspensionHours: 8 } },
      ['suspensionRefused'],
      '1 suspension of 20 h is refused',
    ],
    ['a removal', { asks: { state: 'Removed' } }, ['off'], '1 login loses its second factor'],
    [
      'a platform that is switched off',
      { platform: { state: 'Disabled' } },
      ['off'],
      '1 login loses its second factor',
    ],
    [
      'a reset by the platform',
      { platform: { reset: { requestedAt: hours(0) } } },
      ['newQr'],
      '1 login will meet a new QR',
    ],
    ['a suspension by the platform', { platform: { suspension } }, ['suspended'], '1 login will be suspended'],
    ['a platform that is gone', { platform: 'missing' }, none, 'nothing changes for any login'],
  ])('%s', (_, given, kinds, summary) => {
    const effects = effectsOn(facts(), factsOf({ ...anna, ...given }), now);
    expect(effects.map(({ kind }) => kind)).toEqual(kinds);
    expect(summaryOf(effects)).toBe(summary);
  });

  const wrong = JSON.stringify({ row: 30, unknown: new Array<number>(25).fill(now / 1000 - 3700), known: [] });
  const suspendedNow: Given = { ...anna, asks: { suspension: { requestedAt: hours(-1), hours: 3 } } };
  const suspendedLater: Given = { ...anna, asks: { suspension: { requestedAt: hours(1), hours: 3 } } };
  const codeIssued: Given = { asks: { enrollmentCode: { hash: codeHash, expiresAt: hours(2) } } };
  const justMinted = new Date(now - 1_800_000).toISOString();
  const unscannedNow: Given = {
    secret: { ...unscanned, 'minted-at': justMinted },
    status: { phase: 'Enrolling', seedMintedAt: justMinted },
  };
  const unscannedLong: Given = { secret: unscanned, status: { phase: 'Enrolling', seedMintedAt: mintedAt } };
  test.each<readonly [string, Given, Given, readonly string[], RegExp]>([
    ['a suspension that ends early', suspendedNow, anna, ['suspensionEnded'], /asked for a code at once/],
    [
      'a suspension that is withdrawn',
      suspendedLater,
      anna,
      ['suspensionWithdrawn'],
      /from \S+ until \S+ is withdrawn/,
    ],
    ['a suspension to come', anna, suspendedLater, ['suspended'], /no code from \S+ until/],
    [
      'a switch turned off before a suspension',
      suspendedLater,
      { ...suspendedLater, platform: { state: 'Disabled' } },
      ['off'],
      /no second factor/,
    ],
    ['a switch turned on', { ...anna, platform: { state: 'Disabled' } }, anna, ['on'], /is asked for a code/],
    ['a switch turned on, nobody enrolled', { platform: { state: 'Disabled' } }, {}, ['on'], /^is shown a QR code$/],
    [
      'a switch turned on, nobody enrolled, and a code issued',
      { ...codeIssued, platform: { state: 'Disabled' } },
      codeIssued,
      ['on'],
      /^is asked for the enrolment code, then shown a QR code$/,
    ],
    [
      'a reset with an enrolment code',
      anna,
      { ...anna, asks: { reset: { requestedAt: hours(0) }, ...codeIssued.asks } },
      ['newQr'],
      /^meets a new QR code at once, after the enrolment code$/,
    ],
    [
      'a reset where the platform wants codes',
      { ...anna, platform: { enrollment: { mode: 'Code' } } },
      { ...anna, platform: { enrollment: { mode: 'Code' } }, asks: { reset: { requestedAt: hours(0) } } },
      ['newQr', 'codeNeeded'],
      /^meets a new QR code at once, after the enrolment code$/,
    ],
    [
      'a reset while a suspension runs',
      suspendedNow,
      { ...suspendedNow, asks: { ...suspendedNow.asks, reset: { requestedAt: hours(0) } } },
      ['newQr'],
      new RegExp(`^meets a new QR code from ${hours(2)}$`),
    ],
    [
      'an unlock',
      { ...anna, secret: { ...enrolled, failures: wrong } },
      { ...anna, secret: { ...enrolled, failures: wrong }, asks: { unlock: { requestedAt: hours(0) } } },
      ['letIn'],
      /is refused no longer, and is asked for a code/,
    ],
    ['a platform that comes', { platform: 'missing' }, {}, ['letIn'], /is refused no longer, and is shown a QR code/],
    [
      'a platform that wants codes',
      unscannedNow,
      { ...unscannedNow, platform: { enrollment: { mode: 'Code' } } },
      ['codeNeeded'],
      /none is issued/,
    ],
    [
      'a time to enrol that has passed',
      unscannedLong,
      { ...unscannedLong, platform: { enrollment: { windowHours: 1 } } },
      ['blocked'],
      /is refused at once: EnrollmentExpired/,
    ],
    [
      'a time to enrol that will end',
      unscannedNow,
      { ...unscannedNow, platform: { enrollment: { windowHours: 1 } } },
      ['blocked'],
      /is refused from \S+: EnrollmentExpired/,
    ],
    ['a removal', anna, { ...anna, asks: { state: 'Removed' } }, ['off'], /its seed is erased/],
  ])('%s', (_, was, is, kinds, says) => {
    const effects = effectsOn(factsOf(was), factsOf(is), now);
    expect(effects.map(({ kind }) => kind)).toEqual(kinds);
    expect(effects[0]?.text).toMatch(says);
  });

  test('a platform that asks for more than it allows', () => {
    const tooLong = platform({ suspension: { requestedAt: hours(0), hours: 400 } });
    expect(summaryOf(effectsOnPlatform(platform(), tooLong, now))).toBe('1 suspension of 400 h is refused');
    expect(effectsOnPlatform(tooLong, tooLong, now)).toEqual([]);
  });

  test.each<readonly [string, Given, string, readonly string[]]>([
    ['a new account', {}, 'is a new account: its first login is shown a QR code', ['created']],
    [
      'a new account with an enrolment code',
      codeIssued,
      'is a new account: its first login is asked for the enrolment code, then shown a QR code',
      ['created'],
    ],
    [
      'a new account where the platform wants codes',
      { platform: { enrollment: { mode: 'Code' } } },
      'is a new account: its first login is asked for the enrolment code, then shown a QR code',
      ['created', 'codeNeeded'],
    ],
  ])('%s', (_, given, text, kinds) => {
    const effects = effectsOn(undefined, factsOf(given), now);
    expect(effects.map(({ kind }) => kind)).toEqual(kinds);
    expect(effects[0]).toMatchObject({ object: 'MailAccount', name: 'anna', text });
  });

  test('many, counted', () => {
    const reset = factsOf({ ...anna, asks: { reset: { requestedAt: hours(0) } } });
    const refused = factsOf({ ...anna, asks: { suspension: { ...suspension, hours: 400 } } });
    const effects = [reset, reset, reset, refused].flatMap((after) => effectsOn(facts(), after, now));
    expect(summaryOf(effects)).toBe('3 logins will meet a new QR, 1 suspension of 400 h is refused');
  });
});

describe('who may not read Secrets', () => {
  const asStatus = (given: Given): Account => {
    const [{ decision }] = simulate(factsOf(given), now);
    const { spec, generation } = factsOf(given).account;
    return {
      metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation },
      spec,
      status: decision.status,
    };
  };
  const suspendedNow: MailAccountTwoFactor = { suspension: { requestedAt: hours(-1), hours: 3 } };
  const resetNow: MailAccountTwoFactor = { reset: { requestedAt: hours(-1) } };
  const inWindow = { ...enrolled, suspended: `${hours(-1)}/${hours(2)}` };
  const refusedWrite = { status: 422, field: 'admission policy example', retryAt: now + 1 } as const;
  const wrong = { row: 30, unknown: new Array<number>(25).fill(now / 1000 - 60), known: [] };

  test.each<readonly [string, Given]>([
    ['enforced', anna],
    ['enrolling', { secret: unscanned }],
    ['suspended', { ...anna, asks: suspendedNow }],
    ['off', { ...anna, platform: { state: 'Disabled' } }],
    ['removed', { ...anna, asks: { state: 'Removed' } }],
    ['locked', { ...anna, secret: { ...enrolled, failures: JSON.stringify(wrong) } }],
    ['locked for good', { ...anna, secret: { ...enrolled, failures: JSON.stringify({ ...wrong, row: 100 }) } }],
    ['blocked: no platform and no Secret', { platform: 'missing' }],
    [
      'blocked: an older seed than the one remembered',
      { ...anna, status: { ...remembered, seedMintedAt: hours(-1).replace('Z', '.000Z') } },
    ],
    ['blocked: the seed is gone', { status: remembered }],
    ['blocked: an annotation that no login reads', { ...anna, secret: { ...enrolled, failures: 'five' } }],
    ["blocked: another's Secret has the name", { secret: 'foreign' }],
    ['blocked: the first write is refused', { refusedWrite }],
    ['a write that is refused, though a code is asked for', { ...anna, asks: suspendedNow, refusedWrite }],
    ['suspended, though the end of it may not be written', { ...anna, secret: inWindow, refusedWrite }],
    ['a reset that waits after storage went back', { ...anna, asks: resetNow, holdUntil: Date.parse(hours(1)) }],
    ['suspended, and the platform gone', { ...anna, asks: suspendedNow, secret: inWindow, platform: 'missing' }],
    ['off, with a seed that is lost', { ...anna, secret: inStep, platform: { state: 'Disabled' } }],
    ['blocked: half of an enrolment', { ...anna, secret: { ...unscanned, 'enrolled-at': enrolledAt } }],
    ['blocked: data that no login reads', { ...anna, secret: { ...enrolled, 'data-invalid': mintedAt } }],
    ['blocked: the enrolment is gone from the Secret', { ...anna, secret: unscanned }],
  ])('assumes from the status what a login meets: %s', (_, given) => {
    const account = asStatus(given);
    const { account: facts, rivals, platform } = factsOf(given);
    const known = { account: { ...facts, status: account.status ?? {} }, rivals, platform };
    const [{ decision }] = simulate({ ...known, secret: assumedAmong([account]), ...assumedSetbacks(account) }, now);
    expect(decision.status).toEqual(account.status);
  });

  test('is told that another account holds the Secret, whoever of the two is older', () => {
    const other: Account = {
      metadata: { name: 'ben', namespace: 'mail', uid: 'b', resourceVersion: '1', creationTimestamp: hours(0) },
      spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
      status: { phase: 'Enforced', seedMintedAt: mintedAt, enrolledAt, secretName: 'totp-0' },
    };
    const { metadata, spec } = asStatus({});
    const live = liveFrom({ metadata, spec }, { rivals: [other], platform: undefined, secret: undefined });
    const steps = stepsOf(live, simulate(live.facts, now)[0]);
    expect(steps.find(({ step }) => step === 'Secret')?.says).toMatch(/belongs to MailAccount ben/);
  });

  test('is told so', () => {
    const live = { facts: facts(), isAssumed: true };
    const steps = stepsOf(live, simulate(live.facts, now)[0]);
    expect(steps.find(({ step }) => step === 'Secret')?.says).toMatch(/^not readable with these rights/);
  });
});

describe('every step of why', () => {
  test('names platform, requests, seed, enrolment and wrong codes', () => {
    const asks: MailAccountTwoFactor = {
      suspension: { requestedAt: hours(-1), hours: 99 },
      reset: { requestedAt: hours(5) },
      unlock: { requestedAt: hours(-1) },
    };
    const failures = JSON.stringify({
      row: 5,
      unknown: [now / 1000 - 9, now / 1000 - 8, now / 1000 - 7, now / 1000 - 6, now / 1000 - 5],
      known: [],
    });
    const live = { facts: factsOf({ ...anna, asks, secret: { ...enrolled, failures } }), isAssumed: false };
    const says = Object.fromEntries(
      stepsOf(live, simulate(live.facts, now)[0]).map(({ step, says: text }) => [step, text]),
    );
    expect(says).toMatchObject({
      platform: 'hosted: Enabled, for accounts that say nothing Enabled',
      state: 'the account says none: as the platform says',
      suspension: 'refused: 99 h, and the platform allows 24 h',
      reset: `due ${hours(5)}`,
      unlock: `of ${hours(-1)}`,
      seed: 'minted 2026-11-01T10:00:00.000Z',
      'wrong codes': expect.stringMatching(/^5 in a row; the next counts from/) as unknown,
      operator: 'is to bring the annotations in step',
    });
  });

  const suspension = { requestedAt: hours(-1), hours: 3 };
  test.each<readonly [string, Given, boolean, Readonly<Record<string, string>>]>([
    ['a suspension', { ...anna, asks: { suspension } }, false, { suspension: `suspended until ${hours(2)}` }],
    [
      'a suspension of who is refused',
      { asks: { suspension }, platform: 'missing' },
      false,
      { suspension: `asked for until ${hours(2)}, without effect: the login is refused` },
    ],
    [
      'a suspension where there is no second factor',
      { ...anna, asks: { suspension }, platform: { state: 'Disabled' } },
      false,
      { suspension: `asked for until ${hours(2)}, without effect: there is no second factor` },
    ],
    ['no wrong codes', anna, false, { 'wrong codes': 'none' }],
    ['wrong codes that the rights hide', anna, true, { 'wrong codes': 'not known' }],
  ])('%s', (_, given, isAssumed, wanted) => {
    const live = { facts: factsOf(given), isAssumed };
    const steps = stepsOf(live, simulate(live.facts, now)[0]);
    expect(Object.fromEntries(steps.map(({ step, says }) => [step, says]))).toMatchObject(wanted);
  });

  const ben = accountFacts(undefined, { name: 'ben', createdAt: '2026-11-30T09:00:00Z' });
  test.each<readonly [string, Given, boolean]>([
    ["another account's Secret", { secret: { ...enrolled, account: 'ben' }, rivals: [ben] }, false],
    ["another account's Secret that the rights hide", { secret: { ...enrolled, account: 'ben' }, rivals: [ben] }, true],
    ['an address that an older account has, without a Secret', { rivals: [{ ...ben, createdAt: '2020' }] }, false],
  ])('and nothing of %s', (_, given, isAssumed) => {
    const live = { facts: factsOf({ ...given, asks: { suspension } }), isAssumed };
    const steps = stepsOf(live, simulate(live.facts, now)[0]);
    expect(steps.map(({ step }) => step)).toEqual(['platform', 'state', 'suspension', 'Secret', 'operator', 'Ready']);
    expect(steps.map(({ says }) => says)).toEqual(
      expect.arrayContaining([
        `asked for until ${hours(2)}, without effect: MailAccount ben decides`,
        expect.stringMatching(
          /^the one of this address belongs to MailAccount ben, .*this account has none, and no seed$/,
        ),
        'has nothing to do',
      ]),
    );
  });

  test('and a spec that nobody understands', () => {
    const live = { facts: factsOf({ ...anna, asks: { reset: { requestedAt: 'never' } } }), isAssumed: false };
    expect(stepsOf(live, simulate(live.facts, now)[0]).find(({ step }) => step === 'spec')?.says).toContain(
      'requestedAt',
    );
  });
});

test('the timeline after a reset with an enrolment code: who has it enrols, until it expires', () => {
  const asks = { enrollmentCode: { hash: codeHash, expiresAt: hours(2) } };
  const live = { facts: factsOf({ secret: unscanned, status: { seedMintedAt: mintedAt }, asks }), isAssumed: false };
  const account: Account = {
    metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation: 3 },
    spec: live.facts.account.spec,
  };
  const { meets, coming } = explanationOf(account, live, now, now);
  expect(sentence(meets)).toMatch(/^is shown the QR code after password and enrolment code: .*valid until /);
  expect(coming.map(({ at, meets: then }) => [at, sentence(then)])).toEqual([
    [
      Date.parse(hours(2)),
      expect.stringMatching(
        /^is asked for an enrolment code, and no valid one is issued: .*nobody can enrol until a new/,
      ),
    ],
  ]);
});

describe('what a login meets, from a status', () => {
  const account = (status: Account['status'], generation = 1): Account => ({
    metadata: { name: 'anna', namespace: 'mail', uid: 'u', resourceVersion: '1', generation },
    spec: { platformRef: { name: 'hosted' }, address: 'anna@example.com' },
    ...(status && { status: { observedGeneration: 1, ...status } }),
  });

  test.each<readonly [string, Account['status'], string, string]>([
    ['nothing yet', undefined, 'unknown', 'not looked at it yet'],
    ['a code', { phase: 'Enforced', enrolledAt: hours(-9) }, 'code', 'enrolled'],
    ['a suspension', { phase: 'Suspended', suspendedUntil: hours(1) }, 'no code', "the platform's suspension"],
    [
      'its end, though nobody has written it',
      { phase: 'Suspended', suspendedUntil: hours(0), enrolledAt: hours(-9) },
      'code',
      'the suspension is over',
    ],
    [
      'its end without an enrolment',
      { phase: 'Suspended', suspendedUntil: hours(0) },
      'QR code',
      'the suspension is over',
    ],
    ['a lock', { phase: 'Locked', lockedUntil: hours(5) }, 'refused', 'locked'],
    ['a refusal', { phase: 'Blocked' }, 'refused', 'blocked'],
  ])('%s', (_, status, login, why) => {
    const meets = meetsNow(account(status), now);
    expect(meets.login).toBe(login);
    expect(meets.why).toContain(why);
  });

  test('and a change that is not taken up', () => {
    expect(meetsNow(account({ phase: 'Enforced' }, 2), now).why).toContain('a change is not yet taken up');
  });
});
